// Attachments: images that the emulator serves, and the properties of the others.

import { h } from "../core/dom.js";
import { bytes } from "../core/format.js";
import { icon } from "./icons.js";
import { ownFile, webAddress } from "./links.js";

const address = (attachment) =>
  attachment.image_url ?? attachment.asset_url ?? attachment.thumb_url ?? attachment.og_scrape_url ?? attachment.title_link ?? null;

function card(attachment) {
  const url = address(attachment);
  const web = url && webAddress(url);
  const own = ownFile(url);
  const title = attachment.title || attachment.fallback || attachment.name || (web ? web.pathname.split("/").pop() || web.host : attachment.type) || "attachment";
  const note = [attachment.type, attachment.mime_type, attachment.file_size && bytes(Number(attachment.file_size)), web && !own ? web.host : null].filter(Boolean);
  const content = [
    h("span", { class: "card-icon" }, icon(attachment.type === "image" ? "image" : attachment.asset_url ? "file" : "link", 18)),
    h("span", { class: "card-text" }, h("strong", {}, title), attachment.text && h("span", { class: "card-more" }, attachment.text), h("small", {}, note.join(" · "))),
  ];
  const target = own ?? web?.href;
  return target
    ? h("a", { class: "card", href: target, target: "_blank", rel: "noopener noreferrer" }, content)
    : h("div", { class: "card" }, content);
}

export function attachments(list) {
  if (!list?.length) return null;
  return h("div", { class: "attachments" }, list.map((attachment) => {
    const file = ownFile(attachment.image_url ?? (attachment.type === "image" ? attachment.asset_url : null));
    if (!file) return card(attachment);
    const title = attachment.title || attachment.fallback || "image";
    return h("a", { class: "picture", href: file, target: "_blank", rel: "noopener noreferrer" }, h("img", { src: file, alt: title, loading: "lazy" }));
  }));
}
