// The client of npm `stream-chat` with the API secret: the server side of the JavaScript SDK, on the v1 paths.

import { StreamChat } from 'stream-chat';

const text = (data) => (typeof data === 'string' ? data : JSON.stringify(data));

export function connect({ baseUrl, key, secret, exchanges }) {
  const record = ({ config, status, data }) =>
    exchanges.add({
      method: config.method,
      url: `${config.url}?${new URLSearchParams(
        Object.entries(config.params ?? {})
          .filter(([, value]) => value !== undefined && value !== null)
          .map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : value]),
      )}`,
      request: text(config.data),
      status,
      response: text(data),
    });
  const server = new StreamChat(key, secret, { baseURL: baseUrl, timeout: 20_000, disableCache: true });
  server.axiosInstance.interceptors.response.use(
    (response) => {
      record(response);
      return response;
    },
    (error) => {
      if (error.response) record(error.response);
      throw error;
    },
  );
  return {
    baseUrl,
    key,
    secret,
    client: server,

    /** Creates a user for each name, and returns the IDs. */
    async users(t, ...names) {
      const ids = names.map((name) => t.id(name));
      await server.upsertUsers(ids.map((id) => ({ id })));
      return ids;
    },

    /** Creates a channel whose first member is its creator. */
    async channel(t, members, data = {}) {
      const channel = server.channel('messaging', t.id('room'), {
        created_by_id: members[0],
        members,
        ...data,
      });
      await channel.create();
      return channel;
    },

    async send(channel, user_id, text, more = {}) {
      const { message } = await channel.sendMessage({ text, user_id, ...more });
      return message;
    },

    /** Waits until a task has succeeded, and returns it. */
    async task(t, id) {
      return await t.until(async () => {
        const task = await server.getTask(id);
        return task.status === 'completed' && task;
      }, 'the task completes');
    },
  };
}
