// Formats numbers, times and sizes.

const number = new Intl.NumberFormat("en-US");
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const short = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat("en-US", { weekday: "long", month: "long", day: "numeric" });
const dayAndYear = new Intl.DateTimeFormat("en-US", { month: "long", day: "numeric", year: "numeric" });
const full = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" });

const valid = (text) => {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? null : at;
};

export const count = (value) => number.format(value ?? 0);
export const plural = (value, one, many = `${one}s`) => `${count(value)} ${value === 1 ? one : many}`;

/** 12:03:04.123 */
export function timeOfDay(text) {
  const at = valid(text);
  return at ? `${clock.format(at)}.${String(at.getMilliseconds()).padStart(3, "0")}` : "";
}

/** 12:03 */
export function shortTime(text) {
  const at = valid(text);
  return at ? short.format(at) : "";
}

/** Thursday, November 26 */
export function dayName(text, now = new Date()) {
  const at = valid(text);
  if (!at) return "";
  if (at.toDateString() === now.toDateString()) return "Today";
  return at.getFullYear() === now.getFullYear() ? day.format(at) : dayAndYear.format(at);
}

export function fullTime(text) {
  const at = valid(text);
  return at ? full.format(at) : "";
}

/** Returns the time for today, and the date for other days. */
export function when(text, now = new Date()) {
  const at = valid(text);
  if (!at) return "";
  if (at.toDateString() === now.toDateString()) return short.format(at);
  const isThisYear = at.getFullYear() === now.getFullYear();
  return at.toLocaleDateString("en-US", isThisYear ? { month: "short", day: "numeric" } : { year: "numeric", month: "short", day: "numeric" });
}

export function milliseconds(value) {
  if (value === null || value === undefined) return "";
  if (value >= 10_000) return `${(value / 1000).toFixed(1)} s`;
  if (value >= 100) return `${Math.round(value)} ms`;
  return `${value.toFixed(1)} ms`;
}

export function bytes(value) {
  if (value === null || value === undefined) return "";
  if (value < 1024) return `${value} B`;
  if (value < 1024 * 1024) return `${(value / 1024).toFixed(1)} KB`;
  return `${(value / 1024 / 1024).toFixed(1)} MB`;
}

/** Shortens a client's name, as to `stream-chat-rust-v0.1.0`. */
export function clientName(text) {
  return (text ?? "").split("|")[0].replace(/^stream-chat-/, "").trim();
}
