// Channels: the list, and the open channel as a chat, with its members and settings.

import { debounce, fill, h, throttle } from "../core/dom.js";
import { show } from "../core/api.js";
import { onUpdates } from "../core/feed.js";
import { fullTime, plural, when } from "../core/format.js";
import { Pages } from "../core/pages.js";
import { adjust, go, href } from "../core/router.js";
import { VirtualList } from "../core/virtual-list.js";
import { avatar, avatars } from "../parts/avatar.js";
import { icon } from "../parts/icons.js";
import { jsonView } from "../parts/json-view.js";
import { listView } from "../parts/list-view.js";
import { messageRow } from "../parts/message.js";
import { complain } from "../parts/toast.js";
import { badge, button, code, empty, facts, filterField, section, tabs } from "../parts/widgets.js";
import { messageDetail } from "./message.js";

const TABS = [["", "Chat"], ["members", "Members"], ["details", "Details"]];

/** Returns the name of a channel; defaults to the names of its members. */
export function channelName(channel) {
  if (channel.name) return channel.name;
  const names = channel.members.map((member) => member.name || member.id);
  const rest = channel.member_count - names.length;
  return names.length && channel.id.startsWith("!members") ? names.join(", ") + (rest > 0 ? ` and ${rest} more` : "") : channel.id;
}

const marks = (channel) => [channel.frozen && badge("frozen", "info"), channel.disabled && badge("disabled", "warn"), channel.deleted && badge("deleted", "bad")];

function lastLine({ last_message: last }) {
  if (!last) return "No messages yet";
  return `${last.user_id}: ${last.text || plural(last.attachments, "attachment")}`;
}

export function channels(root, params) {
  return listView(root, params, {
    title: "Channels",
    filterLabel: "Filter by name, cid",
    openName: "cid",
    rowHeight: 64,
    load: ({ q, user }, part) => show("channels", { q, user_id: user, ...part }),
    key: (channel) => channel.cid,
    changedBy: (updates, hasChanged) => hasChanged,
    tools: ({ user }) => user && button(`of ${user}`, { icon: "close", kind: "chip", title: "Show the channels of all users", onclick: () => adjust({ user: undefined }) }),
    row: (channel) => h("div", { class: "row channel-row" },
      channel.members.length && !channel.name ? avatars(channel.members) : avatar({ id: channel.cid, name: channelName(channel), image: channel.image }, { size: 36 }),
      h("span", { class: "two-lines" },
        h("span", { class: "line" }, h("strong", { class: "cut" }, channelName(channel)), marks(channel), h("span", { class: "spacer" }), h("time", {}, when(channel.last_message_at ?? channel.created_at))),
        h("span", { class: "line" }, h("span", { class: "muted cut" }, lastLine(channel)), h("span", { class: "spacer" }), h("span", { class: "type" }, channel.type)))),
    none: ({ q, user }) => q || user
      ? empty("channels", "No channel matches", "Try a part of its name or of its cid.")
      : empty("channels", "There are no channels yet", h("p", {}, "A channel is there once a backend or a front end has queried or created it.")),
    detail: (cid, place) => channelDetail(cid, place),
  });
}

async function channelDetail(cid, { head, body, params }) {
  let current = params;
  let channel = await show("channel", { cid });
  let part = null;
  let tab;

  const place = h("div", { class: "channel-part" });
  const side = h("aside", { class: "thread", "aria-label": "Thread" });
  body.classList.add("is-chat");
  const bar = h("div", { class: "channel-bar" });
  fill(body, bar, h("div", { class: "channel-split" }, place, side));

  function drawHead() {
    fill(head, channel.members.length && !channel.name ? avatars(channel.members, 28) : avatar({ id: channel.cid, name: channelName(channel), image: channel.image }, { size: 34 }),
      h("span", { class: "two-lines" }, h("span", { class: "line" }, h("h2", { class: "cut" }, channelName(channel)), marks(channel)),
        h("span", { class: "muted cut" }, h("span", { class: "mono" }, channel.cid), ` · ${plural(channel.member_count, "member")} · ${plural(channel.message_count, "message")}`)));
  }

  function open(next) {
    current = next;
    const wanted = next.tab ?? "";
    if (wanted !== tab) {
      part?.close();
      tab = wanted;
      fill(bar, tabs("Parts of the channel", TABS, tab, (value, { byKey } = {}) => {
        adjust({ tab: value });
        if (byKey) bar.querySelector("[aria-selected=true]")?.focus();
      }), h("span", { class: "spacer" }), loginAs(channel));
      part = tab === "members" ? membersPart(cid, place) : tab === "details" ? detailsPart(cid, place) : chatPart(cid, place, side, next);
    } else part?.update?.(next);
  }

  drawHead();
  open(params);
  return {
    update: open,
    async refresh() {
      try {
        channel = await show("channel", { cid });
        drawHead();
        await part?.refresh?.();
      } catch {
        // It was deleted; its details remain until they are closed.
      }
    },
    close() {
      part?.close();
      body.classList.remove("is-chat");
    },
  };
}

