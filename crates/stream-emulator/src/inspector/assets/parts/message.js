// A message in a chat.

import { h } from "../core/dom.js";
import { dayName, fullTime, plural, shortTime } from "../core/format.js";
import { attachments } from "./attachments.js";
import { avatar, hue } from "./avatar.js";
import { icon } from "./icons.js";
import { picture } from "./reactions.js";
import { badge } from "./widgets.js";

const TOGETHER = 5 * 60 * 1000;

const isTogether = (message, previous) =>
  previous && previous.user.id === message.user.id && previous.type !== "system" && !previous.deleted_at &&
  Date.parse(message.created_at) - Date.parse(previous.created_at) < TOGETHER && sameDay(message, previous);

const sameDay = (one, other) => new Date(one.created_at).toDateString() === new Date(other.created_at).toDateString();

function marks(message) {
  return [
    message.edited && h("span", { class: "mark" }, "edited"),
    message.pinned && h("span", { class: "mark", title: `pinned by ${message.pinned}` }, icon("pin", 12), "pinned"),
    message.silent && h("span", { class: "mark" }, "silent"),
    message.shadowed && badge("shadowed", "warn"),
    message.deleted_at && badge("deleted", "bad"),
    message.type && !["regular", "reply", "deleted"].includes(message.type) && badge(message.type, "info"),
    message.restricted_to?.length && badge(`only for ${message.restricted_to.join(", ")}`, "info"),
    message.show_in_channel && message.parent_id && h("span", { class: "mark" }, icon("thread", 12), "from a thread"),
  ];
}

function poll(document) {
  if (!document) return null;
  const counts = document.vote_counts_by_option ?? {};
  const most = Math.max(1, ...Object.values(counts).map(Number));
  return h("div", { class: "poll" }, h("strong", {}, document.name), document.is_closed && badge("closed"),
    (document.options ?? []).map((option) => {
      const votes = Number(counts[option.id] ?? 0);
      return h("div", { class: "poll-option" }, h("span", {}, option.text), h("span", { class: "num" }, String(votes)),
        h("span", { class: "poll-bar", style: { "--part": `${(votes / most) * 100}%` } }));
    }));
}

function custom(fields) {
  if (!fields || !Object.keys(fields).length) return null;
  return h("div", { class: "custom" }, Object.entries(fields).map(([name, value]) =>
    h("span", { class: "custom-field" }, h("span", {}, name), typeof value === "object" ? JSON.stringify(value) : String(value))));
}

/** Builds a row of a chat. `actions` are `onThread`, `onOpen`, `onReact`; `self` is the ID of the logged-in user. */
export function messageRow(message, previous, actions = {}) {
  const follows = isTogether(message, previous);
  const isNewDay = previous !== undefined && !sameDay(message, previous);
  const isFirst = previous === undefined && actions.isFirst;
  const name = message.user.name || message.user.id;
  const isOwn = actions.self !== undefined && message.user.id === actions.self;
  const bubble = h("div", { class: `message${follows ? " follows" : ""}${message.deleted_at ? " is-deleted" : ""}${isOwn ? " is-own" : ""}${message.isPending ? " is-pending" : ""}`, dataset: { id: message.id } },
    h("div", { class: "gutter" }, follows ? h("time", { class: "gutter-time" }, shortTime(message.created_at)) : avatar(message.user, { size: 34 })),
    h("div", { class: "content" },
      !follows && h("div", { class: "by" }, h("span", { class: "author", style: { "--hue": String(hue(message.user.id)) } }, name), name !== message.user.id && h("span", { class: "id" }, message.user.id),
        h("time", { datetime: message.created_at, title: fullTime(message.created_at) }, shortTime(message.created_at)), marks(message)),
      message.quoted && h("blockquote", { class: "quoted" }, h("strong", {}, message.quoted.user?.name || message.quoted.user?.id || ""), h("span", {}, message.quoted.text || "…")),
      message.text ? h("p", { class: "words" }, message.text, follows && marks(message)) : follows && h("p", { class: "words" }, marks(message)),
      attachments(message.attachments),
      poll(message.poll),
      custom(message.custom),
      (message.reactions?.length > 0 || message.reply_count > 0) && h("div", { class: "below" },
        message.reactions?.map((reaction) =>
          h("button", {
            type: "button", class: `reaction${reaction.users.includes(actions.self) ? " is-own" : ""}`, title: reaction.users.join(", "),
            "aria-label": `${reaction.type}: ${reaction.users.join(", ")}`,
            onclick: () => actions.onReact?.(message, reaction.type),
          }, h("span", {}, picture(reaction.type)), h("span", { class: "num" }, String(reaction.count ?? reaction.users.length)))),
        message.reply_count > 0 && h("button", { type: "button", class: "replies", onclick: () => actions.onThread?.(message) }, icon("thread", 14), plural(message.reply_count, "reply", "replies"))),
      message.problem && h("p", { class: "problem" }, message.problem)),
    actions.tools?.(message));
  return h("div", { class: "chat-row" },
    (isNewDay || isFirst) && h("div", { class: "day", role: "separator" }, h("span", {}, dayName(message.created_at))), bubble);
}
