// "Log in as": a small chat in which a developer acts as an end user.

import { fill, h, throttle } from "../core/dom.js";
import { show } from "../core/api.js";
import { onUpdates } from "../core/feed.js";
import { when } from "../core/format.js";
import { adjust, go } from "../core/router.js";
import { VirtualList } from "../core/virtual-list.js";
import { avatar } from "../parts/avatar.js";
import { messageRow } from "../parts/message.js";
import { OFFERED, picture } from "../parts/reactions.js";
import { complain } from "../parts/toast.js";
import { badge, button, empty, filterField } from "../parts/widgets.js";
import { Client } from "../session/client.js";

const TYPING_SHOWN = 7000;
const STATES = { connected: ["connected", "good"], waiting: ["reconnecting", "warn"], refused: ["not connected", "bad"] };

export function session(root, params) {
  return params.user ? chat(root, params) : choice(root);
}

/** Chooses the user to log in as. */
function choice(root) {
  const place = h("div", { class: "sheet" });
  let q = "";
  const filter = filterField({ label: "Find a user", onInput: (text) => {
    q = text;
    load().catch(complain);
  } });
  fill(root, h("div", { class: "view-head" }, h("h1", {}, "Log in as"), h("span", { class: "spacer" }), filter), place);
  async function load() {
    const { items } = await show("users", { q, limit: 60 });
    const living = items.filter((user) => !user.deleted_at && !user.deactivated_at);
    fill(place, living.length
      ? h("div", { class: "people" }, living.map((user) => h("button", { type: "button", class: "person", onclick: () => go("session", { user: user.id }) },
        avatar(user, { size: 44, isOnline: user.online }), h("strong", { class: "cut" }, user.name || user.id), h("span", { class: "muted mono cut" }, user.id))))
      : empty("session", q ? "No user matches" : "There is nobody to log in as", "Users are created by a backend, or by --seed."));
  }
  load().catch(complain);
  return { update(next) { if (next.user) { this.unmount(); Object.assign(this, chat(root, next)); } }, escape: () => false, unmount() {} };
}

/** Converts a message of v1 to the form of the page. */
function fromV1(message) {
  const groups = new Map();
  for (const reaction of message.latest_reactions ?? []) {
    groups.set(reaction.type, [...(groups.get(reaction.type) ?? []), reaction.user_id ?? reaction.user?.id]);
  }
  const counts = message.reaction_counts ?? {};
  return {
    id: message.id, cid: message.cid, type: message.type, text: message.text, user: message.user ?? { id: "?" }, attachments: message.attachments ?? [],
    reactions: Object.keys(counts).map((type) => ({ type, count: counts[type], users: groups.get(type) ?? [] })),
    own: (message.own_reactions ?? []).map((reaction) => reaction.type),
    reply_count: message.reply_count, parent_id: message.parent_id, show_in_channel: message.show_in_channel, quoted: message.quoted_message, poll: message.poll,
    pinned: message.pinned ? message.pinned_by?.id : undefined, silent: message.silent, created_at: message.created_at, deleted_at: message.deleted_at, edited: Boolean(message.message_text_updated_at),
  };
}