function loginAs(channel) {
  if (!channel.members.length) return null;
  return h("label", { class: "login-as" }, icon("session", 16), h("select", {
    "aria-label": "Log in as a member and reply",
    onchange: (event) => event.target.value && go("session", { user: event.target.value, cid: channel.cid }),
  }, h("option", { value: "" }, "Answer as…"), channel.members.map((member) => h("option", { value: member.id }, member.name || member.id))));
}

function chatPart(cid, place, side, params) {
  let current = params;
  let thread = null;
  const filter = filterField({ value: params.text ?? "", label: "Search this channel", onInput: debounce(200, (text) => adjust({ text })) });
  const holder = h("div", { class: "chat" });
  const pages = new Pages((part) => show("messages", { cid, q: current.text, ...part }), came, complain);
  const list = new VirtualList({
    source: pages, label: "Messages", estimate: 64, startsAtEnd: true, key: (message) => message.id,
    row: (message, index, previous) => message
      ? messageRow(message, index === 0 ? undefined : previous, { isFirst: index === 0, onThread: (parent) => adjust({ thread: parent.id }, { isStep: true }), tools })
      : h("div", { class: "chat-row" }, h("div", { class: "message ghost" }, h("div", { class: "gutter" }, h("span", { class: "ghost-round" })), h("div", { class: "content" }, h("span", { class: "ghost-line" }), h("span", { class: "ghost-line short" })))),
    onOpen: (message) => adjust({ message: message.id }, { isStep: true }),
    onActive: (message) => current.message !== undefined && adjust({ message: message.id }),
  });
  const toEnd = button("To the latest", { kind: "to-end", onclick: () => list.scrollToEnd() });
  toEnd.hidden = true;
  list.element.addEventListener("scroll", () => {
    toEnd.hidden = list.element.scrollHeight - list.element.scrollTop - list.element.clientHeight < 600;
  }, { passive: true });
  fill(place, h("div", { class: "chat-tools" }, filter), holder);
  holder.append(list.element, toEnd);

  function tools(message) {
    return h("span", { class: "message-tools" },
      button("", { icon: "thread", kind: "ghost small", title: "Open the thread", onclick: () => adjust({ thread: message.parent_id ?? message.id }, { isStep: true }) }),
      button("", { icon: "search", kind: "ghost small", title: "Show all that is known", onclick: () => adjust({ message: message.id, thread: undefined }, { isStep: true }) }));
  }

  function came() {
    const isEmpty = pages.length === 0;
    list.element.hidden = isEmpty;
    holder.querySelector(".empty")?.remove();
    if (isEmpty) holder.append(current.text ? empty("messages", "No message matches", "Try another word.") : empty("channels", "No messages yet", "Send one through the API, or reply as a member."));
    list.changed();
  }

  async function showSide(next) {
    const wanted = next.thread ? `thread ${next.thread}` : next.message ? `message ${next.message}` : null;
    if (wanted === thread?.what) return;
    thread?.close();
    thread = null;
    side.replaceChildren();
    side.parentElement.classList.toggle("has-thread", wanted !== null);
    list.setOpen(next.message);
    if (!wanted) return;
    const stop = () => adjust({ thread: undefined, message: undefined }, { isStep: true });
    thread = next.thread ? threadPart(next.thread, side, stop) : await messagePart(next.message, side, stop);
    thread.what = wanted;
  }

  pages.reset().then(() => list.reset());
  showSide(params);
  return {
    update(next) {
      const isOther = next.text !== current.text;
      current = next;
      if (isOther) pages.reset().then(() => list.reset());
      showSide(next).catch(complain);
    },
    async refresh() {
      const [from, to] = list.seen;
      await pages.refresh(from, Math.max(to, 0));
      await thread?.refresh();
    },
    close() {
      thread?.close();
      side.replaceChildren();
      side.parentElement?.classList.remove("has-thread");
      list.destroy();
    },
  };
}

const sideBar = (title, stop) => h("div", { class: "panel-bar" }, h("div", { class: "panel-head" }, h("h3", {}, title)), button("", { icon: "close", kind: "ghost", title: `Close: ${title}`, onclick: stop }));

