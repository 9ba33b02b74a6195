// A network without WebSockets: the client uses long-polling.

import { EventRecorder } from '../client.mjs';

export default async function (t, api) {
  const [jane] = await api.connected(t, 'jane');
  const bob = t.id('bob');
  await api.server.upsertUsers([{ id: bob }]);
  const client = api.client({ enableWSFallback: true });
  const room = api.server.channel('messaging', t.id('room'), {
    created_by_id: jane.userID,
    members: [jane.userID, bob],
  });
  await room.create();

  await api.withoutSockets(async () => {
    await t.step('falls back to polling', async () => {
      const changes = new EventRecorder(client);
      const hello = await client.connectUser({ id: bob, name: 'Bob' }, api.token(bob));
      t.equal(hello.me?.id, bob, 'it connects');
      t.equal((await changes.waitFor(t, 'transport.changed')).mode, 'longpoll', 'by polling');
      t.ok(client.wsFallback?.isHealthy(), 'and is healthy');
    });

    await t.step('gets events', async () => {
      const his = client.channel('messaging', room.id);
      const recorder = new EventRecorder(his);
      await his.watch();
      for (const text of ['one', 'two', 'three']) await room.sendMessage({ text, user_id: jane.userID });
      await recorder.waitFor(t, 'message.new', ({ message }) => message.text === 'three');
      const texts = recorder.all('message.new').map(({ message }) => message.text);
      t.equal(texts, ['one', 'two', 'three'], 'all of them, in order');
      await his.markRead();
      await recorder.waitFor(t, 'message.read');
    });

    await t.step('ends', async () => {
      await client.disconnectUser();
      await t.until(async () => {
        const { users } = await api.server.queryUsers({ id: bob });
        return users[0].online === false;
      }, 'the user goes offline');
    });
  });

  await jane.disconnectUser();
}
