// A client of the API for one user, as front ends have it: v1 over HTTP, events over a WebSocket.

import { act } from "../core/api.js";

const HEARTBEAT = 25_000;
const MAX_WAIT = 25_000;

export class Client {
  #session;
  #socket = null;
  #timer = 0;
  #failures = 0;
  #isClosed = false;

  /** `onEvent` is called with each event, `onState` with whether there is a connection. */
  constructor(userId, { onEvent, onState }) {
    Object.assign(this, { userId, onEvent, onState });
    this.connectionId = null;
  }

  /** Gets a token and connects. */
  async start() {
    this.#session = await act("login", { user_id: this.userId });
    await this.#connect();
  }

  /** Connects. Calls work without a connection, too. */
  #connect() {
    return new Promise((resolve) => {
      const json = JSON.stringify({ user_id: this.userId, user_details: { id: this.userId } });
      const query = new URLSearchParams({ json, api_key: this.#session.api_key, authorization: this.#session.token, "stream-auth-type": "jwt", "X-Stream-Client": "stream-emulator-inspector" });
      const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/connect?${query}`);
      this.#socket = socket;
      socket.onmessage = ({ data }) => {
        const event = JSON.parse(data);
        if (event.error) {
          this.onState("refused", event.error.message);
          resolve();
          return;
        }
        if (this.connectionId === null && event.connection_id) {
          this.connectionId = event.connection_id;
          this.#failures = 0;
          this.#beat();
          this.onState("connected");
          resolve();
        }
        this.onEvent(event);
      };
      socket.onclose = () => {
        clearInterval(this.#timer);
        this.connectionId = null;
        resolve();
        if (this.#isClosed || this.#socket !== socket) return;
        this.onState("waiting");
        this.#failures += 1;
        setTimeout(() => this.#again(), Math.min(500 + this.#failures * 2000 * Math.random(), MAX_WAIT));
      };
    });
  }

  async #again() {
    if (this.#isClosed) return;
    try {
      this.#session = await act("login", { user_id: this.userId });
      await this.#connect();
    } catch {
      setTimeout(() => this.#again(), 3000);
    }
  }

  #beat() {
    clearInterval(this.#timer);
    this.#timer = setInterval(() => {
      if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify([{ type: "health.check", client_id: this.userId }]));
    }, HEARTBEAT);
  }

  /** Calls the API as the user. An expired token is replaced once. */
  async call(method, path, body, isSecond = false) {
    const query = new URLSearchParams({ api_key: this.#session.api_key, user_id: this.userId });
    if (this.connectionId) query.set("connection_id", this.connectionId);
    const response = await fetch(`${path}?${query}`, {
      method,
      headers: { authorization: this.#session.token, "stream-auth-type": "jwt", "x-stream-client": "stream-emulator-inspector", ...(body ? { "content-type": "application/json" } : {}) },
      body: body ? JSON.stringify(body) : undefined,
    });
    const result = await response.json().catch(() => ({}));
    if (response.status === 401 && !isSecond) {
      this.#session = await act("login", { user_id: this.userId });
      return this.call(method, path, body, true);
    }
    if (!response.ok) throw new Error(result.message ?? `status ${response.status}`);
    return result;
  }

  #of(cid) {
    const [type, ...id] = cid.split(":");
    return `/channels/${encodeURIComponent(type)}/${encodeURIComponent(id.join(":"))}`;
  }

  get #live() {
    return this.connectionId !== null;
  }

  channels() {
    return this.call("POST", "/channels", {
      filter_conditions: { members: { $in: [this.userId] } }, sort: [{ field: "last_message_at", direction: -1 }], limit: 30, state: true, watch: this.#live, presence: false, message_limit: 1,
    });
  }

  open(cid, before) {
    const messages = before ? { limit: 50, id_lt: before } : { limit: 50 };
    return this.call("POST", `${this.#of(cid)}/query`, { state: true, watch: this.#live, presence: false, messages });
  }

  send(cid, message) {
    return this.call("POST", `${this.#of(cid)}/message`, { message });
  }

  react(messageId, type) {
    return this.call("POST", `/messages/${encodeURIComponent(messageId)}/reaction`, { reaction: { type }, enforce_unique: false });
  }

  unreact(messageId, type) {
    return this.call("DELETE", `/messages/${encodeURIComponent(messageId)}/reaction/${encodeURIComponent(type)}`);
  }

  remove(messageId) {
    return this.call("DELETE", `/messages/${encodeURIComponent(messageId)}`);
  }

  read(cid) {
    return this.call("POST", `${this.#of(cid)}/read`, {});
  }

  event(cid, type) {
    return this.call("POST", `${this.#of(cid)}/event`, { event: { type } });
  }

  close() {
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#socket?.close(1000, "logged out");
  }
}
