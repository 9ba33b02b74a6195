// The app's settings and its channel types.

import { fill, h, throttle } from "../core/dom.js";
import { show } from "../core/api.js";
import { onUpdates } from "../core/feed.js";
import { adjust } from "../core/router.js";
import { jsonView } from "../parts/json-view.js";
import { complain } from "../parts/toast.js";
import { badge, code, empty, filterField, section } from "../parts/widgets.js";

const isPlain = (value) => value === null || typeof value !== "object";

function value(item) {
  if (item === "" || item === null) return h("span", { class: "faint" }, item === "" ? "empty" : "null");
  if (isPlain(item)) return h("span", { class: `j-${typeof item}` }, String(item));
  if (Array.isArray(item) && !item.length) return h("span", { class: "faint" }, "none");
  if (!Array.isArray(item) && !Object.keys(item).length) return h("span", { class: "faint" }, "none");
  return jsonView(item);
}

export function app(root, params) {
  let current = params;
  let last;
  let shown;
  const filter = filterField({ value: params.q ?? "", label: "Filter settings", onInput: (q) => adjust({ q }) });
  const place = h("div", { class: "sheet", tabindex: "0", role: "region", "aria-label": "Settings" });
  fill(root, h("div", { class: "view-head" }, h("h1", {}, "App settings"), h("span", { class: "spacer" }), filter), place);

  function draw() {
    if (!shown) return;
    const { app: fields, given, channel_types: types } = shown;
    const needle = (current.q ?? "").trim().toLowerCase();
    const matches = (name, item) => !needle || name.toLowerCase().includes(needle) || JSON.stringify(item).toLowerCase().includes(needle);
    const names = Object.keys(fields).filter((name) => name !== "channel_configs" && matches(name, fields[name])).sort((one, other) => given.includes(other) - given.includes(one) || one.localeCompare(other));
    const rows = names.map((name) => h("tr", { class: given.includes(name) ? "is-given" : null }, h("th", { scope: "row" }, name, given.includes(name) && badge("set", "good")), h("td", {}, value(fields[name]))));
    const kinds = Object.entries(types.channel_types ?? types).filter(([name, kind]) => matches(name, kind));
    const { scrollTop } = place;
    fill(place,
      rows.length > 0 && section("Settings", h("table", { class: "settings" }, h("tbody", {}, rows))),
      kinds.length > 0 && section("Channel types", h("div", { class: "kinds" }, kinds.map(([name, kind]) => {
        const on = Object.entries(kind).filter(([, item]) => item === true).map(([key]) => key);
        return h("details", { class: "fold kind" }, h("summary", {}, h("strong", {}, name), " ", h("span", { class: "muted" }, `${on.length} features on`)), h("p", { class: "chips" }, on.map((key) => badge(key))), jsonView(kind, { label: `channel type ${name}` }));
      }))),
      !rows.length && !kinds.length && empty("app", "Nothing matches", "Try a part of a setting's name or of its value."));
    place.scrollTop = scrollTop;
  }

  async function load() {
    const next = await show("app");
    const text = JSON.stringify(next);
    if (text === last) return;
    last = text;
    shown = next;
    draw();
  }

  const refresh = throttle(500, () => load().catch(complain));
  const stop = onUpdates(refresh);
  load().catch(complain);
  return {
    update(next) {
      current = next;
      draw();
    },
    escape: () => false,
    unmount() {
      stop();
      refresh.cancel();
    },
  };
}
