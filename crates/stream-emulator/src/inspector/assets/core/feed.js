// The stream of updates from the emulator, open while the page is visible.

import { show } from "./api.js";

const listeners = new Set();
let source = null;
let instance = null;

/** The general state of the emulator. */
export const state = { isLive: false, overview: null, counts: {}, clockOffset: 0 };

/** Calls a function on updates, and returns a function that ends this. */
export function onUpdates(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(updates) {
  for (const listener of [...listeners]) listener(updates);
}

function take(counts) {
  state.counts = counts;
  state.clockOffset = Date.parse(counts.now) - Date.parse(counts.system_now);
}

/** Returns the time of the emulator's clock, as far as the page knows. */
export const emulatedNow = () => new Date(Date.now() + state.clockOffset);

/** Loads everything again, such as after a gap. */
export async function refresh() {
  state.overview = await show("overview");
  take(state.overview.counts);
  tell({ requests: [], missed_requests: true, events: true, counts: state.counts });
}

function open() {
  if (source) return;
  source = new EventSource("/emulator/inspector/stream");
  source.addEventListener("hello", (event) => {
    const { instance: other } = JSON.parse(event.data);
    state.isLive = true;
    instance = other;
    refresh().catch(() => {});
  });
  source.addEventListener("updates", (event) => {
    const updates = JSON.parse(event.data);
    take(updates.counts);
    tell(updates);
  });
  source.addEventListener("error", () => {
    const wasLive = state.isLive;
    state.isLive = false;
    if (wasLive) tell({ requests: [], missed_requests: false, events: false, counts: state.counts });
    // The browser reconnects by itself, unless it was refused.
    if (source?.readyState === EventSource.CLOSED) {
      close();
      setTimeout(() => document.hidden || open(), 2000);
    }
  });
}

function close() {
  source?.close();
  source = null;
  state.isLive = false;
}

/** Starts the stream. A page in the background closes it, since browsers limit connections per host. */
export function start() {
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  if (!document.hidden) open();
}

/** The ID of the emulator, which changes with a restart. */
export const currentInstance = () => instance;
