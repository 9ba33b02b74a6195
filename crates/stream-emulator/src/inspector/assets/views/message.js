// One message with all its details.

import { fill, h } from "../core/dom.js";
import { show } from "../core/api.js";
import { fullTime, plural } from "../core/format.js";
import { go, href } from "../core/router.js";
import { jsonView } from "../parts/json-view.js";
import { messageRow } from "../parts/message.js";
import { picture } from "../parts/reactions.js";
import { badge, button, facts, section } from "../parts/widgets.js";

export async function messageDetail(id, { head, body }) {
  let last;
  const draw = async () => {
    const message = await show("message", { id });
    const next = JSON.stringify(message);
    if (next === last) return;
    last = next;
    const { document: document_, all_reactions: reactions = [], history = [] } = message;
    const { scrollTop } = body;
    fill(head, h("h2", { class: "cut" }, `Message of ${message.user.name || message.user.id}`), message.deleted_at && badge("deleted", "bad"));
    const toThread = () => go("channels", { cid: message.cid, thread: message.parent_id ?? message.id });
    fill(body,
      h("div", { class: "quoted-message" }, messageRow(message, undefined, { onThread: toThread })),
      h("div", { class: "actions" },
        button("In its channel", { icon: "channels", onclick: () => go("channels", { cid: message.cid, message: message.parent_id ?? message.id, thread: message.parent_id }) }),
        (message.parent_id || message.reply_count > 0) && button("Its thread", { icon: "thread", onclick: toThread })),
      facts([["Id", message.id], ["Channel", h("a", { href: href("channels", { cid: message.cid }) }, message.cid)], ["Author", h("a", { href: href("users", { id: message.user.id }) }, message.user.id)],
        ["Type", document_.type], ["Sent", fullTime(message.created_at)], ["Deleted", message.deleted_at && fullTime(message.deleted_at)], ["Replies", message.reply_count > 0 && plural(message.reply_count, "reply", "replies")],
        ["Mentions", message.mentioned?.join(", ")], ["Command", message.command]]),
      reactions.length > 0 && section(`Reactions (${reactions.length})`, h("ul", { class: "links" }, reactions.map((reaction) =>
        h("li", {}, h("span", {}, picture(reaction.type)), h("span", {}, reaction.user_id), h("span", { class: "muted mono" }, reaction.type), reaction.score !== 1 && badge(`score ${reaction.score}`))))),
      history.length > 0 && section(`Before (${history.length})`, h("ol", { class: "versions" }, history.map((version) => h("li", {}, h("p", { class: "words" }, version.text || "…"), h("small", { class: "muted" }, `${fullTime(version.message_updated_at)} by ${version.message_updated_by_id}`))))),
      section("As the API shows it", jsonView(document_, { label: "message" })));
    body.scrollTop = scrollTop;
  };
  await draw();
  return { refresh: () => draw().catch(() => {}), update() {} };
}
