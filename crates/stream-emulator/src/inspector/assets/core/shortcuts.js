// Keyboard shortcuts: single keys, and `g` followed by a key. They are off in text fields.

const single = new Map();
const chords = new Map();
let isChord = false;
let timer = 0;

export function shortcut(key, act) {
  (key.startsWith("g ") ? chords : single).set(key.replace(/^g /, ""), act);
}

const isTyping = (target) => target instanceof Element && target.closest("input, textarea, select, [contenteditable]");

export function listen() {
  addEventListener("keydown", (event) => {
    const withCommand = event.ctrlKey || event.metaKey;
    if (withCommand && event.key.toLowerCase() === "k") {
      event.preventDefault();
      single.get("mod+k")?.(event);
      return;
    }
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) {
      single.get("Escape")?.(event);
      return;
    }
    if (withCommand || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (isChord) {
      isChord = false;
      clearTimeout(timer);
      const act = chords.get(event.key);
      if (act) {
        event.preventDefault();
        event.stopPropagation();
        act(event);
      }
      return;
    }
    if (event.key === "g") {
      isChord = true;
      timer = setTimeout(() => (isChord = false), 1200);
      return;
    }
    const act = single.get(event.key);
    if (!act) return;
    // The character must not be typed into the field that gets the focus.
    if (event.key === "/" || event.key === "?") event.preventDefault();
    act(event);
  }, { capture: true });
}
