// A list of which only what is seen is in the document, however long it is. Rows may differ in
// height: they are measured when they are seen, and what is on the screen stays where it is.

import { h } from "./dom.js";
import { Heights } from "./heights.js";

const OVERSCAN = 6;
const NEAR_END = 48;

export class VirtualList {
  #rows = new Map();
  #heights;
  #frame = 0;
  #isAtEnd;
  #observer;
  #wantsEnd = false;
  #activeKey = null;

  /**
   * `source` has `length`, `get(index)` and `ensure(from, to)`; `row(item, index)` makes a row, or a
   * placeholder if the item is not loaded yet; `key(item)` identifies an item.
   */
  constructor({ source, row, key, rowHeight, estimate, label, startsAtEnd = false, onOpen, onActive, isSelectable = true }) {
    Object.assign(this, { source, row, key, rowHeight, startsAtEnd, onOpen, onActive, isSelectable });
    this.estimate = rowHeight ?? estimate ?? 48;
    this.active = -1;
    this.space = h("div", { class: "vl-space", role: "presentation" });
    this.element = h(
      "div",
      { class: "vl", tabindex: "0", role: isSelectable ? "listbox" : "log", "aria-label": label },
      this.space,
    );
    this.#heights = new Heights(0, this.estimate);
    this.#isAtEnd = startsAtEnd;
    this.#wantsEnd = startsAtEnd;
    this.element.addEventListener("scroll", () => {
      this.#isAtEnd = this.#distanceToEnd() < NEAR_END;
      this.#plan();
    }, { passive: true });
    this.element.addEventListener("keydown", (event) => this.#key(event));
    this.element.addEventListener("focus", () => this.isSelectable && this.active < 0 && this.length && this.setActive(0));
    this.#observer = new ResizeObserver(() => this.#plan());
    this.#observer.observe(this.element);
  }

  get length() {
    return this.#heights.length;
  }

  #distanceToEnd() {
    return this.element.scrollHeight - this.element.scrollTop - this.element.clientHeight;
  }

