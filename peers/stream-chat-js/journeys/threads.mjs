export default async function (t, api) {
  const { client } = api;
  const [john, jane, kate] = await api.users(t, 'john', 'jane', 'kate');
  const channel = await api.channel(t, [john, jane, kate]);
  const parents = [];
  for (const text of ['one', 'two']) parents.push((await api.send(channel, john, text)).id);
  for (const text of ['a', 'b', 'c']) await api.send(channel, jane, text, { parent_id: parents[0] });
  await api.send(channel, kate, 'd', { parent_id: parents[1] });
  const post = async (options) => client.post(`${client.baseURL}/threads`, options);
  const ids = ({ threads }) => threads.map((thread) => thread.parent_message_id);

  await t.step('reads a thread', async () => {
    const { thread } = await client.get(`${client.baseURL}/threads/${parents[0]}`, { reply_limit: 2 });
    t.equal([thread.channel_cid, thread.reply_count], [channel.cid, 3], 'what it belongs to, and its replies');
    t.equal(thread.created_by_user_id ?? thread.created_by?.id, jane, 'the first replier made it');
    t.equal(thread.latest_replies.map(({ text }) => text), ['b', 'c'], 'the latest replies');
    t.sameSet(thread.thread_participants.map(({ user_id, user }) => user_id ?? user.id), [john, jane], 'the participants');
    const object = await client.getThread(parents[0], { watch: false });
    t.equal(object.id, parents[0], 'as an object of the SDK');
  });

  await t.step('updates a thread', async () => {
    await client.partialUpdateThread(parents[0], { set: { title: 'A title', color: 'red' }, user_id: john });
    const { thread } = await client.get(`${client.baseURL}/threads/${parents[0]}`);
    t.equal([thread.title, thread.color], ['A title', 'red'], 'custom data is flat');
  });

  await t.step('queries threads', async () => {
    const filter = { channel_cid: channel.cid };
    const sort = [{ field: 'created_at', direction: 1 }];
    t.equal(ids(await post({ user_id: john, filter, sort })), parents, 'oldest first');
    const first = await post({ user_id: john, filter, sort, limit: 1 });
    t.equal(ids(await post({ user_id: john, filter, sort, limit: 1, next: first.next })), [parents[1]], 'a page');
    t.equal(ids(await post({ user_id: kate })), [parents[1]], 'those in which the user takes part');
    const { threads } = await client.queryThreads({ user_id: john, watch: false, filter });
    t.equal(threads.length, 2, 'as objects of the SDK');
  });
}
