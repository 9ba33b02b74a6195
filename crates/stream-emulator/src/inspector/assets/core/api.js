// Calls of the emulator: what the inspector shows and does, and the emulator's own controls.

const VIEWS = "/emulator/inspector/api/";

/** An answer that says no. */
export class CallError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function call(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new CallError(0, "The emulator does not answer.");
  }
  const text = await response.text();
  let body = {};
  try {
    body = text ? JSON.parse(text) : {};
  } catch {
    body = { message: text };
  }
  if (!response.ok) throw new CallError(response.status, body.message ?? `status ${response.status}`);
  return body;
}

/** What a view shows. Parameters without a value are left out. */
export function show(view, parameters = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== null && value !== "") query.set(name, String(value));
  }
  const text = query.toString();
  return call(`${VIEWS}${view}${text ? `?${text}` : ""}`);
}

/** Does something that only the inspector does. */
export function act(action, body, method = "POST") {
  return call(`${VIEWS}${action}`, { method, body: JSON.stringify(body ?? {}) });
}

/** Does what tests in any language do too. */
export function control(name, method, body) {
  return call(`/emulator/${name}`, { method, body: body === undefined ? undefined : JSON.stringify(body) });
}