function threadPart(parentId, side, stop) {
  const top = h("div", { class: "thread-parent" });
  const holder = h("div", { class: "chat" });
  const pages = new Pages((part) => show("messages", { parent_id: parentId, ...part }), () => {
    list.element.hidden = pages.length === 0;
    holder.querySelector(".empty")?.remove();
    if (!pages.length) holder.append(empty("thread", "No replies yet"));
    list.changed();
  }, complain);
  const list = new VirtualList({
    source: pages, label: "Replies", estimate: 64, startsAtEnd: true, isSelectable: false, key: (message) => message.id,
    row: (message, index, previous) => (message ? messageRow(message, index === 0 ? undefined : previous, { isFirst: index === 0 }) : h("div", { class: "chat-row" })),
  });
  fill(side, sideBar("Thread", stop), top, holder);
  holder.append(list.element);
  const drawTop = async () => fill(top, messageRow(await show("message", { id: parentId }), undefined, {}));
  drawTop().catch(complain);
  pages.reset().then(() => list.reset());
  return {
    refresh: () => Promise.all([pages.refresh(...list.seen), drawTop().catch(() => {})]),
    close: () => list.destroy(),
  };
}

async function messagePart(id, side, stop) {
  const head = h("div", { class: "panel-head" });
  const body = h("div", { class: "panel-body" });
  fill(side, h("div", { class: "panel-bar" }, head, button("", { icon: "close", kind: "ghost", title: "Close the message", onclick: stop })), body);
  const detail = await messageDetail(id, { head, body });
  return { refresh: () => detail.refresh(), close() {} };
}

function membersPart(cid, place) {
  let q = "";
  const filter = filterField({ label: "Filter by id, name, role", onInput: debounce(150, (text) => {
    q = text;
    pages.reset().then(() => list.reset());
  }) });
  const holder = h("div", { class: "chat" });
  const pages = new Pages((part) => show("members", { cid, q, ...part }), () => {
    list.element.hidden = pages.length === 0;
    holder.querySelector(".empty")?.remove();
    if (!pages.length) holder.append(empty("users", q ? "No member matches" : "There are no members"));
    list.changed();
  }, complain);
  const list = new VirtualList({
    source: pages, label: "Members", rowHeight: 56, key: (member) => member.user_id,
    onOpen: (member) => go("users", { id: member.user_id }),
    row: (member) => member
      ? h("div", { class: "row user-row" },
        avatar(member.user, { size: 34, isOnline: member.user?.online }),
        h("span", { class: "two-lines" },
          h("span", { class: "line" }, h("strong", { class: "cut" }, member.user?.name || member.user_id), member.channel_role !== "channel_member" && badge(member.channel_role, "info"), member.role === "owner" && badge("owner"), member.status !== "member" && badge(`invitation ${member.status}`, "warn"), member.banned && badge("banned", "bad"), member.shadow_banned && badge("shadow banned", "warn")),
          h("span", { class: "muted cut" }, `read until ${fullTime(member.last_read)}`)),
        member.unread > 0 ? h("span", { class: "unread", title: "unread" }, String(member.unread)) : h("span", { class: "muted" }, "all read"),
        h("span", {}, button("", { icon: "session", kind: "ghost small", title: `Log in as ${member.user?.name || member.user_id}`, onclick: () => go("session", { user: member.user_id, cid }) })))
      : h("div", { class: "row row-waiting" }, h("span", { class: "ghost-line" })),
  });
  fill(place, h("div", { class: "chat-tools" }, filter), holder);
  holder.append(list.element);
  pages.reset();
  return { refresh: () => pages.refresh(...list.seen), close: () => list.destroy() };
}

function detailsPart(cid, place) {
  let last;
  const draw = async () => {
    const channel = await show("channel", { cid });
    const next = JSON.stringify(channel);
    if (next === last) return;
    last = next;
    const { document: document_, pending } = channel;
    const { config, ...fields } = document_;
    fill(place, h("div", { class: "panel-body" },
      facts([["Created", fullTime(channel.created_at)], ["By", h("a", { href: href("users", { id: document_.created_by.id }) }, document_.created_by.id)], ["Team", document_.team], ["Last message", channel.last_message_at && fullTime(channel.last_message_at)], ["Waiting to be committed", pending.length > 0 && plural(pending.length, "message")]]),
      Object.keys(document_.custom ?? {}).length > 0 && section("Custom data", jsonView(document_.custom, { label: "custom data" })),
      config && section("Configuration", jsonView(config, { label: "configuration" })),
      section("As the API shows it", jsonView(fields, { label: "channel" }))));
  };
  draw().catch(complain);
  return { refresh: () => draw().catch(() => {}), close() {} };
}
