// The front end of the shop: offers, a login, and a chat on Stream's JavaScript client.

import { StreamChat } from "stream-chat";

const PEOPLE = [
  ["jonas", "Jonas"], ["sakura", "Sakura"], ["priya", "Priya"], ["mateo", "Mateo"], ["chloe", "Chloé"],
];

const account = document.getElementById("account");
const offers = document.getElementById("offers");
const talks = document.getElementById("talks");

/** The session in the shop, the connection to Stream, and the open channel. */
const state = { session: null, user: null, client: null, channel: null, channels: [] };

/** Creates an element. User content is never parsed as HTML. */
function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== false));
  return element;
}

async function ask(method, path, body) {
  const response = await fetch(path, {
    method,
    headers: { "content-type": "application/json", ...(state.session ? { authorization: `Bearer ${state.session}` } : {}) },
    body: body ? JSON.stringify(body) : undefined,
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.message);
  return answer;
}

async function logIn(id, name) {
  await logOut();
  state.session = (await ask("POST", "/api/login", { user_id: id, name })).session;
  state.user = { id, name };
  const { api_key: key, base_url: baseURL } = await ask("POST", "/api/token");
  state.client = new StreamChat(key, { baseURL });
  // The client requests another token when this one has expired.
  await state.client.connectUser({ id, name }, async () => (await ask("POST", "/api/token")).token);
  state.client.on((event) => {
    if (["message.new", "notification.message_new", "notification.added_to_channel", "message.read", "notification.mark_read"].includes(event.type)) refresh();
  });
  drawAccount();
  await refresh();
}

async function logOut() {
  await state.client?.disconnectUser();
  Object.assign(state, { session: null, user: null, client: null, channel: null, channels: [] });
  talks.hidden = true;
  drawAccount();
}

/** Shows the unread count of the backend, which its webhook updates. */
async function drawBadge() {
  if (!state.session) return;
  const { unread } = await ask("GET", "/api/unread");
  const badge = account.querySelector(".badge");
  if (!badge) return;
  badge.textContent = unread;
  badge.hidden = unread === 0;
}

function drawAccount() {
  if (!state.user) {
    account.replaceChildren(h("label", {}, "Log in as ", h("select", { "aria-label": "Log in as", onchange: (event) => event.target.value && logIn(event.target.value, PEOPLE.find(([id]) => id === event.target.value)[1]) },
      h("option", { value: "" }, "…"), PEOPLE.map(([id, name]) => h("option", { value: id }, name)))));
    return;
  }
  account.replaceChildren(
    h("button", { type: "button", class: "plain", onclick: () => { talks.hidden = !talks.hidden; drawTalks(); } }, "Messages ", h("span", { class: "badge", "data-testid": "badge", hidden: true }, "0")),
    h("span", { class: "who" }, state.user.name),
    h("button", { type: "button", class: "plain", onclick: logOut }, "Log out"));
}

async function drawOffers() {
  const list = await ask("GET", "/api/offers");
  offers.replaceChildren(...list.map((offer) => h("article", { class: "offer" },
    h("div", { class: `picture picture-${offer.id}`, "aria-hidden": "true" }),
    h("div", { class: "offer-text" }, h("h2", {}, offer.title), h("p", { class: "price" }, `${offer.price} €`), h("p", { class: "muted" }, `${offer.seller_name} · ${offer.place}`)),
    h("button", { type: "button", onclick: () => contact(offer) }, "Contact seller"))));
}

async function contact(offer) {
  if (!state.client) {
    account.querySelector("select")?.focus();
    return;
  }
  try {
    const { cid } = await ask("POST", `/api/offers/${offer.id}/contact`);
    await refresh();
    await open(state.channels.find((channel) => channel.cid === cid));
    talks.querySelector("input")?.focus();
  } catch (error) {
    alert(error.message);
  }
}

async function refresh() {
  if (!state.client) return;
  const { client } = state;
  const channels = await client.queryChannels({ members: { $in: [state.user.id] } }, [{ last_message_at: -1 }], { watch: true });
  if (client !== state.client) return;
  state.channels = channels;
  drawTalks();
  await drawBadge();
}

async function open(channel) {
  if (!channel) return;
  state.channel = channel;
  talks.hidden = false;
  await channel.watch();
  await channel.markRead();
  drawTalks();
}

function drawTalks() {
  if (talks.hidden || !state.client) return;
  const { channel, channels, user } = state;
  const typed = talks.querySelector("input")?.value ?? "";
  const hadFocus = talks.contains(document.activeElement);
  const other = (from) => Object.values(from.state.members).map((member) => member.user).filter((member) => member.id !== user.id).map((member) => member.name).join(", ");
  const list = h("div", { class: "talk-list" }, channels.map((item) => h("button", { type: "button", class: `talk${item === channel ? " is-open" : ""}`, onclick: () => open(item) }, h("strong", {}, item.data.name), h("span", { class: "muted" }, other(item)), item.countUnread() > 0 && item !== channel ? h("span", { class: "badge" }, String(item.countUnread())) : null)));
  const messages = channel
    ? h("div", { class: "messages", role: "log", "aria-label": "Conversation" }, channel.state.messages.map((message) => h("p", { class: `bubble${message.user.id === user.id ? " own" : ""}` }, message.text)))
    : h("p", { class: "muted nothing" }, channels.length ? "Choose a conversation." : "No conversation yet: contact a seller.");
  const form = channel && h("form", { onsubmit: async (event) => {
    event.preventDefault();
    const input = event.target.querySelector("input");
    const text = input.value.trim();
    if (!text) return;
    input.value = "";
    await channel.sendMessage({ text });
  } }, h("input", { "aria-label": "Your message", placeholder: "Write to the seller", autocomplete: "off" }), h("button", { type: "submit" }, "Send"));
  talks.replaceChildren(...[h("h2", {}, "Messages"), list, messages, form].filter(Boolean));
  const input = talks.querySelector("input");
  if (input) {
    input.value = typed;
    if (hadFocus) input.focus();
  }
  const log = talks.querySelector(".messages");
  if (log) log.scrollTop = log.scrollHeight;
  if (channel && channel.countUnread() > 0 && !document.hidden) channel.markRead();
}

drawAccount();
drawOffers();
// The webhook may arrive after the event in the browser.
setInterval(() => drawBadge().catch(() => {}), 1500);
