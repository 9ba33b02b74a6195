// JSON as a collapsible tree. Collapsed parts are not in the document.

import { h } from "../core/dom.js";
import { copy } from "./toast.js";
import { button } from "./widgets.js";

const OPEN_DEPTH = 2;
const MAX_OPEN = 40;
const MAX_SHOWN = 200;
const MAX_TEXT = 400;

function text(value) {
  if (value.length <= MAX_TEXT) return h("span", { class: "j-string" }, JSON.stringify(value));
  const element = h("span", { class: "j-string" }, JSON.stringify(value.slice(0, MAX_TEXT)).slice(0, -1), "… ");
  element.append(h("button", {
    type: "button", class: "j-more",
    onclick: () => element.replaceWith(h("span", { class: "j-string" }, JSON.stringify(value))),
  }, `${value.length - MAX_TEXT} more`));
  return element;
}

function scalar(value) {
  if (value === null) return h("span", { class: "j-null" }, "null");
  if (typeof value === "string") return text(value);
  return h("span", { class: `j-${typeof value}` }, String(value));
}

function children(entries, isList, depth) {
  const list = h("ul", { class: "j-children", role: "group" });
  const add = (from) => {
    for (const [key, value] of entries.slice(from, from + MAX_SHOWN)) list.append(node(isList ? null : key, value, depth + 1));
    const rest = entries.length - from - MAX_SHOWN;
    if (rest > 0) {
      const more = h("li", {}, h("button", {
        type: "button", class: "j-more",
        onclick: () => {
          more.remove();
          add(from + MAX_SHOWN);
        },
      }, `${rest} more`));
      list.append(more);
    }
  };
  add(0);
  return list;
}

function node(key, value, depth) {
  const label = key === null ? null : [h("span", { class: "j-key" }, JSON.stringify(key)), ": "];
  if (value === null || typeof value !== "object") return h("li", { class: "j-leaf" }, label, scalar(value));
  const isList = Array.isArray(value);
  const entries = isList ? value.map((item, index) => [index, item]) : Object.entries(value);
  const [open, close] = isList ? "[]" : "{}";
  if (!entries.length) return h("li", { class: "j-leaf" }, label, h("span", { class: "j-brace" }, open + close));
  let isOpen = depth < OPEN_DEPTH && entries.length <= MAX_OPEN;
  const item = h("li", { class: "j-node" });
  const draw = () => {
    const toggle = h("button", {
      type: "button", class: "j-toggle", "aria-expanded": String(isOpen),
      "aria-label": `${isOpen ? "Collapse" : "Expand"} ${key ?? "the entry"}`,
      onclick: () => {
        isOpen = !isOpen;
        draw();
        item.querySelector(".j-toggle").focus();
      },
    });
    const size = isList ? `${entries.length}` : entries.slice(0, 3).map(([name]) => name).join(", ") + (entries.length > 3 ? ", …" : "");
    item.replaceChildren(toggle, ...(label ? [label[0], label[1]] : []), h("span", { class: "j-brace" }, open),
      ...(isOpen
        ? [children(entries, isList, depth), h("span", { class: "j-brace" }, close)]
        : [h("span", { class: "j-size" }, ` ${size} `), h("span", { class: "j-brace" }, close)]));
  };
  draw();
  return item;
}

/** Shows JSON, with a button that copies it. */
export function jsonView(value, { label = "JSON" } = {}) {
  return h(
    "div",
    { class: "json", role: "group", "aria-label": label },
    h("div", { class: "json-tools" }, button("", { icon: "copy", kind: "ghost small", title: `Copy ${label}`, onclick: () => copy(JSON.stringify(value, null, 2)) })),
    h("ul", { class: "j-root" }, node(null, value, 0)),
  );
}

/** Shows a body: as JSON, as text, or only its size. */
export function bodyView(content, label) {
  if (content.form === "json") return [jsonView(content.value, { label }), cut(content)];
  if (content.form === "text") return [h("pre", { class: "text-body" }, content.value), cut(content)];
  if (content.form === "binary") return h("p", { class: "muted" }, `Binary, ${content.size} bytes.`);
  return h("p", { class: "muted" }, content.size === null ? "Not kept: it streams, or broke off." : "Empty.");
}

const cut = (content) => content.whole === false && h("p", { class: "muted" }, `Only the beginning of ${content.size} bytes is kept.`);
