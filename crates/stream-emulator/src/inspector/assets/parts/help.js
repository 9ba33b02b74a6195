// The help for keyboard shortcuts.

import { h } from "../core/dom.js";
import { button } from "./widgets.js";

const KEYS = [
  ["Find anything", ["Ctrl K"]], ["Filter the view", ["/"]], ["Move in a list", ["↑ ↓", "j k"]], ["Open", ["Enter"]], ["Close, go back", ["Esc"]],
  ["Copy a request as curl", ["c"]], ["Pause the log", ["p"]], ["Deliver a webhook again", ["r"]], ["Change the theme", ["t"]], ["This help", ["?"]],
];

export function openHelp(places) {
  if (document.querySelector("dialog[open]")) return;
  const row = ([what, keys]) => h("div", { class: "key-row" }, h("span", {}, what), h("span", {}, keys.map((key) => h("kbd", {}, key))));
  const dialog = h("dialog", { class: "dialog help", "aria-label": "Keys" },
    h("div", { class: "help-head" }, h("h2", {}, "Keys"), button("", { icon: "close", kind: "ghost", title: "Close", onclick: () => dialog.close() })),
    h("div", { class: "help-columns" }, h("div", {}, KEYS.map(row)), h("div", {}, places.map((place) => row([place.title, [`g ${place.key}`]])))));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
