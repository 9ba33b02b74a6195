// A view with a list on the left and the details of one entry on the right.

import { fill, h, throttle } from "../core/dom.js";
import { onUpdates } from "../core/feed.js";
import { count } from "../core/format.js";
import { Pages } from "../core/pages.js";
import { adjust } from "../core/router.js";
import { VirtualList } from "../core/virtual-list.js";
import { complain } from "./toast.js";
import { button, filterField } from "./widgets.js";
import { debounce } from "../core/dom.js";

const REFRESH = 300;

/**
 * `title`, `filterLabel`; `load(params, part)` loads a part of the list; `row(item)`; `key(item)`;
 * `detail(key, panel, params)` fills the panel, and may return functions to call on updates;
 * `none(params)` replaces an empty list; `tools(params)` are additional controls.
 * `changedBy(updates)` returns whether the list may have changed.
 */
export function listView(root, params, options) {
  const { title, filterLabel, load, row, key, rowHeight = 56, detail, none, tools, openName = "id", changedBy = () => true } = options;
  let current = params;
  let panelUpdates = null;
  let shownKey;
  let lastChanges;

  const total = h("span", { class: "count" });
  const filter = filterField({ value: params.q ?? "", label: filterLabel, onInput: debounce(150, (q) => adjust({ q })) });
  const extra = h("div", { class: "tools" });
  const place = h("div", { class: "list-place" });
  const panel = h("section", { class: "panel", "aria-label": "Details", tabindex: "-1" });
  const split = h("div", { class: "split" }, place, panel);
  const pages = new Pages((part) => load(current, part), came, complain);
  const list = new VirtualList({
    source: pages, rowHeight, label: title, key,
    row: (item) => (item ? row(item) : h("div", { class: "row row-waiting" }, h("span", { class: "ghost-line" }))),
    onOpen: (item) => open(key(item)),
  });
  fill(root,
    h("div", { class: "view-head" }, h("h1", {}, title), total, h("span", { class: "spacer" }), extra, filter),
    split);
  place.append(list.element);

  function came() {
    total.textContent = count(pages.length);
    const isEmpty = pages.length === 0;
    list.element.hidden = isEmpty;
    place.querySelector(".empty")?.remove();
    if (isEmpty) place.append(none(current));
    list.changed();
  }

  function open(id) {
    adjust({ [openName]: id }, { isStep: true });
  }

  function close() {
    adjust({ [openName]: undefined }, { isStep: true });
    list.focus();
  }

  async function showDetail() {
    const id = current[openName];
    split.classList.toggle("has-panel", id !== undefined);
    list.setOpen(id);
    if (id === undefined) {
      panelUpdates?.close?.();
      panelUpdates = null;
      shownKey = undefined;
      panel.replaceChildren();
      return;
    }
    if (id === shownKey && panelUpdates?.update) {
      panelUpdates.update(current);
      return;
    }
    panelUpdates?.close?.();
    panelUpdates = null;
    shownKey = id;
    const body = h("div", { class: "panel-body" });
    const head = h("div", { class: "panel-head" });
    const closing = button("", { icon: "close", kind: "ghost", title: "Close the details (Esc)", onclick: close });
    fill(panel, h("div", { class: "panel-bar" }, head, closing), body);
    try {
      const updates = await detail(id, { head, body, close, params: current });
      if (shownKey === id) panelUpdates = updates ?? null;
      else updates?.close?.();
    } catch (error) {
      if (shownKey === id) fill(body, h("p", { class: "notice" }, error.message));
    }
  }

  const refresh = throttle(REFRESH, () => {
    const [from, to] = list.seen;
    pages.refresh(from, to);
    panelUpdates?.refresh?.();
  });
  const stop = onUpdates((updates) => {
    const hasChanged = updates.missed_requests || updates.counts.changes !== lastChanges || updates.requests.length > 0;
    lastChanges = updates.counts.changes;
    if (changedBy(updates, hasChanged)) refresh();
  });

  fill(extra, tools?.(current) ?? []);
  pages.reset();
  showDetail();

  return {
    update(next) {
      const isOther = JSON.stringify({ ...current, [openName]: 0, tab: 0 }) !== JSON.stringify({ ...next, [openName]: 0, tab: 0 });
      current = next;
      const input = filter.querySelector("input");
      if (document.activeElement !== input) input.value = next.q ?? "";
      if (isOther) {
        fill(extra, tools?.(current) ?? []);
        pages.reset().then(() => list.reset());
      }
      showDetail();
    },
    escape() {
      if (current[openName] === undefined) return false;
      close();
      return true;
    },
    unmount() {
      stop();
      refresh.cancel();
      panelUpdates?.close?.();
      list.destroy();
    },
    refresh: () => pages.reset().then(() => list.reset()),
    list,
  };
}
