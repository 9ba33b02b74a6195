export default async function (t, api) {
  const { client } = api;
  const [john, jane] = await api.users(t, 'john', 'jane');
  const channel = await api.channel(t, [john, jane]);
  const total = async (user) => (await client.getUnreadCount(user)).total_unread_count;
  const read = async (user) => (await channel.query({ state: true })).read?.find((state) => state.user.id === user);
  const [one, two, three] = [
    await api.send(channel, john, 'one'),
    await api.send(channel, john, 'two'),
    await api.send(channel, john, 'three'),
  ];

  await t.step('counts unread messages', async () => {
    const counts = await client.getUnreadCount(jane);
    t.equal(counts.total_unread_count, 3, 'all of the reader');
    t.equal(counts.channels.map(({ channel_id, unread_count }) => [channel_id, unread_count]), [[channel.cid, 3]], 'by channel');
    t.ok(typeof counts.channels[0]?.last_read === 'string', 'the last read is text');
    t.equal([(await read(jane))?.unread_messages, (await read(john))?.unread_messages], [3, 0], 'the read states');
    const { counts_by_user } = await client.getUnreadCountBatch([john, jane]);
    t.equal([counts_by_user[john]?.total_unread_count, counts_by_user[jane]?.total_unread_count], [0, 3], 'in a batch');
  });

  await t.step('marks as read and unread', async () => {
    const response = await channel.markRead({ user_id: jane });
    t.equal([response?.event?.type, response?.event?.user?.id], ['message.read', jane], 'the event');
    t.equal(await total(jane), 0, 'nothing is unread');
    await channel.markUnread({ user_id: jane, message_id: two.id });
    t.equal(await total(jane), 2, 'from a message on');
    t.ok((await read(jane))?.last_read < two.created_at, 'the last read is before it');
    await channel.markRead({ user_id: jane, message_id: two.id });
    t.equal(await total(jane), 1, 'read up to a message');
    await client.markChannelsRead({ user_id: jane });
    t.equal(await total(jane), 0, 'all channels');
  });

  await t.step('leaves out what does not count', async () => {
    await api.send(channel, john, 'shh', { silent: true });
    await api.send(channel, john, 'in a thread', { parent_id: one.id });
    await channel.sendReaction(three.id, { type: 'like', user_id: john });
    t.equal(await total(jane), 0, 'silent messages, replies and reactions');
  });

  await t.step('forgets what is gone', async () => {
    await api.send(channel, john, 'four');
    t.equal(await total(jane), 1, 'before');
    await channel.truncate();
    t.equal(await total(jane), 0, 'after truncating the channel');
    await api.send(channel, john, 'five');
    await channel.removeMembers([jane]);
    t.equal(await total(jane), 0, 'after leaving it');
    await channel.addMembers([jane]);
    t.equal(await total(jane), 0, 'after coming back');
  });

  await t.step('counts unread threads', async () => {
    const parent = await api.send(channel, jane, 'a question');
    await api.send(channel, john, 'an answer', { parent_id: parent.id });
    const counts = await client.getUnreadCount(jane);
    t.equal([counts.total_unread_threads_count, counts.threads?.[0]?.parent_message_id], [1, parent.id], 'the threads');
    await channel.markRead({ user_id: jane, thread_id: parent.id });
    t.equal((await client.getUnreadCount(jane)).total_unread_threads_count, 0, 'after reading it');
  });

  await t.step('reports deliveries', async () => {
    const message = await api.send(channel, john, 'arrived?');
    const response = await client.markChannelsDelivered({
      user_id: jane,
      latest_delivered_messages: [{ cid: channel.cid, id: message.id }],
    });
    t.ok(response?.duration, 'the response');
  });
}
