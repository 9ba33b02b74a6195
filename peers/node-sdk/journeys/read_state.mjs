export default async function (t, api) {
  const { chat } = api;
  const [john, jane] = await api.users(t, 'john', 'jane');
  const channel = await api.channel(t, [john, jane]);
  const total = async (user_id) => (await chat.unreadCounts({ user_id })).total_unread_count;
  const read = async (user_id) => (await channel.getOrCreate()).read?.find((state) => state.user.id === user_id);
  const listed = async (has_unread) =>
    (await chat.queryChannels({ filter_conditions: { cid: channel.cid, has_unread }, user_id: jane })).channels.length;
  const messages = [];

  await t.step('counts unread messages', async () => {
    for (const text of ['one', 'two', 'three']) messages.push(await api.send(channel, john, text));
    const counts = await chat.unreadCounts({ user_id: jane });
    t.equal(counts.total_unread_count, 3, 'all of the reader');
    t.equal(counts.channels.map(({ channel_id, unread_count }) => [channel_id, unread_count]), [[channel.cid, 3]], 'by channel');
    t.equal(
      counts.channel_type.map(({ channel_type, channel_count, unread_count }) => [channel_type, channel_count, unread_count]),
      [['messaging', 1, 3]],
      'by channel type',
    );
    t.equal(await total(john), 0, 'the author has read his own messages');
    t.equal((await read(jane))?.unread_messages, 3, 'the read state of the reader');
    t.equal((await read(john))?.unread_messages, 0, 'the read state of the author');
    const { counts_by_user } = await chat.unreadCountsBatch({ user_ids: [john, jane] });
    t.equal([counts_by_user[john]?.total_unread_count, counts_by_user[jane]?.total_unread_count], [0, 3], 'in a batch');
    t.equal([await listed(true), await listed(false)], [1, 0], 'the filter `has_unread`');
  });

  await t.step('leaves out what does not count', async () => {
    await api.send(channel, john, 'shh', { silent: true });
    await api.send(channel, john, 'in a thread', { parent_id: messages[0].id });
    await chat.sendReaction({ id: messages[0].id, reaction: { type: 'like', user_id: john } });
    await api.send(channel, jane, 'my own');
    await channel.markUnread({ user_id: jane, message_id: messages[0].id });
    t.equal(await total(jane), 3, 'silent messages, replies, reactions and own messages are not counted');
  });

  await t.step('marks as read', async () => {
    const { event } = await channel.markRead({ user_id: jane });
    t.equal([event?.type, event?.user?.id, event?.cid], ['message.read', jane, channel.cid], 'the event');
    t.equal(await total(jane), 0, 'nothing is unread');
    t.equal((await read(jane))?.unread_messages, 0, 'the read state');
    t.equal([await listed(true), await listed(false)], [0, 1], 'the filter `has_unread`');
    await t.refuses(() => channel.markRead({}), { status: 400, code: 4 }, 'the reader must be named');
  });

  await t.step('marks as unread from a message on', async () => {
    const [, two, three] = messages;
    await channel.markUnread({ user_id: jane, message_id: two.id });
    t.equal(await total(jane), 2, 'this one and the later ones');
    await chat.deleteMessage({ id: three.id, hard: true });
    t.equal(await total(jane), 1, 'a hard delete takes one away');
    await channel.markUnread({ user_id: jane, message_timestamp: messages[0].created_at });
    t.equal(await total(jane), 2, 'from a time on');
  });

  await t.step('marks all channels as read', async () => {
    await chat.markChannelsRead({ user_id: jane });
    t.equal(await total(jane), 0, 'nothing is unread');
    await api.send(channel, john, 'more');
    await chat.markChannelsRead({ user_id: jane, read_by_channel: { [channel.cid]: '' } });
    t.equal(await total(jane), 0, 'one channel by its cid');
  });

  await t.step('counts unread threads', async () => {
    const parent = await api.send(channel, jane, 'a question');
    await api.send(channel, john, 'an answer', { parent_id: parent.id });
    const counts = await chat.unreadCounts({ user_id: jane });
    t.equal(counts.total_unread_threads_count, 1, 'the number of threads');
    t.equal(counts.threads.map(({ parent_message_id, unread_count }) => [parent_message_id, unread_count]), [[parent.id, 1]], 'by thread');
    await channel.markRead({ user_id: jane, thread_id: parent.id });
    t.equal((await chat.unreadCounts({ user_id: jane })).total_unread_threads_count, 0, 'after reading the thread');
    await channel.markUnread({ user_id: jane, thread_id: parent.id });
    t.equal((await chat.unreadCounts({ user_id: jane })).total_unread_threads_count, 1, 'after marking it as unread');
  });

  await t.step('starts new members at zero', async () => {
    const [kate] = await api.users(t, 'kate');
    await channel.update({ add_members: [{ user_id: kate }] });
    t.equal(await total(kate), 0, 'older messages do not count');
    await api.send(channel, john, 'welcome');
    t.equal(await total(kate), 1, 'newer ones do');
    await channel.update({ remove_members: [kate] });
    t.equal(await total(kate), 0, 'leaving forgets them');
  });

  await t.step('records deliveries', async () => {
    const type = t.id('type');
    await chat.createChannelType({
      name: type, automod: 'disabled', automod_behavior: 'flag', max_message_length: 5000, delivery_events: true, read_events: true,
    });
    const delivered = chat.channel(type, t.id('delivered'));
    await delivered.getOrCreate({ data: { created_by_id: john, members: [{ user_id: john }, { user_id: jane }] } });
    const message = await api.send(delivered, john, 'did it arrive?');
    await chat.markDelivered({ user_id: jane, latest_delivered_messages: [{ cid: delivered.cid, id: message.id }] });
    const state = (await delivered.getOrCreate()).read?.find(({ user }) => user.id === jane);
    t.equal(state?.last_delivered_message_id, message.id, 'the delivered message');
    t.ok(state?.last_delivered_at instanceof Date, 'the time of delivery');
    t.equal(state?.unread_messages, 1, 'it is still unread');
  });
}
