// Heights of the rows of a long list: where a row is and which row is where, in logarithmic time
// (a Fenwick tree).

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

  /** Sets a height and returns by how much it changed. */
  set(index, height) {
    const change = height - this.#heights[index];
    if (change === 0) return 0;
    this.#heights[index] = height;
    for (let at = index + 1; at <= this.length; at += at & -at) this.#tree[at] += change;
    return change;
  }

  /** Where a row begins. */
  top(index) {
    let sum = 0;
    for (let at = index; at > 0; at -= at & -at) sum += this.#tree[at];
    return sum;
  }

  get total() {
    return this.top(this.length);
  }

  /** The row at a position. */
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

  /** The same rows with others after them. */
  resized(length) {
    const other = new Heights(length, this.estimate);
    for (let index = 0; index < Math.min(length, this.length); index += 1) {
      if (this.#heights[index] !== this.estimate) other.set(index, this.#heights[index]);
    }
    return other;
  }
}
