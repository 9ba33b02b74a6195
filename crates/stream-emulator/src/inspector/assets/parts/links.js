// Links from user content, restricted to safe ones.

/** Returns the URL of a file that the emulator serves; null for all others. */
export function ownFile(url) {
  if (typeof url !== "string" || !url.includes("/emulator/files/")) return null;
  try {
    const parsed = new URL(url, location.href);
    const isHere = ["localhost", "127.0.0.1", "[::1]"].includes(parsed.hostname) && parsed.port === location.port;
    return isHere && parsed.pathname.startsWith("/emulator/files/") ? parsed.pathname : null;
  } catch {
    return null;
  }
}

/** Returns an HTTP URL; null for scripts and other schemes. */
export function webAddress(url) {
  try {
    const parsed = new URL(url, location.href);
    return parsed.protocol === "https:" || parsed.protocol === "http:" ? parsed : null;
  } catch {
    return null;
  }
}
