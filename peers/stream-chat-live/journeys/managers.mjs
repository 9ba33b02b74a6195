// The client's own state beyond a channel: threads, polls, lists of channels, presence.

export default async function (t, api) {
  const [jane, bob] = await api.connected(t, 'jane', 'bob');
  const room = await api.channel(t, [jane, bob]);
  const [hers, his] = await api.watched(room, jane, bob);
  const { message } = await hers.sendMessage({ text: 'parent' });
  const latest = (manager) => manager.state.getLatestValue();

  await t.step('counts replies in the parent message', async () => {
    await his.sendMessage({ text: 'one', parent_id: message.id });
    await t.until(() => hers.state.messages[0]?.reply_count === 1, 'the parent is updated');
    t.equal(hers.state.threads[message.id]?.length, 1, 'the reply is in the thread');
  });

  await t.step('follows a thread', async () => {
    jane.threads.registerSubscriptions();
    await jane.threads.reload({ force: true });
    await t.until(() => latest(jane.threads).threads.length === 1, 'the thread is listed');
    const [thread] = latest(jane.threads).threads;
    thread.registerSubscriptions();
    t.equal(thread.ownUnreadCount, 1, 'the reply is unread');
    await his.sendMessage({ text: 'two', parent_id: message.id });
    await t.until(() => latest(thread).replies.length === 2, 'the next reply arrives');
    await t.until(() => latest(thread).replyCount === 2, 'and is counted');
    await thread.markAsRead();
    await t.until(() => thread.ownUnreadCount === 0, 'all are read');
  });

  await t.step('replaces reactions', async () => {
    await his.sendReaction(message.id, { type: 'love' });
    await his.sendReaction(message.id, { type: 'wow' }, { enforce_unique: true });
    const own = () => his.state.messages[0].own_reactions.map(({ type }) => type).join();
    await t.until(() => own() === 'wow', 'the own reactions have only the new one');
  });

  await t.step('votes anonymously', async () => {
    for (const { polls } of [jane, bob]) polls.registerSubscriptions();
    const { poll } = await jane.createPoll({
      name: 'lunch',
      voting_visibility: 'anonymous',
      options: [{ text: 'soup' }],
    });
    const { message: asked } = await hers.sendMessage({ text: '', poll_id: poll.id });
    await t.until(() => bob.polls.fromState(poll.id), 'the poll arrives');
    const [option] = poll.options;
    await bob.castPollVote(asked.id, poll.id, { option_id: option.id });
    const data = (client) => client.polls.fromState(poll.id).data;
    await t.until(() => data(bob).ownVotesByOptionId[option.id], 'the voter knows the own vote');
    await t.until(() => data(jane).vote_count === 1, 'the other sees the count');
    t.equal(data(jane).ownVotesByOptionId[option.id], undefined, 'and no vote of their own');
  });

  await t.step('keeps a list of channels', async () => {
    const manager = jane.createChannelManager({});
    manager.registerSubscriptions();
    await manager.queryChannels({ members: { $in: [jane.userID] } }, { last_message_at: -1 });
    const ids = () => latest(manager).channels.map(({ id }) => id);
    const other = await api.channel(t, [bob, jane]);
    await t.until(() => ids().includes(other.id), 'a new channel is added');
    await other.sendMessage({ text: 'up', user_id: bob.userID });
    await t.until(() => ids()[0] === other.id, 'a message moves it to the top');
    await jane.channel('messaging', other.id).hide();
    await t.until(() => !ids().includes(other.id), 'a hidden channel leaves');
    await jane.channel('messaging', other.id).show();
    await t.until(() => ids().includes(other.id), 'and returns');
    await other.removeMembers([jane.userID]);
    await t.until(() => !ids().includes(other.id), 'a former member does not see it');
    manager.unregisterSubscriptions();
  });

  await t.step('hides from others', async () => {
    const seen = [];
    jane.on('user.presence.changed', ({ user }) => user.id === bob.userID && seen.push(user.online));
    await bob.partialUpdateUser({ id: bob.userID, set: { invisible: true } });
    await t.until(() => seen.at(-1) === false, 'an invisible user is offline');
    await bob.partialUpdateUser({ id: bob.userID, set: { invisible: false } });
    await t.until(() => seen.at(-1) === true, 'a visible one is online');
  });

  await Promise.all([jane, bob].map((client) => client.disconnectUser()));
}
