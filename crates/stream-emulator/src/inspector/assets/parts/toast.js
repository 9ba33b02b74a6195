// Short notifications at the lower edge.

import { h } from "../core/dom.js";

const SHOWN_FOR = 4000;

export function toast(text, kind = "note") {
  const element = h("div", { class: `toast toast-${kind}` }, text);
  document.getElementById("toasts").append(element);
  setTimeout(() => element.remove(), SHOWN_FOR);
}

/** Shows an error. */
export const complain = (error) => toast(error?.message ?? String(error), "error");

/** Copies a text, and confirms it. */
export async function copy(text, what = "Copied") {
  try {
    await navigator.clipboard.writeText(text);
    toast(what);
  } catch {
    toast("The browser does not let the page copy.", "error");
  }
}
