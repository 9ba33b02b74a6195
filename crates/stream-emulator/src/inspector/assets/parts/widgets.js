// Small widgets that all views use.

import { h } from "../core/dom.js";
import { icon } from "./icons.js";

export function button(label, { icon: name, onclick, kind = "", title, pressed, key } = {}) {
  return h(
    "button",
    {
      type: "button", class: `button ${kind}`, onclick, title: title ?? null,
      "aria-label": label ? null : title, "aria-pressed": pressed === undefined ? null : String(pressed),
      "aria-keyshortcuts": key ?? null,
    },
    name && icon(name, 16), label && h("span", {}, label), key && label && h("kbd", {}, key),
  );
}

export const badge = (text, kind = "") => h("span", { class: `badge ${kind}` }, text);

export function statusBadge(status) {
  const kind = status >= 500 ? "bad" : status >= 400 ? "warn" : status >= 300 || status < 200 ? "info" : "good";
  return h("span", { class: `status ${kind}` }, String(status));
}

export const method = (name) => h("span", { class: `method method-${name.toLowerCase()}` }, name);

/** Builds the placeholder of an empty view. */
export function empty(name, title, ...lines) {
  return h("div", { class: "empty" }, h("span", { class: "empty-icon" }, icon(name, 28)), h("h2", {}, title), lines.map((line) => (line instanceof Node ? line : h("p", {}, line))));
}

export const code = (text) => h("code", { class: "code" }, text);

/** Builds a list of names with values. */
export function facts(pairs) {
  return h(
    "dl",
    { class: "facts" },
    pairs
      .filter(([, value]) => value !== null && value !== undefined && value !== "" && value !== false)
      .map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value instanceof Node ? value : String(value)))),
  );
}

export function section(title, ...content) {
  return h("section", { class: "block" }, h("h3", {}, title), content);
}

/** Builds the search field of a view. */
export function filterField({ value = "", label, onInput }) {
  const input = h("input", {
    type: "search", class: "filter-input", placeholder: label, "aria-label": label, value, autocomplete: "off",
    spellcheck: "false", dataset: { filter: "" },
    oninput: () => onInput(input.value),
    onkeydown: (event) => {
      if (event.key === "Escape") {
        event.stopPropagation();
        if (input.value) {
          input.value = "";
          onInput("");
        } else input.blur();
      }
    },
  });
  return h("label", { class: "filter" }, icon("search", 16), input, h("kbd", {}, "/"));
}

/** Builds a choice between a few options. */
export function segments(label, options, chosen, onChoose) {
  const group = h("div", { class: "segments", role: "radiogroup", "aria-label": label });
  const items = options.map(([value, text]) =>
    h("button", {
      type: "button", role: "radio", class: "segment", "aria-checked": String(value === chosen), tabindex: value === chosen ? "0" : "-1",
      dataset: { value },
      onclick: () => choose(value),
    }, text),
  );
  const choose = (value) => {
    for (const item of items) {
      const isChosen = item.dataset.value === value;
      item.setAttribute("aria-checked", String(isChosen));
      item.tabIndex = isChosen ? 0 : -1;
    }
    onChoose(value);
  };
  group.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = items.findIndex((item) => item.getAttribute("aria-checked") === "true");
    const next = items[(at + step + items.length) % items.length];
    choose(next.dataset.value);
    next.focus();
  });
  group.append(...items);
  return group;
}

/** Builds tabs, of which one is shown. */
export function tabs(label, entries, chosen, onChoose) {
  return h("div", { class: "tabs", role: "tablist", "aria-label": label }, entries.map(([value, text]) =>
    h("button", {
      type: "button", role: "tab", class: "tab", "aria-selected": String(value === chosen), onclick: () => onChoose(value),
      tabindex: value === chosen ? "0" : "-1",
      onkeydown: (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        const at = entries.findIndex(([other]) => other === value);
        onChoose(entries[(at + step + entries.length) % entries.length][0], { byKey: true });
      },
    }, text)));
}