function chat(root, params) {
  let current = params;
  let channels = [];
  let messages = [];
  let members = [];
  let reads = [];
  let isLoading = false;
  let hasMore = true;
  let openCid;
  let user = { id: params.user };
  const typing = new Map();
  const unread = new Map();

  const state = h("span", {}, badge("connecting", "info"));
  const channelList = h("div", { class: "session-channels", role: "listbox", "aria-label": "Channels" });
  const title = h("div", { class: "panel-head" });
  const holder = h("div", { class: "chat" });
  const foot = h("p", { class: "typing", "aria-live": "polite" });
  const input = h("textarea", { rows: "1", class: "composer-input", placeholder: "Write a message", "aria-label": "Message", onkeydown: keydown, oninput: typed });
  const sending = h("button", { type: "submit", class: "button primary", title: "Send (Enter)" }, "Send");
  const composer = h("form", { class: "composer", onsubmit: (event) => {
    event.preventDefault();
    send();
  } }, input, sending);
  const who = h("div", { class: "session-who" });
  fill(root,
    h("div", { class: "view-head" }, who, state, h("span", { class: "spacer" }), button("Another user", { icon: "users", kind: "ghost", onclick: () => go("session", {}) }), button("Log out", { icon: "close", onclick: () => go("users", { id: params.user }) })),
    h("div", { class: "session" }, channelList, h("div", { class: "session-chat" }, h("div", { class: "panel-bar" }, title), holder, foot, composer)));
  const drawWho = () => fill(who, avatar(user, { size: 34, isOnline: true }), h("span", { class: "two-lines" }, h("h1", {}, user.name || user.id), h("span", { class: "muted" }, "You act as this user, through the API.")));
  drawWho();

  const list = new VirtualList({
    source: { get length() { return messages.length; }, get: (index) => messages[index], ensure: (from) => from < 8 && older() },
    label: "Messages", estimate: 60, startsAtEnd: true, isSelectable: false, key: (message) => message.id,
    row: (message, index, previous) => messageRow(message, index === 0 ? undefined : previous, { isFirst: index === 0, self: user.id, onReact: react, tools: (item) => !item.isPending && tools(item) }),
  });

  const tools = (message) => !message.deleted_at && h("span", { class: "message-tools" }, OFFERED.map((type) => h("button", { type: "button", class: "button ghost small", title: type, "aria-label": `React with ${type}`, onclick: () => react(message, type) }, picture(type))),
    message.user.id === user.id && button("", { icon: "trash", kind: "ghost small", title: "Delete the message", onclick: () => client.remove(message.id).catch(complain) }));

  const client = new Client(params.user, {
    onEvent: heard,
    onState(name, text) {
      const [label, kind] = STATES[name];
      fill(state, badge(label, kind));
      if (text) state.title = text;
      if (name === "connected" && openCid) load().then(() => openCid && open(openCid)).catch(complain);
    },
  });

  async function load() {
    const response = await client.channels();
    channels = response.channels;
    for (const { channel, read } of channels) {
      const own = read?.find((item) => item.user?.id === user.id);
      unread.set(channel.cid, channel.cid === openCid ? 0 : own?.unread_messages ?? 0);
    }
    drawChannels();
  }

  const name = ({ channel, members: list_ = [] }) => channel.name || (channel.id.startsWith("!members") ? list_.map((member) => member.user).filter((other) => other?.id !== user.id).map((other) => other?.name || other?.id).join(", ") : channel.id);

  function drawChannels() {
    if (!channels.length) {
      fill(channelList, empty("channels", "No channels", "This user is a member of none."));
      return;
    }
    const focused = channelList.contains(document.activeElement) ? document.activeElement.dataset.cid : null;
    fill(channelList, channels.map((entry) => {
      const { channel, messages: latest = [] } = entry;
      const last = latest[latest.length - 1];
      const count = unread.get(channel.cid) ?? 0;
      return h("button", { type: "button", role: "option", class: `session-channel${channel.cid === openCid ? " is-open" : ""}`, "aria-selected": String(channel.cid === openCid), dataset: { cid: channel.cid }, onclick: () => adjust({ cid: channel.cid }, { isStep: true }) },
        avatar({ id: channel.cid, name: name(entry), image: channel.image }, { size: 34 }),
        h("span", { class: "two-lines" }, h("strong", { class: "cut" }, name(entry)), h("span", { class: "muted cut" }, last ? last.text || "attachment" : "No messages yet")),
        h("span", { class: "channel-side" }, h("span", { class: "muted num" }, when(channel.last_message_at ?? channel.created_at)), count > 0 && h("span", { class: "unread" }, String(count))));
    }));
    if (focused) channelList.querySelector(`[data-cid="${CSS.escape(focused)}"]`)?.focus();
  }

  channelList.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = [...channelList.querySelectorAll("button")];
    buttons[(buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length]?.focus();
  });

  async function open(cid) {
    const isOther = cid !== openCid;
    openCid = cid;
    const response = await client.open(cid);
    if (openCid !== cid) return;
    messages = response.messages.map(fromV1);
    hasMore = response.messages.length >= 50;
    members = response.members ?? [];
    reads = response.read ?? [];
    typing.clear();
    fill(title, avatar({ id: cid, name: name(response), image: response.channel.image }, { size: 30 }), h("span", { class: "two-lines" }, h("h2", { class: "cut" }, name(response)), h("span", { class: "muted cut" }, members.map((member) => member.user?.name || member.user_id).join(", "))));
    draw();
    if (isOther) {
      list.reset();
      input.focus();
    } else list.changed();
    read();
  }

  async function older() {
    if (isLoading || !hasMore || !messages.length || !openCid) return;
    isLoading = true;
    const cid = openCid;
    try {
      const response = await client.open(cid, messages[0].id);
      if (cid === openCid) {
        hasMore = response.messages.length >= 50;
        messages = [...response.messages.map(fromV1), ...messages];
        list.prepended(response.messages.length);
      }
    } catch (error) {
      hasMore = false;
      complain(error);
    } finally {
      isLoading = false;
    }
  }

  function draw() {
    const isEmpty = messages.length === 0;
    list.element.hidden = isEmpty;
    holder.querySelector(".empty")?.remove();
    if (isEmpty) holder.append(empty("channels", openCid ? "Say hello" : "Choose a channel", openCid ? "There are no messages here yet." : null));
    composer.hidden = !openCid;
    drawFoot();
  }

  function drawFoot() {
    const names = [...typing.keys()];
    if (names.length) {
      foot.textContent = `${names.join(", ")} ${names.length === 1 ? "is" : "are"} typing…`;
      return;
    }
    const last = messages[messages.length - 1];
    const seen = last && last.user.id === user.id ? reads.filter((item) => item.user?.id !== user.id && item.last_read >= last.created_at) : [];
    foot.textContent = seen.length ? `Seen by ${seen.map((item) => item.user.name || item.user.id).join(", ")}` : "";
  }

  const read = throttle(800, () => openCid && !document.hidden && client.read(openCid).then(() => {
    unread.set(openCid, 0);
    drawChannels();
  }).catch(() => {}));

  /** Replaces a message, or appends a new one. */
  function put(message) {
    const at = messages.findIndex((other) => other.id === message.id);
    if (message.parent_id && !message.show_in_channel) return;
    if (at >= 0) messages = messages.with(at, message);
    else messages = [...messages, message];
    draw();
    list.changed();
  }

  function heard(event) {
    if (event.me) {
      user = event.me;
      drawWho();
    }
    const isHere = event.cid !== undefined && event.cid === openCid;
    switch (event.type) {
      case "message.new":
      case "notification.message_new": {
        const entry = channels.find(({ channel }) => channel.cid === event.cid);
        if (!entry) {
          load().catch(() => {});
          break;
        }
        entry.messages = [event.message];
        entry.channel.last_message_at = event.message.created_at;
        channels = [entry, ...channels.filter((other) => other !== entry)];
        if (isHere) {
          typing.delete(event.user?.name || event.user?.id);
          put(fromV1(event.message));
          if (event.user?.id !== user.id) read();
        } else if (event.user?.id !== user.id) unread.set(event.cid, (unread.get(event.cid) ?? 0) + 1);
        drawChannels();
        break;
      }
      case "message.updated":
      case "message.undeleted":
      case "reaction.new":
      case "reaction.updated":
      case "reaction.deleted":
        if (isHere && event.message) put(fromV1(event.message));
        break;
      case "message.deleted":
        if (isHere && event.hard_delete) {
          messages = messages.filter((other) => other.id !== event.message.id);
          draw();
          list.reset();
        } else if (isHere) put(fromV1(event.message));
        break;
      case "typing.start":
      case "typing.stop": {
        if (!isHere || event.user?.id === user.id) break;
        const who_ = event.user.name || event.user.id;
        clearTimeout(typing.get(who_));
        typing.delete(who_);
        if (event.type === "typing.start") typing.set(who_, setTimeout(() => typing.delete(who_) && drawFoot(), TYPING_SHOWN));
        drawFoot();
        break;
      }
      case "message.read":
        if (!isHere) break;
        reads = [...reads.filter((item) => item.user?.id !== event.user.id), { user: event.user, last_read: event.last_read_at ?? event.created_at }];
        drawFoot();
        break;
      case "notification.added_to_channel":
      case "notification.removed_from_channel":
      case "channel.updated":
      case "channel.deleted":
      case "channel.truncated":
      case "notification.channel_deleted":
        load().then(() => isHere && open(openCid)).catch(() => {});
        break;
      default:
    }
  }

  const startTyping = throttle(2000, () => openCid && client.event(openCid, "typing.start").catch(() => {}));

  function typed() {
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight, 140)}px`;
    if (input.value.trim()) startTyping();
  }

  function keydown(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      input.blur();
    }
  }

  async function send() {
    const text = input.value.trim();
    if (!text || !openCid) return;
    const cid = openCid;
    const id = `${user.id}-${crypto.randomUUID()}`;
    input.value = "";
    typed();
    startTyping.cancel();
    put({ id, cid, type: "regular", text, user, attachments: [], reactions: [], created_at: new Date().toISOString(), isPending: true });
    list.scrollToEnd();
    client.event(cid, "typing.stop").catch(() => {});
    try {
      const { message } = await client.send(cid, { id, text });
      if (cid === openCid) put(fromV1(message));
      if (client.connectionId === null) load().catch(() => {});
    } catch (error) {
      if (cid === openCid) put({ id, cid, type: "error", text, user, attachments: [], reactions: [], created_at: new Date().toISOString(), problem: error.message });
    }
  }

  function react(message, type) {
    const mine = message.own?.includes(type) || message.reactions.some((reaction) => reaction.type === type && reaction.users.includes(user.id));
    (mine ? client.unreact(message.id, type) : client.react(message.id, type)).then(({ message: changed }) => {
      if (changed && changed.cid === openCid) put(fromV1(changed));
    }).catch(complain);
  }

  // Without a WebSocket, the updates of the page trigger a reload.
  const look = throttle(700, () => client.connectionId === null && openCid && load().then(() => open(openCid)).catch(() => {}));
  const stop = onUpdates((updates) => updates.counts.changes && client.connectionId === null && look());

  holder.append(list.element);
  draw();
  client.start().then(async () => {
    await load();
    const cid = current.cid ?? channels[0]?.channel.cid;
    if (cid) await open(cid);
    drawChannels();
  }).catch((error) => {
    fill(state, badge("not logged in", "bad"));
    complain(error);
  });
  show("user", { id: params.user }).then((response) => {
    user = { ...response.user, ...user };
    drawWho();
  }).catch(() => {});

  return {
    update(next) {
      if (next.user !== params.user) {
        this.unmount();
        Object.assign(this, session(root, next));
        return;
      }
      current = next;
      if (next.cid && next.cid !== openCid) open(next.cid).then(drawChannels).catch(complain);
    },
    escape: () => false,
    unmount() {
      stop();
      look.cancel();
      read.cancel();
      startTyping.cancel();
      client.close();
      list.destroy();
    },
  };
}
