// A request as a command line, without credentials: what signs it comes from the environment.

const LEFT_OUT = new Set(["host", "content-length", "connection", "accept-encoding", "content-encoding", "transfer-encoding", "user-agent", "accept", "origin", "referer", "cookie"]);

const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

export function curl(request) {
  const query = request.query.map(([name, value]) =>
    `${encodeURIComponent(name)}=${value === "[redacted]" ? "" : encodeURIComponent(value)}`).join("&");
  const lines = [`curl -X ${request.method} ${quoted(`${location.origin}${request.path}${query ? `?${query}` : ""}`)}`];
  for (const [name, value] of request.request_headers) {
    if (LEFT_OUT.has(name) || (name.startsWith("sec-") && name !== "sec-websocket-protocol")) continue;
    if (name === "authorization") lines.push(`-H "authorization: $STREAM_TOKEN"`);
    else if (value !== "[redacted]") lines.push(`-H ${quoted(`${name}: ${value}`)}`);
  }
  const { form, value, whole } = request.request;
  if (form === "json" && whole) lines.push(`--data ${quoted(JSON.stringify(value))}`);
  else if (form === "text" && whole) lines.push(`--data-raw ${quoted(value)}`);
  return lines.join(" \\\n  ");
}
