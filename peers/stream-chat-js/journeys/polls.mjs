export default async function (t, api) {
  const { client } = api;
  const [john, jane, kate] = await api.users(t, 'john', 'jane', 'kate');
  const channel = await api.channel(t, [john, jane, kate]);
  const read = async () => (await client.getPoll(id, john)).poll;
  let id, red, blue, message;

  await t.step('creates and sends a poll', async () => {
    const { poll } = await client.createPoll(
      { name: 'Which color?', options: [{ text: 'red' }, { text: 'blue' }], enforce_unique_vote: true, allow_answers: true, place: 'office' },
      john,
    );
    id = poll.id;
    [red, blue] = poll.options.map((option) => option.id);
    t.equal([poll.name, poll.vote_count, poll.place], ['Which color?', 0, 'office'], 'the poll, flat');
    message = await api.send(channel, john, 'please vote', { poll_id: id });
    t.equal(message.poll?.id, id, 'the message holds the poll');
  });

  await t.step('votes and answers', async () => {
    const { vote } = await client.castPollVote(message.id, id, { option_id: red }, jane);
    t.equal([vote?.option_id, vote?.user_id ?? vote?.user?.id], [red, jane], 'a vote');
    await client.castPollVote(message.id, id, { option_id: blue }, jane);
    const after = await read();
    t.equal([after.vote_count, after.vote_counts_by_option[blue]], [1, 1], 'a unique vote is replaced');
    const { vote: answer } = await client.addPollAnswer(message.id, id, 'green', kate);
    t.equal([answer?.is_answer, answer?.answer_text], [true, 'green'], 'an answer');
    t.equal((await read()).answers_count, 1, 'the number of answers');
    const { votes } = await client.queryPollVotes(id, { option_id: blue }, [], {}, john);
    t.equal(votes.map(({ user_id, user }) => user_id ?? user.id), [jane], 'a query of votes');
    const answers = await client.queryPollAnswers(id, {}, [], {}, john);
    t.equal(answers.votes.map(({ answer_text }) => answer_text), ['green'], 'a query of answers');
    await client.removePollVote(message.id, id, votes[0].id, jane);
    t.equal((await read()).vote_count, 0, 'a vote is taken back');
  });

  await t.step('changes options', async () => {
    const { poll_option } = await client.createPollOption(id, { text: 'pink' }, john);
    await client.updatePollOption(id, { id: poll_option.id, text: 'purple' }, john);
    t.equal((await client.getPollOption(id, poll_option.id)).poll_option.text, 'purple', 'in a later read');
    await client.deletePollOption(id, poll_option.id, john);
    t.equal((await read()).options.map(({ text }) => text), ['red', 'blue'], 'it is deleted');
  });

  await t.step('updates, closes and deletes', async () => {
    await client.partialUpdatePoll(id, { set: { description: 'Choose well' } }, john);
    t.equal([(await read()).name, (await read()).description], ['Which color?', 'Choose well'], 'a partial update');
    const { polls } = await client.queryPolls({ id: { $in: [id] } }, [], {}, john);
    t.equal(polls.map((poll) => poll.id), [id], 'a query');
    t.equal((await client.closePoll(id, john)).poll.is_closed, true, 'it is closed');
    await t.refuses(() => client.castPollVote(message.id, id, { option_id: red }, kate), { status: 400, code: 4 }, 'a vote on it');
    await client.deletePoll(id, john);
    await t.refuses(read, { status: 404, code: 16 }, 'the deleted poll');
  });
}
