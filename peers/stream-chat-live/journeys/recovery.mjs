// A connection that breaks: the client reconnects, and gets the missed events.

import { EventRecorder } from '../client.mjs';

export default async function (t, api) {
  const [jane, bob] = await api.connected(t, 'jane', 'bob');
  const room = await api.channel(t, [jane, bob]);
  const [hers, his] = await api.watched(room, jane, bob);

  await t.step('comes back after a drop', async () => {
    const own = new EventRecorder(bob);
    const before = bob.wsConnection.connectionID;
    await api.drop();
    await room.sendMessage({ text: 'meanwhile', user_id: jane.userID });
    await own.waitFor(t, 'connection.changed', ({ online }) => online);
    await own.waitFor(t, 'connection.recovered');
    t.ok(bob.wsConnection.connectionID !== before, 'with a new connection id');
    await t.until(
      () => his.state.messages.some(({ text }) => text === 'meanwhile'),
      'what was said meanwhile is there',
    );
  });

  await t.step('watches as before', async () => {
    const recorder = new EventRecorder(his);
    await t.until(() => jane.wsConnection?.isHealthy, 'the other is back, too');
    await hers.sendMessage({ text: 'after' });
    t.equal((await recorder.waitFor(t, 'message.new')).message?.text, 'after', 'what is said after it');
  });

  await t.step('syncs', async () => {
    const since = new Date(Date.now() - 60_000).toISOString();
    const { events } = await bob.sync([room.cid], since);
    const texts = events.filter(({ type }) => type === 'message.new').map(({ message }) => message.text);
    t.equal(texts, ['meanwhile', 'after'], 'the messages since then');
  });

  await Promise.all([jane, bob].map((client) => client.disconnectUser()));
}
