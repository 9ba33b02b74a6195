// The client of npm `@stream-io/node-sdk`: the generated server SDK for Node, on the v2 paths.

import { StreamClient } from '@stream-io/node-sdk';

export function connect({ baseUrl, key, secret, exchanges }) {
  const send = globalThis.fetch;
  globalThis.fetch = async (url, options) => {
    const response = await send(url, options);
    exchanges.add({
      method: options?.method ?? 'GET',
      url,
      request: options?.body,
      status: response.status,
      response: await response.clone().text(),
    });
    return response;
  };
  const client = new StreamClient(key, secret, { basePath: baseUrl, timeout: 20_000 });
  return {
    baseUrl,
    key,
    secret,
    client,
    chat: client.chat,
    moderation: client.moderation,

    /** Creates a user for each name, and returns the IDs. */
    async users(t, ...names) {
      const ids = names.map((name) => t.id(name));
      await client.upsertUsers(ids.map((id) => ({ id })));
      return ids;
    },

    /** Creates a channel whose first member is its creator. */
    async channel(t, members, data = {}) {
      const channel = client.chat.channel('messaging', t.id('room'));
      await channel.getOrCreate({
        data: { created_by_id: members[0], members: members.map((user_id) => ({ user_id })), ...data },
      });
      return channel;
    },

    async send(channel, user_id, text, more = {}) {
      const { message } = await channel.sendMessage({ message: { text, user_id, ...more } });
      return message;
    },

    /** Waits until a task has succeeded, and returns it. */
    async task(t, id) {
      return await t.until(async () => {
        const task = await client.getTask({ id });
        return task.status === 'completed' && task;
      }, 'the task completes');
    },
  };
}