  /** Updates the list after a change of the source. */
  changed() {
    const length = this.source.length;
    if (length !== this.#heights.length) this.#heights = this.#heights.resized(length);
    if (this.#isAtEnd && this.startsAtEnd) this.#wantsEnd = true;
    if (this.#activeKey !== null) {
      // New rows above must not move the selected one.
      for (const index of this.#range()) {
        const item = this.source.get(index);
        if (item && this.key(item) === this.#activeKey) this.active = index;
      }
    }
    this.#plan();
  }

  /** Replaces the source. */
  reset() {
    for (const row of this.#rows.values()) row.element.remove();
    this.#rows.clear();
    this.#heights = new Heights(this.source.length, this.estimate);
    this.active = -1;
    this.#activeKey = null;
    this.#wantsEnd = this.startsAtEnd;
    this.#isAtEnd = this.startsAtEnd;
    if (!this.startsAtEnd) this.element.scrollTop = 0;
    this.#plan();
  }

  /** Updates the list after rows were added before the first one, without moving the visible rows. */
  prepended(count) {
    this.active = this.active < 0 ? -1 : this.active + count;
    const { scrollTop } = this.element;
    this.changed();
    if (scrollTop > 0 && count > 0) {
      this.space.style.height = `${this.#heights.total}px`;
      this.element.scrollTop = scrollTop + count * this.estimate;
    }
  }

  /** Returns the range of visible rows. */
  get seen() {
    const range = this.#range();
    return range.length ? [range[0], range[range.length - 1]] : [0, 0];
  }

  /** Scrolls to a row, to the middle if it is not visible. */
  reveal(index) {
    const top = this.#heights.top(index);
    const height = this.#heights.get(index);
    const { scrollTop, clientHeight } = this.element;
    if (top >= scrollTop && top + height <= scrollTop + clientHeight) return;
    this.#wantsEnd = false;
    this.element.scrollTop = top < scrollTop || this.rowHeight ? this.#nearest(top, height) : Math.max(0, top - clientHeight / 2);
    this.#plan();
  }

  #nearest(top, height) {
    const { scrollTop, clientHeight } = this.element;
    return top < scrollTop ? top : top + height - clientHeight;
  }

  scrollToEnd() {
    this.#wantsEnd = true;
    this.#plan();
  }

  /** Selects a row by its position. */
  setActive(index, { isSilent = false } = {}) {
    this.active = Math.max(-1, Math.min(index, this.length - 1));
    const item = this.source.get(this.active);
    this.#activeKey = item ? this.key(item) : null;
    if (this.active >= 0) this.reveal(this.active);
    this.#mark();
    if (!isSilent && item) this.onActive?.(item, this.active);
  }

  /** Marks a row by its key, such as that of the open details. */
  setOpen(key) {
    this.openKey = key;
    this.#mark();
  }

  #mark() {
    let activeId = null;
    for (const [index, row] of this.#rows) {
      const isOpen = this.openKey !== undefined && row.key === this.openKey;
      row.element.classList.toggle("is-active", index === this.active);
      row.element.classList.toggle("is-open", isOpen);
      if (this.isSelectable) row.element.setAttribute("aria-selected", String(isOpen));
      if (index === this.active) activeId = row.element.id;
    }
    if (activeId) this.element.setAttribute("aria-activedescendant", activeId);
    else this.element.removeAttribute("aria-activedescendant");
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== this.element) return;
    const page = Math.max(1, Math.floor(this.element.clientHeight / this.estimate) - 1);
    if (!this.isSelectable) return;
    const moves = {
      ArrowDown: this.active + 1, j: this.active + 1, ArrowUp: this.active - 1, k: this.active - 1,
      PageDown: this.active + page, PageUp: this.active - page, Home: 0, End: this.length - 1,
    };
    if (event.key in moves) {
      event.preventDefault();
      this.setActive(Math.max(0, moves[event.key]));
    } else if (event.key === "Enter") {
      const item = this.source.get(this.active);
      if (item) {
        event.preventDefault();
        this.onOpen?.(item, this.active);
      }
    }
  }

  #plan() {
    if (!this.#frame) this.#frame = requestAnimationFrame(() => this.#render());
  }

  #range() {
    const { scrollTop, clientHeight } = this.element;
    if (!this.length) return [];
    const from = Math.max(0, this.#heights.at(scrollTop) - OVERSCAN);
    const to = Math.min(this.length - 1, this.#heights.at(scrollTop + clientHeight) + OVERSCAN);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  }

  #render() {
    this.#frame = 0;
    this.space.style.height = `${this.#heights.total}px`;
    if (this.#wantsEnd) this.element.scrollTop = this.element.scrollHeight;
    const range = this.#range();
    if (range.length) this.source.ensure?.(range[0], range[range.length - 1]);
    const wanted = new Set(range);
    for (const [index, row] of this.#rows) {
      if (!wanted.has(index)) {
        row.element.remove();
        this.#rows.delete(index);
      }
    }
    for (const index of range) this.#show(index);
    this.#order(range);
    if (!this.rowHeight) this.#measure(range);
    for (const index of range) {
      const row = this.#rows.get(index);
      row.element.style.transform = `translateY(${this.#heights.top(index)}px)`;
    }
    this.#mark();
    if (this.#wantsEnd) {
      this.element.scrollTop = this.element.scrollHeight;
      if (this.#distanceToEnd() < 2 && range.every((index) => this.source.get(index))) this.#wantsEnd = false;
    }
  }

  #show(index) {
    const item = this.source.get(index);
    const previous = this.startsAtEnd ? this.source.get(index - 1) : undefined;
    const known = this.#rows.get(index);
    if (known && known.item === item && known.previous === previous) return;
    const element = this.row(item, index, previous);
    element.classList.add("vl-row");
    element.id = `row-${(VirtualList.ids = (VirtualList.ids ?? 0) + 1)}`;
    element.dataset.index = String(index);
    if (this.isSelectable) element.setAttribute("role", "option");
    element.setAttribute("aria-setsize", String(this.length));
    element.setAttribute("aria-posinset", String(index + 1));
    if (this.rowHeight) element.style.height = `${this.rowHeight}px`;
    if (item && this.onOpen) {
      element.addEventListener("click", (event) => {
        if (event.target.closest("a, button, input, select")) return;
        this.setActive(index, { isSilent: true });
        this.onOpen(item, index);
      });
    }
    if (known) known.element.replaceWith(element);
    else this.space.append(element);
    this.#rows.set(index, { element, item, previous, key: item ? this.key(item) : null });
  }

  /** Restores the order of rows in the document, which screen readers follow. */
  #order(range) {
    let last = null;
    for (const index of range) {
      const { element } = this.#rows.get(index);
      const next = last ? last.nextSibling : this.space.firstChild;
      if (next !== element) this.space.insertBefore(element, next);
      last = element;
    }
  }

  #measure(range) {
    const { scrollTop } = this.element;
    const measured = range.map((index) => this.#rows.get(index).element.offsetHeight);
    let above = 0;
    range.forEach((index, position) => {
      const isAbove = this.#heights.top(index) + this.#heights.get(index) <= scrollTop;
      const change = this.#heights.set(index, Math.max(1, measured[position]));
      if (isAbove) above += change;
    });
    this.space.style.height = `${this.#heights.total}px`;
    if (above && !this.#wantsEnd) this.element.scrollTop = scrollTop + above;
  }

  focus() {
    this.element.focus({ preventScroll: true });
  }

  destroy() {
    cancelAnimationFrame(this.#frame);
    this.#observer.disconnect();
  }
}
