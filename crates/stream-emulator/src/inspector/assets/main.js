// The page: its layout, views and shortcuts.

import { fill, h } from "./core/dom.js";
import { emulatedNow, onUpdates, start, state } from "./core/feed.js";
import { count } from "./core/format.js";
import { follow, go, href, place } from "./core/router.js";
import { listen, shortcut } from "./core/shortcuts.js";
import { nextTheme, theme } from "./core/theme.js";
import { icon } from "./parts/icons.js";
import { openHelp } from "./parts/help.js";
import { openPalette } from "./parts/palette.js";
import { toast } from "./parts/toast.js";
import { button } from "./parts/widgets.js";
import { app } from "./views/app.js";
import { channels } from "./views/channels.js";
import { connections } from "./views/connections.js";
import { controls } from "./views/controls.js";
import { messages } from "./views/messages.js";
import { requests } from "./views/requests.js";
import { session } from "./views/session.js";
import { tasks } from "./views/tasks.js";
import { users } from "./views/users.js";
import { webhooks } from "./views/webhooks.js";

const PLACES = [
  { name: "requests", title: "Requests", icon: "requests", key: "r", view: requests, count: "requests", group: "Watch" },
  { name: "webhooks", title: "Webhooks", icon: "webhooks", key: "w", view: webhooks, count: "deliveries", alert: "failed_deliveries", group: "Watch" },
  { name: "connections", title: "Connections", icon: "connections", key: "l", view: connections, count: "connections", group: "Watch" },
  { name: "channels", title: "Channels", icon: "channels", key: "c", view: channels, count: "channels", group: "World" },
  { name: "users", title: "Users", icon: "users", key: "u", view: users, count: "users", group: "World" },
  { name: "messages", title: "Messages", icon: "messages", key: "m", view: messages, count: "messages", group: "World" },
  { name: "tasks", title: "Tasks", icon: "tasks", key: "t", view: tasks, count: "tasks", group: "World" },
  { name: "app", title: "App settings", icon: "app", key: "a", view: app, group: "World" },
  { name: "session", title: "Log in as", icon: "session", key: "s", view: session, group: "Act" },
  { name: "controls", title: "Faults & clock", icon: "controls", key: "f", view: controls, count: "faults", group: "Act" },
];

const root = document.getElementById("view");
let current = null;
let view = null;

// The navigation.
const counts = new Map();
const links = new Map();
const groups = [...new Set(PLACES.map((entry) => entry.group))];
fill(document.getElementById("rail"), groups.map((group) =>
  h("div", { class: "rail-group" }, h("h2", { class: "rail-title" }, group), PLACES.filter((entry) => entry.group === group).map((entry) => {
    const number = h("span", { class: "rail-count num" });
    counts.set(entry, number);
    const link = h("a", { class: "rail-link", href: href(entry.name), title: `${entry.title} (g ${entry.key})`, "aria-label": entry.title }, icon(entry.icon, 18), h("span", { class: "rail-text" }, entry.title), number);
    links.set(entry, link);
    return link;
  }))));

// The header.
const live = h("span", { class: "live" }, h("span", { class: "live-dot" }), h("span", { class: "live-text" }, "connecting"));
const clock = h("a", { class: "clock num", href: href("controls"), title: "The emulator's clock" });
const themeButton = button("", { icon: theme(), kind: "ghost", title: "Theme", onclick: changeTheme });
const searchButton = h("button", { type: "button", class: "search-button", onclick: () => openPalette(PLACES), "aria-keyshortcuts": "Control+K" }, icon("search", 16), h("span", {}, "Find anything"), h("kbd", {}, navigator.platform?.startsWith("Mac") ? "⌘ K" : "Ctrl K"));
fill(document.getElementById("top"),
  h("a", { class: "brand", href: href("requests") }, h("img", { src: "/emulator/inspector/assets/icon.svg", width: "24", height: "24", alt: "" }), h("span", {}, "Stream emulator")),
  searchButton, h("span", { class: "spacer" }), live, clock, themeButton, button("", { icon: "help", kind: "ghost", title: "Keys (?)", onclick: () => openHelp(PLACES) }));

function changeTheme() {
  const next = nextTheme();
  themeButton.replaceChildren(icon(next, 16));
  themeButton.title = `Theme: ${next}`;
  themeButton.setAttribute("aria-label", `Theme: ${next}`);
}

function tick() {
  if (!state.overview) return;
  const now = emulatedNow();
  const ahead = Math.abs(state.clockOffset) >= 1500;
  clock.textContent = now.toLocaleString("en-GB", ahead ? { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" } : { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  clock.classList.toggle("is-moved", ahead);
}

function drawFrame() {
  live.classList.toggle("is-on", state.isLive);
  live.querySelector(".live-text").textContent = state.isLive ? "live" : "not connected";
  for (const [entry, number] of counts) {
    const value = state.counts[entry.count] ?? 0;
    number.textContent = entry.count && value ? count(value) : "";
    const failed = entry.alert ? state.counts[entry.alert] : 0;
    number.classList.toggle("is-alert", failed > 0);
    number.title = failed > 0 ? `${failed} failed` : "";
  }
  tick();
}

function show() {
  const { view: name, params } = place();
  const entry = PLACES.find((candidate) => candidate.name === name) ?? PLACES[0];
  if (current === entry) {
    view.update(params);
    return;
  }
  view?.unmount();
  root.replaceChildren();
  root.className = `main view-${entry.name}`;
  current = entry;
  document.title = `${entry.title} · Stream emulator`;
  for (const [other, link] of links) {
    if (other === entry) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  view = entry.view(root, params);
}

shortcut("mod+k", () => openPalette(PLACES));
shortcut("?", () => openHelp(PLACES));
shortcut("t", changeTheme);
shortcut("/", () => root.querySelector("[data-filter]")?.focus());
shortcut("Escape", () => view?.escape?.());
for (const key of ["c", "p", "r"]) shortcut(key, () => view?.keys?.[key]?.());
for (const key of ["j", "k", "ArrowDown", "ArrowUp"]) {
  shortcut(key, (event) => {
    // These keys control the list wherever the focus is, unless a list already handles them.
    const list = view?.list;
    if (!list) return;
    if (document.activeElement?.classList.contains("vl")) return;
    event.preventDefault();
    list.focus();
  });
}
for (const entry of PLACES) shortcut(`g ${entry.key}`, () => go(entry.name, {}));
listen();

onUpdates(drawFrame);
setInterval(tick, 1000);
addEventListener("unhandledrejection", (event) => toast(event.reason?.message ?? "Something went wrong.", "error"));
start();
follow(show);
