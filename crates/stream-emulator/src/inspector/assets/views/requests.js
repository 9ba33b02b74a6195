// The log of requests.

import { fill, h, throttle } from "../core/dom.js";
import { act, show } from "../core/api.js";
import { onUpdates, state } from "../core/feed.js";
import { bytes, clientName, count, milliseconds, timeOfDay, fullTime } from "../core/format.js";
import { adjust } from "../core/router.js";
import { VirtualList } from "../core/virtual-list.js";
import { bodyView } from "../parts/json-view.js";
import { curl } from "../parts/curl.js";
import { complain, copy } from "../parts/toast.js";
import { badge, button, code, empty, facts, filterField, method, section, segments, statusBadge } from "../parts/widgets.js";

const ROW = 34;
/** The maximum number of requests on the page, which is that of the emulator. */
const MAX = 2000;
const PART = 500;

const classes = [["", "All"], ["2", "2xx"], ["4", "4xx"], ["5", "5xx"]];

export function requests(root, params) {
  let current = params;
  let all = [];
  let found = null;
  let shown = [];
  let isPaused = false;
  let held = [];
  let shownNumber;
  let openRequest = null;

  const total = h("span", { class: "count" });
  const filter = filterField({ value: params.q ?? "", label: "Filter, bodies too", onInput: (q) => adjust({ q }) });
  const pause = button("Pause", { icon: "pause", kind: "ghost", key: "p", pressed: false, onclick: togglePause });
  const clear = button("Clear", { icon: "trash", kind: "ghost", onclick: clearAll });
  const status = h("div");
  const place = h("div", { class: "list-place" });
  const panel = h("section", { class: "panel", "aria-label": "Request", tabindex: "-1" });
  const split = h("div", { class: "split" }, place, panel);
  const source = { get length() { return shown.length; }, get: (index) => shown[index] };
  const list = new VirtualList({
    source, row, key: (seen) => seen.number, rowHeight: ROW, label: "Requests",
    onOpen: (seen) => adjust({ number: seen.number }, { isStep: true }),
    onActive: (seen) => current.number !== undefined && adjust({ number: seen.number }),
  });
  const header = h("div", { class: "request-row table-head", "aria-hidden": "true" },
    ["Time", "Method", "Operation", "Path", "Client", "As", "Status", "Took"].map((name, index) => h("span", { class: `cell-${index}` }, name)));
  place.append(header, list.element);
  fill(root, h("div", { class: "view-head" }, h("h1", {}, "Requests"), total, h("span", { class: "spacer" }), status, pause, clear, filter), split);

  function row(seen) {
    return h("div", { class: `row request-row${seen.status >= 400 ? " is-bad" : ""}` },
      h("span", { class: "cell-0 num muted" }, timeOfDay(seen.at)),
      h("span", { class: "cell-1" }, method(seen.method)),
      h("span", { class: "cell-2 cut operation", title: seen.operation ?? seen.path }, seen.operation ?? h("span", { class: "mono" }, seen.path)),
      h("span", { class: "cell-3 cut path mono", title: seen.path }, seen.path),
      h("span", { class: "cell-4 muted cut", title: seen.client ?? "" }, clientName(seen.client)),
      h("span", { class: "cell-5 cut" }, seen.caller ?? h("span", { class: "faint" }, "server")),
      h("span", { class: "cell-6" }, statusBadge(seen.status)),
      h("span", { class: "cell-7 num muted" }, milliseconds(seen.duration_ms)));
  }

  function matches(seen) {
    if (current.status && String(seen.status)[0] !== current.status) return false;
    const needle = (current.q ?? "").trim().toLowerCase();
    if (!needle) return true;
    return found?.has(seen.number) ||
      [seen.path, seen.operation, seen.method, seen.client, seen.caller, String(seen.status)].some((text) => text?.toLowerCase().includes(needle));
  }

  function narrow() {
    shown = all.filter(matches);
    say();
  }

  function say() {
    total.textContent = shown.length === all.length ? count(all.length) : `${count(shown.length)} of ${count(all.length)}`;
    const isEmpty = shown.length === 0;
    list.element.hidden = isEmpty;
    header.hidden = isEmpty;
    place.querySelector(".empty")?.remove();
    if (isEmpty) place.append(all.length ? empty("requests", "No request matches", "Try another word, or all statuses.") : welcome());
  }

  async function load() {
    const items = [];
    while (items.length < MAX) {
      const part = await show("requests", { offset: items.length, limit: PART });
      items.push(...part.items);
      if (part.items.length < PART) break;
    }
    all = items;
    narrow();
    list.reset();
  }

  const searchBodies = throttle(300, async () => {
    const needle = current.q?.trim();
    if (!needle) {
      found = null;
      narrow();
      list.changed();
      return;
    }
    try {
      const part = await show("requests", { q: needle, limit: PART });
      if (current.q?.trim() !== needle) return;
      found = new Set(part.items.map((seen) => seen.number));
      narrow();
      list.changed();
    } catch (error) {
      complain(error);
    }
  });

  function add(updates) {
    const latest = all[0]?.number ?? 0;
    const fresh = updates.filter((seen) => seen.number > latest).reverse();
    if (!fresh.length) return;
    all = [...fresh, ...all].slice(0, MAX);
    const more = fresh.filter(matches);
    shown = [...more, ...shown].slice(0, MAX);
    say();
    list.prepended(more.length);
    if (current.q) searchBodies();
  }

  function togglePause() {
    isPaused = !isPaused;
    pause.setAttribute("aria-pressed", String(isPaused));
    pause.querySelector("span").textContent = isPaused ? "Go on" : "Pause";
    if (!isPaused) {
      add(held);
      held = [];
    }
  }

  async function clearAll() {
    try {
      await act("requests", {}, "DELETE");
      held = [];
      all = [];
      adjust({ number: undefined });
      narrow();
      list.reset();
    } catch (error) {
      complain(error);
    }
  }

  function close() {
    adjust({ number: undefined }, { isStep: true });
    list.focus();
  }

  async function showRequest() {
    const number = current.number;
    split.classList.toggle("has-panel", number !== undefined);
    list.setOpen(number === undefined ? undefined : Number(number));
    if (number === shownNumber) return;
    shownNumber = number;
    openRequest = null;
    if (number === undefined) {
      panel.replaceChildren();
      return;
    }
    try {
      const request = await show("request", { number });
      if (current.number === number) {
        openRequest = request;
        draw(request);
      }
    } catch (error) {
      fill(panel, bar("Request"), h("p", { class: "notice" }, error.message));
    }
  }

  const bar = (title, ...more) =>
    h("div", { class: "panel-bar" }, h("div", { class: "panel-head" }, title), more, button("", { icon: "close", kind: "ghost", title: "Close the details (Esc)", onclick: close }));

  function draw(request) {
    const failure = request.status >= 400 && request.response.form === "json" ? request.response.value.message : null;
    fill(panel,
      bar([method(request.method), h("h2", { class: "cut", title: request.operation ?? request.path }, request.operation ?? request.path), statusBadge(request.status)],
        button("Copy as curl", { icon: "copy", key: "c", onclick: () => copy(curl(request), "Copied; put a token into $STREAM_TOKEN") })),
      h("div", { class: "panel-body" },
        h("p", { class: "full-path" }, request.path),
        failure && h("p", { class: "notice bad" }, failure),
        facts([
          ["Client", request.client], ["As", request.caller ?? "server"], ["At", fullTime(request.at)], ["Took", milliseconds(request.duration_ms)],
          ["Sent", bytes(request.request_size)], ["Received", bytes(request.response_size)],
        ]),
        request.query.length > 0 && section("Query", pairs(request.query)),
        section("Request", bodyView(request.request, "request")),
        section("Response", bodyView(request.response, "response")),
        fold("Request headers", request.request_headers),
        fold("Response headers", request.response_headers)));
  }

  const pairs = (list) => h("table", { class: "pairs" }, h("tbody", {}, list.map(([name, value]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, value === "[redacted]" ? badge("redacted") : value)))));
  const fold = (title, list) => h("details", { class: "fold" }, h("summary", {}, title, " ", h("span", { class: "muted num" }, String(list.length))), pairs(list));

  const stop = onUpdates((updates) => {
    if (updates.missed_requests) {
      load().catch(complain);
      return;
    }
    if (isPaused) held = [...held, ...updates.requests].slice(-MAX);
    else add(updates.requests);
  });

  const drawStatus = () => fill(status, segments("Status", classes, current.status ?? "", (value) => adjust({ status: value })));
  drawStatus();
  if (state.overview) load().catch(complain);
  showRequest();
  if (current.q) searchBodies();

  return {
    update(next) {
      const before = current;
      current = next;
      const input = filter.querySelector("input");
      if (document.activeElement !== input) input.value = next.q ?? "";
      if (before.q !== next.q || before.status !== next.status) {
        narrow();
        list.reset();
        searchBodies();
        if (before.status !== next.status && !status.contains(document.activeElement)) drawStatus();
      }
      showRequest();
    },
    escape() {
      if (current.number === undefined) return false;
      close();
      return true;
    },
    keys: { c: () => openRequest && copy(curl(openRequest), "Copied; put a token into $STREAM_TOKEN"), p: togglePause },
    unmount() {
      stop();
      searchBodies.cancel();
      list.destroy();
    },
    list,
  };
}

function welcome() {
  const { api_key: key = "" } = state.overview ?? {};
  const lines = `export STREAM_BASE_URL=${location.origin}\nexport STREAM_API_KEY=${key}\nexport STREAM_API_SECRET=…`;
  return empty("requests", "Waiting for the first request",
    "Point a client at this address. Every request shows here as it comes.",
    h("pre", { class: "snippet" }, lines),
    h("p", { class: "muted" }, "The secret stands in the terminal that the emulator runs in."),
    h("p", {}, button("Copy", { icon: "copy", onclick: () => copy(lines) })));
}
