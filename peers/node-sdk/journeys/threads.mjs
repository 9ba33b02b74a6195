export default async function (t, api) {
  const { chat } = api;
  const [john, jane, kate] = await api.users(t, 'john', 'jane', 'kate');
  const channel = await api.channel(t, [john, jane, kate]);
  const parent = await api.send(channel, john, 'a question');
  const message_id = parent.id;
  for (const text of ['one', 'two', 'three']) await api.send(channel, jane, text, { parent_id: message_id });
  await api.send(channel, kate, 'four', { parent_id: message_id });

  await t.step('reads a thread', async () => {
    const { thread } = await chat.getThread({ message_id, reply_limit: 2 });
    t.equal([thread.parent_message_id, thread.channel_cid], [message_id, channel.cid], 'what it belongs to');
    t.equal(thread.parent_message?.text, 'a question', 'the parent');
    t.equal(thread.created_by_user_id, jane, 'the first replier made it');
    t.equal(thread.reply_count, 4, 'the number of replies');
    t.equal(thread.latest_replies.map(({ text }) => text), ['three', 'four'], 'the latest replies');
    t.sameSet(thread.thread_participants?.map(({ user_id }) => user_id), [john, jane, kate], 'the participants');
    t.equal(thread.participant_count, 3, 'their number');
    t.ok(thread.last_message_at instanceof Date, 'the time of the last reply');
    await t.refuses(() => chat.getThread({ message_id: t.id('missing') }), { status: 404, code: 16 }, 'a missing thread');
  });

  await t.step('updates a thread', async () => {
    const { thread } = await chat.updateThreadPartial({ message_id, user_id: john, set: { title: 'A title', color: 'red', size: 2 } });
    t.equal([thread.title, thread.custom], ['A title', { color: 'red', size: 2 }], 'what was set');
    await chat.updateThreadPartial({ message_id, user_id: john, unset: ['size'] });
    const later = (await chat.getThread({ message_id })).thread;
    t.equal([later.title, later.custom], ['A title', { color: 'red' }], 'in a later read');
  });

  await t.step('queries threads', async () => {
    const other = await api.send(channel, john, 'another question');
    await api.send(channel, jane, 'an answer', { parent_id: other.id });
    const query = (more) => chat.queryThreads({ user_id: john, filter: { channel_cid: channel.cid }, ...more });
    const ids = ({ threads }) => threads.map((thread) => thread.parent_message_id);
    const sort = [{ field: 'reply_count', direction: -1 }];
    t.equal(ids(await query({ sort })), [message_id, other.id], 'all of a channel, by the number of replies');
    const first = await query({ sort, limit: 1 });
    t.equal(ids(first), [message_id], 'the first page');
    t.ok(first.next, 'there is a next one');
    t.equal(ids(await query({ sort, limit: 1, next: first.next })), [other.id], 'the next page');
    t.equal(ids(await query({ filter: { channel_cid: channel.cid, reply_count: { $gt: 1 } } })), [message_id], 'by the number of replies');
    t.equal(ids(await query({ filter: { parent_message_id: other.id } })), [other.id], 'by the parent');
    t.equal(ids(await query({ filter: { created_by_user_id: kate } })), [], 'by who made it');
    t.equal(ids(await query({ user_id: kate })), [message_id], 'those in which the user takes part');
    await t.refuses(() => query({ limit: 101 }), { status: 400, code: 4 }, 'too large a page');
  });

  await t.step('follows its replies', async () => {
    const { message } = await channel.sendMessage({ message: { text: 'five', user_id: kate, parent_id: message_id } });
    await chat.deleteMessage({ id: message.id, hard: true });
    t.equal((await chat.getThread({ message_id })).thread.reply_count, 4, 'a hard delete takes one away');
  });
}
