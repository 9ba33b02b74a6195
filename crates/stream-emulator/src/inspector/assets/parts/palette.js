// The command palette, which finds views, users, channels and messages.

import { debounce, fill, h } from "../core/dom.js";
import { show } from "../core/api.js";
import { go } from "../core/router.js";
import { avatar } from "./avatar.js";
import { icon } from "./icons.js";

export function openPalette(places) {
  if (document.querySelector("dialog[open]")) return;
  let entries = [];
  let chosen = 0;
  const input = h("input", { type: "text", class: "palette-input", placeholder: "Find users, channels, messages, views", role: "combobox", "aria-expanded": "true", "aria-controls": "found", "aria-label": "Find", autocomplete: "off", spellcheck: "false" });
  const list = h("div", { id: "found", class: "palette-list", role: "listbox", "aria-label": "Found" });
  const dialog = h("dialog", { class: "palette", "aria-label": "Find" }, h("div", { class: "palette-field" }, icon("search", 18), input, h("kbd", {}, "Esc")), list);

  const view = (place) => ({ group: "Views", icon: icon(place.icon, 18), title: place.title, note: `g ${place.key}`, act: () => go(place.name, {}) });

  async function find() {
    const q = input.value.trim();
    const views = places.filter((place) => place.title.toLowerCase().includes(q.toLowerCase())).map(view);
    let found = { users: [], channels: [], messages: [] };
    if (q) found = await show("search", { q }).catch(() => found);
    if (input.value.trim() !== q) return;
    entries = [
      ...views,
      ...found.users.map((user) => ({ group: "Users", icon: avatar(user, { size: 22 }), title: user.name || user.id, note: user.id, act: () => go("users", { id: user.id }) })),
      ...found.users.slice(0, 3).map((user) => ({ group: "Log in as", icon: icon("session", 18), title: user.name || user.id, note: user.id, act: () => go("session", { user: user.id }) })),
      ...found.channels.map((channel) => ({ group: "Channels", icon: icon("channels", 18), title: channel.name || channel.cid, note: channel.cid, act: () => go("channels", { cid: channel.cid }) })),
      ...found.messages.map((message) => ({ group: "Messages", icon: icon("messages", 18), title: message.text || message.id, note: `${message.user_id} in ${message.cid}`, act: () => go("messages", { q, id: message.id }) })),
    ];
    chosen = 0;
    draw();
  }

  function draw() {
    let group = "";
    fill(list, entries.length === 0 && h("p", { class: "muted palette-none" }, "Nothing is found."), entries.map((entry, index) => {
      const heading = entry.group === group ? null : h("div", { class: "palette-group", role: "presentation" }, entry.group);
      ({ group } = entry);
      return [heading, h("div", { class: `palette-entry${index === chosen ? " is-chosen" : ""}`, role: "option", id: `found-${index}`, "aria-selected": String(index === chosen), onclick: () => take(index), onpointermove: () => choose(index) },
        entry.icon, h("span", { class: "cut" }, entry.title), h("span", { class: "muted cut palette-note" }, entry.note))];
    }));
    if (entries.length) input.setAttribute("aria-activedescendant", `found-${chosen}`);
    else input.removeAttribute("aria-activedescendant");
  }

  function choose(index) {
    if (index === chosen) return;
    list.querySelector(`#found-${chosen}`)?.classList.remove("is-chosen");
    list.querySelector(`#found-${chosen}`)?.setAttribute("aria-selected", "false");
    chosen = index;
    const entry = list.querySelector(`#found-${chosen}`);
    entry?.classList.add("is-chosen");
    entry?.setAttribute("aria-selected", "true");
    entry?.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", `found-${chosen}`);
  }

  function take(index) {
    const entry = entries[index];
    dialog.close();
    entry?.act();
  }

  input.addEventListener("input", debounce(80, find));
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && entries.length) {
      event.preventDefault();
      choose((chosen + step + entries.length) % entries.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      take(chosen);
    }
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  find();
}
