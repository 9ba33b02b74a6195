// A user's own data and actions: drafts, votes, commands and the state of an assistant.
export default async function (t, api) {
  const [john, jane] = await api.connected(t, 'john', 'jane');
  const { id } = await api.channel(t, [john, jane]);
  const [channel, other] = [john, jane].map((client) => client.channel('messaging', id));
  await channel.watch();
  await other.watch();
  const seen = [];
  other.on((event) => seen.push(event.type));

  await t.step('keeps a draft', async () => {
    await channel.createDraft({ text: 'not yet' });
    t.equal((await channel.getDraft()).draft.message.text, 'not yet', 'the draft');
    await t.refuses(() => other.getDraft(), { status: 404, code: 16 }, 'the draft of nobody else');
    await channel.deleteDraft();
    await t.refuses(() => channel.getDraft(), { status: 404, code: 16 }, 'the deleted draft');
  });

  await t.step('votes and takes it back', async () => {
    const { poll } = await john.createPoll({ name: 'Lunch?', options: [{ text: 'yes' }, { text: 'no' }] });
    const { poll: renamed } = await john.updatePoll({ ...poll, name: 'Dinner?' });
    t.equal(renamed.name, 'Dinner?', 'a renamed poll');
    const { message } = await channel.sendMessage({ text: 'a question', poll_id: poll.id });
    const { vote } = await other.vote(message.id, poll.id, { option_id: poll.options[0].id });
    await t.until(() => channel.state.findMessage(message.id), 'the message arrives');
    t.equal((await john.getPoll(poll.id)).poll.vote_count, 1, 'the vote counts');
    await other.removeVote(message.id, poll.id, vote.id);
    t.equal((await john.getPoll(poll.id)).poll.vote_count, 0, 'it no longer does');
  });

  await t.step('chooses what a command offers', async () => {
    const { message } = await channel.sendMessage({ text: '/giphy hello' });
    t.equal([message.type, message.command], ['ephemeral', 'giphy'], 'an offer');
    const { message: next } = await channel.sendAction(message.id, { image_action: 'shuffle' });
    t.equal(next.type, 'ephemeral', 'another offer');
    const { message: sent } = await channel.sendAction(message.id, { image_action: 'send' });
    t.equal(sent.type, 'regular', 'the message');
    await t.until(() => other.state.findMessage(sent.id), 'it arrives at others');
  });

  await t.step('tells what an assistant does', async () => {
    const { message } = await channel.sendMessage({ text: 'thinking' });
    await channel.updateAIState(message.id, 'AI_STATE_THINKING');
    await t.until(() => seen.includes('ai_indicator.update'), 'a state');
    await channel.clearAIIndicator();
    await t.until(() => seen.includes('ai_indicator.clear'), 'the end of it');
    await channel.stopAIResponse();
    await t.until(() => seen.includes('ai_indicator.stop'), 'a stop');
  });

  await t.step('counts mentions', async () => {
    await other.markRead();
    await channel.sendMessage({ text: 'hello Jane', mentioned_users: [jane.userID] });
    await channel.sendMessage({ text: 'hello all' });
    await t.until(() => other.countUnread() === 2, 'two unread messages');
    t.equal(other.countUnreadMentions(), 1, 'one of them mentions the reader');
    t.ok(other.lastRead() instanceof Date, 'the time of the latest reading');
  });

  await Promise.all([john, jane].map((client) => client.disconnectUser()));
}
