// The emulator as a separate process, and requests to its API as a backend.

import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { createInterface } from "node:readline";

const VARIABLES = ["STREAM_BASE_URL", "STREAM_API_KEY", "STREAM_API_SECRET"];

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Signs a token. */
export function token(secret, claims) {
  const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

/** Starts a program, and waits until it has printed its exported variables. */
export async function startProgram(program, args, variables, environment = {}) {
  const process_ = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, ...environment } });
  const values = {};
  const ended = new Promise((resolve) => process_.once("exit", resolve));
  const output = createInterface({ input: process_.stdout });
  await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${program} did not print ${variables.join(", ")}`)), 60_000);
    output.on("line", (line) => {
      const [, name, value] = line.match(/(?:export )?([A-Z_]+)=(\S+)/) ?? [];
      if (variables.includes(name)) values[name] = value;
      if (variables.every((wanted) => values[wanted])) {
        clearTimeout(timer);
        resolve();
      }
    });
    ended.then((code) => reject(new Error(`${program} ended with ${code}`)));
  });
  return {
    values,
    async stop() {
      process_.kill("SIGTERM");
      await ended;
    },
  };
}

/** Starts an emulator on a free port. */
export async function startEmulator(args = []) {
  const program = process.env.EMULATOR;
  if (!program) throw new Error("EMULATOR must name the emulator's program: run `cargo xtask browser`");
  const { values, stop } = await startProgram(program, ["--port", "0", "--quiet", ...args], VARIABLES);
  return connect(values, stop);
}

/** Connects to a running emulator. */
export function connect(values, stop = async () => {}) {
  const { STREAM_BASE_URL: url, STREAM_API_KEY: key, STREAM_API_SECRET: secret } = values;
  const server = token(secret, { server: true });
  const call = async (method, path, body, as) => {
    const separator = path.includes("?") ? "&" : "?";
    const response = await fetch(`${url}${path}${separator}api_key=${key}`, {
      method,
      headers: { authorization: as ?? server, "stream-auth-type": "jwt", "content-type": "application/json", "x-stream-client": "stream-chat-rust-v0.1.0" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const result = await response.json();
    if (!response.ok) throw Object.assign(new Error(`${method} ${path}: ${response.status} ${result.message}`), { status: response.status, body: result });
    return result;
  };
  return {
    url, key, secret, stop, call,
    userToken: (id) => token(secret, { user_id: id }),
    users: (list) => call("POST", "/api/v2/users", { users: Object.fromEntries(list.map((user) => [user.id, user])) }),
    channel: (id, members, data = {}, type = "messaging") =>
      call("POST", `/api/v2/chat/channels/${type}/${id}/query`, { data: { created_by_id: members[0], members: members.map((user_id) => ({ user_id })), ...data } }),
    send: async (id, user_id, text, more = {}, type = "messaging") =>
      (await call("POST", `/api/v2/chat/channels/${type}/${id}/message`, { message: { text, user_id, ...more } })).message,
    react: (message, user_id, type) => call("POST", `/api/v2/chat/messages/${message.id}/reaction`, { reaction: { type, user_id } }),
    hooks: (webhook_url) => call("PATCH", "/api/v2/app", { event_hooks: [{ hook_type: "webhook", webhook_url, enabled: true }] }),
  };
}

/** A server that receives webhooks, with configurable responses. */
export async function startReceiver() {
  const received = [];
  const receiver = { received, status: 200 };
  const server = createServer((request, response) => {
    const parts = [];
    request.on("data", (bytes) => parts.push(bytes));
    request.on("end", () => {
      received.push({ headers: request.headers, body: JSON.parse(Buffer.concat(parts).toString()) });
      response.writeHead(receiver.status, { "content-type": "application/json" });
      response.end(JSON.stringify({ received: received.length }));
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  receiver.url = `http://127.0.0.1:${server.address().port}/hooks/stream`;
  receiver.stop = () => new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
  return receiver;
}
