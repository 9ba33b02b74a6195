// The search in messages of all channels.

import { fill, h } from "../core/dom.js";
import { show } from "../core/api.js";
import { when } from "../core/format.js";
import { avatar } from "../parts/avatar.js";
import { icon } from "../parts/icons.js";
import { listView } from "../parts/list-view.js";
import { badge, empty } from "../parts/widgets.js";
import { messageDetail } from "./message.js";

export function messages(root, params) {
  return listView(root, params, {
    title: "Messages",
    filterLabel: "Search text, author, id",
    load: ({ q }, part) => show("messages", { q, ...part }),
    key: (message) => message.id,
    rowHeight: 60,
    changedBy: (updates, hasChanged) => hasChanged,
    row: (message) => h("div", { class: "row message-search-row" },
      avatar(message.user, { size: 32 }),
      h("span", { class: "two-lines" },
        h("span", { class: "line" }, h("strong", { class: "cut" }, message.user.name || message.user.id), h("span", { class: "muted mono cut" }, message.cid), message.parent_id && h("span", { class: "mark" }, icon("thread", 12), "thread"), message.deleted_at && badge("deleted", "bad")),
        h("span", { class: "cut words-line" }, message.text || (message.attachments ? `${message.attachments.length} attachments` : "…"))),
      h("span", { class: "num muted" }, when(message.created_at))),
    none: ({ q }) => q ? empty("messages", "No message matches", "Try another word.") : empty("messages", "There are no messages yet", "Whatever is sent to any channel can be searched here."),
    detail: (id, place) => messageDetail(id, place),
  });
}
