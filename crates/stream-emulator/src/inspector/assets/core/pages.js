// A long list of the emulator, of which the page loads the visible parts.

const PAGE = 100;
const MAX_PAGES = 24;

export class Pages {
  #pages = new Map();
  #pending = new Set();
  #generation = 0;

  /** `load({offset, limit})` loads a part; then `onChange` is called, or `onError` after a failure. */
  constructor(load, onChange, onError = () => {}) {
    Object.assign(this, { load, onChange, onError });
    this.length = 0;
    this.isKnown = false;
  }

  get(index) {
    if (index < 0) return undefined;
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** Loads the missing items between two rows. */
  ensure(from, to) {
    for (let page = Math.floor(from / PAGE); page <= Math.floor(to / PAGE); page += 1) {
      if (!this.#pages.has(page)) this.#ask(page);
    }
  }

  /** Clears the list, and loads it again. */
  async reset() {
    this.#generation += 1;
    this.#pages.clear();
    this.#pending.clear();
    this.length = 0;
    this.isKnown = false;
    await this.#ask(0);
  }

  /** Reloads the visible parts; the others are loaded when they become visible. */
  async refresh(from = 0, to = 0) {
    this.#generation += 1;
    this.#pending.clear();
    const first = Math.floor(from / PAGE);
    const last = Math.floor(Math.max(from, to) / PAGE);
    for (const page of [...this.#pages.keys()]) {
      if (page < first || page > last) this.#pages.delete(page);
    }
    const asked = [];
    for (let page = first; page <= last; page += 1) asked.push(this.#ask(page));
    await Promise.all(asked);
  }

  async #ask(page) {
    if (this.#pending.has(page)) return;
    this.#pending.add(page);
    const generation = this.#generation;
    try {
      const { total, items } = await this.load({ offset: page * PAGE, limit: PAGE });
      if (generation !== this.#generation) return;
      this.isKnown = true;
      this.length = total;
      this.#keep(page, items);
      this.onChange(this);
    } catch (error) {
      if (generation === this.#generation) this.onError(error);
    } finally {
      if (generation === this.#generation) this.#pending.delete(page);
    }
  }

  /** Keeps unchanged items as the same objects, so that their rows are not rebuilt. */
  #keep(page, items) {
    const known = this.#pages.get(page) ?? [];
    const kept = items.map((item, index) =>
      known[index] !== undefined && JSON.stringify(known[index]) === JSON.stringify(item) ? known[index] : item,
    );
    this.#pages.delete(page);
    this.#pages.set(page, kept);
    for (const other of this.#pages.keys()) {
      if (this.#pages.size <= MAX_PAGES) break;
      if (other !== page) this.#pages.delete(other);
    }
  }
}
