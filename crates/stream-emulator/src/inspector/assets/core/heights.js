// The heights of the rows of a long list. A Fenwick tree finds positions in logarithmic time.

export class Heights {
  #tree;
  #heights;

  constructor(length, estimate) {
    this.length = length;
    this.estimate = estimate;
    this.#heights = new Float64Array(length).fill(estimate);
    this.#tree = new Float64Array(length + 1);
    for (let index = 1; index <= length; index += 1) {
      this.#tree[index] += estimate;
      const parent = index + (index & -index);
      if (parent <= length) this.#tree[parent] += this.#tree[index];
    }
  }

  get(index) {
    return this.#heights[index];
  }

  /** Sets a height, and returns the difference. */
  set(index, height) {
    const change = height - this.#heights[index];
    if (change === 0) return 0;
    this.#heights[index] = height;
    for (let at = index + 1; at <= this.length; at += at & -at) this.#tree[at] += change;
    return change;
  }

  /** Returns the position of a row. */
  top(index) {
    let sum = 0;
    for (let at = index; at > 0; at -= at & -at) sum += this.#tree[at];
    return sum;
  }

  get total() {
    return this.top(this.length);
  }

  /** Returns the row at a position. */
  at(position) {
    let index = 0;
    let rest = position;
    for (let step = 2 ** Math.floor(Math.log2(Math.max(1, this.length))); step >= 1; step /= 2) {
      const next = index + step;
      if (next <= this.length && this.#tree[next] <= rest) {
        index = next;
        rest -= this.#tree[next];
      }
    }
    return Math.min(index, Math.max(0, this.length - 1));
  }

  /** Returns a copy with another number of rows. */
  resized(length) {
    const other = new Heights(length, this.estimate);
    for (let index = 0; index < Math.min(length, this.length); index += 1) {
      if (this.#heights[index] !== this.estimate) other.set(index, this.#heights[index]);
    }
    return other;
  }
}
