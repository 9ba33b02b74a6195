// A user's picture: initials on a color of their own. Pictures from elsewhere are not loaded, for the
// page has no network but the emulator.

import { h } from "../core/dom.js";
import { ownFile } from "./links.js";

/** Returns a color that depends only on the text. */
export function hue(text) {
  let hash = 0;
  for (const character of text ?? "") hash = (hash * 31 + character.codePointAt(0)) % 997;
  return Math.round((hash * 137.5) % 360);
}

function initials(text) {
  const words = text.replace(/[^\p{L}\p{N}\s]/gu, " ").trim().split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return letters.map((word) => [...word][0].toUpperCase()).join("") || "?";
}

export function avatar(user, { size = 32, isOnline = false } = {}) {
  const name = user?.name || user?.id || "?";
  const element = h(
    "span",
    { class: "avatar", "aria-hidden": "true", style: { "--hue": String(hue(user?.id ?? name)), "--size": `${size}px` } },
    initials(name),
  );
  const file = ownFile(user?.image);
  if (file) element.append(h("img", { src: file, alt: "", loading: "lazy", onerror: (event) => event.target.remove() }));
  if (isOnline) element.append(h("span", { class: "avatar-dot" }));
  return element;
}

export function avatars(users, size = 26) {
  return h("span", { class: "avatars", "aria-hidden": "true" }, users.slice(0, 3).map((user) => avatar(user, { size })));
}
