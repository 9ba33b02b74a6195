// A journey: steps with checks, whose results are written to the report at once.

import { appendFileSync } from 'node:fs';
import { inspect, isDeepStrictEqual } from 'node:util';

/** The timeout of `until`, in milliseconds. */
const PATIENCE = 20_000;

const show = (value) =>
  inspect(value, { breakLength: Infinity, depth: 4, maxStringLength: 300 }).slice(0, 600);

/** Returns the HTTP status and the error code of an SDK's exception. */
const refusal = (error) => ({
  status: error?.status ?? error?.metadata?.responseCode ?? error?.response?.status,
  code: error?.code,
  message: error?.message ?? String(error),
});

export class Journey {
  #report;
  #exchanges;
  #step = 'start';
  #count = 0;

  constructor(name, report, exchanges) {
    this.name = name;
    this.#report = report;
    this.#exchanges = exchanges;
  }

  /** Runs a part of the journey. An exception fails only this step. */
  async step(title, body) {
    this.#step = title;
    this.#exchanges.clear();
    try {
      await body();
    } catch (error) {
      const { status, code, message } = refusal(error);
      const got = status === undefined ? (error?.stack ?? message) : `${status}, code ${code}: ${message}`;
      this.#write(false, 'runs through', { expected: 'no exception', got: String(got).slice(0, 600) });
    }
  }

  ok(value, what) {
    this.#write(Boolean(value), what, { expected: 'a true value', got: show(value) });
  }

  equal(actual, expected, what) {
    const equal = isDeepStrictEqual(actual, expected);
    this.#write(equal, what, { expected: show(expected), got: show(actual) });
  }

  /** Compares timestamps in milliseconds, since a number cannot hold today in nanoseconds. */
  sameTime(actual, expected, what) {
    const apart = Math.abs(new Date(actual) - new Date(expected));
    this.#write(apart <= 1, what, { expected: show(expected), got: show(actual) });
  }

  /** Compares lists of strings or numbers whose order does not matter. */
  sameSet(actual, expected, what) {
    const sorted = (list) => [...(list ?? [])].sort();
    this.equal(sorted(actual), sorted(expected), what);
  }

  includes(list, item, what) {
    this.#write(Boolean(list?.includes?.(item)), what, {
      expected: `one with ${show(item)}`,
      got: show(list),
    });
  }

  excludes(list, item, what) {
    this.#write(Array.isArray(list) && !list.includes(item), what, {
      expected: `one without ${show(item)}`,
      got: show(list),
    });
  }

  /** Checks that a call is refused with this status, this code and a text that `says` matches. */
  async refuses(call, { status, code, says }, what) {
    const expected = show({ status, code, says });
    let result;
    try {
      result = await call();
    } catch (error) {
      const got = refusal(error);
      const fits =
        (status === undefined || got.status === status) &&
        (code === undefined || got.code === code) &&
        (says === undefined || says.test(got.message));
      this.#write(fits, what, { expected, got: show(got) });
      return;
    }
    this.#write(false, what, { expected, got: `accepted: ${show(result)}` });
  }

  /** Waits until the function returns a true value, and returns it. */
  async until(probe, what) {
    const deadline = Date.now() + PATIENCE;
    let value = await probe();
    while (!value && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      value = await probe();
    }
    this.#write(Boolean(value), what, { expected: 'it happens in time', got: show(value) });
    return value;
  }

  /** Returns an identifier that no other journey uses. */
  id(stem) {
    this.#count += 1;
    return `${stem}-${this.name}-${this.#count}`.replaceAll('_', '-');
  }

  finish() {
    this.#line({ finished: true });
  }

  #write(passed, check, { expected, got }) {
    const line = { step: this.#step, check, passed };
    if (!passed) {
      Object.assign(line, { expected, got, after: this.#exchanges.recent() });
      line.not_emulated = this.#exchanges.notEmulated();
    }
    this.#line(line);
  }

  #line(content) {
    appendFileSync(this.#report, `${JSON.stringify({ journey: this.name, ...content })}\n`);
  }
}

/** The latest requests of a step with their responses. */
export class Exchanges {
  #list = [];

  clear() {
    this.#list = [];
  }

  /** Records a request and a response, which are JSON texts or absent. */
  add({ method, url, request, status, response }) {
    const { pathname, searchParams } = new URL(url);
    searchParams.delete('api_key');
    const query = [...searchParams].map(([name, value]) => `${name}=${value}`).join('&');
    const target = query ? `${pathname}?${query}` : pathname;
    const sent = typeof request === 'string' ? ` ${request.slice(0, 300)}` : '';
    const came = typeof response === 'string' ? response.slice(0, 300) : '';
    this.#list.push({ text: `${method.toUpperCase()} ${target}${sent} -> ${status} ${came}`, status, response });
  }

  recent() {
    return this.#list.slice(-2).map(({ text }) => text);
  }

  notEmulated() {
    const last = this.#list.at(-1);
    if (last?.status !== 501) return undefined;
    const said = /(\w+) is not emulated/.exec(last.response ?? '');
    return said?.[1] ?? last.text.split(' ').slice(0, 2).join(' ');
  }
}
