// The theme: dark, light, or that of the system.

const KEY = "inspector.theme";
const ORDER = ["auto", "light", "dark"];

export const theme = () => document.documentElement.dataset.theme ?? "auto";

/** Switches to the next theme, and returns it. */
export function nextTheme() {
  const next = ORDER[(ORDER.indexOf(theme()) + 1) % ORDER.length];
  if (next === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  try {
    if (next === "auto") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, next);
  } catch {
    // Without storage, the choice lasts as long as the page.
  }
  return next;
}
