// The client of npm `stream-chat` as a front end uses it, under Node: users with tokens, and live connections.

import { StreamChat } from 'stream-chat';

const text = (data) => (typeof data === 'string' ? data : JSON.stringify(data));

export function connect({ baseUrl, key, secret, exchanges }) {
  const record = ({ config, status, data }) =>
    exchanges.add({
      method: config.method,
      url: config.url,
      request: text(config.data),
      status,
      response: text(data),
    });
  const make = (credentials, more = {}) => {
    const client = new StreamChat(key, ...credentials, {
      baseURL: baseUrl,
      timeout: 20_000,
      disableCache: true,
      allowServerSideConnect: true,
      ...more,
    });
    client.axiosInstance.interceptors.response.use(
      (response) => {
        record(response);
        return response;
      },
      (error) => {
        if (error.response) record(error.response);
        throw error;
      },
    );
    return client;
  };
  const server = make([secret]);
  return {
    baseUrl,
    server,

    /** Returns a client that is not connected yet. */
    client: (options) => make([], options),

    token: (id, expires) => server.createToken(id, expires),

    /** Creates users with these names, and returns a connected client for each. */
    async connected(t, ...names) {
      const ids = names.map((name) => t.id(name));
      await server.upsertUsers(ids.map((id, index) => ({ id, name: names[index] })));
      return await Promise.all(ids.map((id) => this.connect(id)));
    },

    async connect(id, more = {}) {
      const client = make([]);
      await client.connectUser({ id, ...more }, server.createToken(id));
      return client;
    },

    /** Creates a channel whose first member is its creator, by the backend. */
    async channel(t, clients, data = {}) {
      const members = clients.map(({ userID }) => userID);
      const channel = server.channel('messaging', t.id('room'), {
        created_by_id: members[0],
        members,
        ...data,
      });
      await channel.create();
      return channel;
    },

    /** Watches a channel with each of the clients. */
    async watched(channel, ...clients) {
      const channels = clients.map((client) => client.channel(channel.type, channel.id));
      for (const own of channels) await own.watch({ presence: true });
      return channels;
    },

    /** Breaks all live connections, as a network failure does. */
    async drop() {
      await fetch(`${baseUrl}/emulator/connections`, { method: 'DELETE' });
    },

    /** Blocks WebSockets while a function runs. */
    async withoutSockets(body) {
      const url = `${baseUrl}/emulator/faults`;
      const fault = { operation: 'Connect', status: 502, body: 'no sockets here', times: 1000 };
      await fetch(url, { method: 'POST', body: JSON.stringify(fault) });
      try {
        await body();
      } finally {
        await fetch(url, { method: 'DELETE' });
      }
    },
  };
}

/** Records the events of a client or a channel from now on. */
export class EventRecorder {
  events = [];

  constructor(target) {
    target.on((event) => this.events.push(event));
  }

  all(type) {
    return this.events.filter((event) => event.type === type);
  }

  /** Waits for an event of a type, and returns the latest one. */
  async waitFor(t, type, fits = () => true) {
    const probe = () => this.all(type).findLast(fits);
    return (await t.until(probe, `${type} arrives`)) ?? {};
  }

  clear() {
    this.events = [];
  }
}
