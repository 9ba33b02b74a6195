// Calls to the emulator: the data and actions of the inspector, and the control API.

const VIEWS = "/emulator/inspector/api/";

/** An error response. */
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
    throw new CallError(0, "The emulator does not respond.");
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

/** Loads the data of a view. Parameters without a value are omitted. */
export function show(view, parameters = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== null && value !== "") query.set(name, String(value));
  }
  const text = query.toString();
  return call(`${VIEWS}${view}${text ? `?${text}` : ""}`);
}

/** Performs an action of the inspector. */
export function act(action, body, method = "POST") {
  return call(`${VIEWS}${action}`, { method, body: JSON.stringify(body ?? {}) });
}

/** Calls the control API, which tests use, too. */
export function control(name, method, body) {
  return call(`/emulator/${name}`, { method, body: body === undefined ? undefined : JSON.stringify(body) });
}
