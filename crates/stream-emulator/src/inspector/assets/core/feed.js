// News from the emulator: one stream, while the page is seen.

import { show } from "./api.js";

const listeners = new Set();
let source = null;
let instance = null;

/** What is known of the emulator as a whole. */
export const state = { isLive: false, overview: null, counts: {}, clockOffset: 0 };

/** Calls a function with news; returns what ends that. */
export function onNews(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(news) {
  for (const listener of [...listeners]) listener(news);
}

function take(counts) {
  state.counts = counts;
  state.clockOffset = Date.parse(counts.now) - Date.parse(counts.system_now);
}

/** What the emulator's clock shows, as far as the page knows. */
export const emulatedNow = () => new Date(Date.now() + state.clockOffset);

/** Asks for everything anew, such as after a gap. */
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
  source.addEventListener("news", (event) => {
    const news = JSON.parse(event.data);
    take(news.counts);
    tell(news);
  });
  source.addEventListener("error", () => {
    const wasLive = state.isLive;
    state.isLive = false;
    if (wasLive) tell({ requests: [], missed_requests: false, events: false, counts: state.counts });
    // The browser tries again by itself, unless it was refused.
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

/** Begins. A page in the background keeps no connection: browsers have few for each host. */
export function start() {
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  if (!document.hidden) open();
}

/** Which emulator the page talks to; another one after a restart. */
export const currentInstance = () => instance;
