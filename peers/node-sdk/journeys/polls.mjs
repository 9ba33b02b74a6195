export default async function (t, api) {
  const { client, chat } = api;
  const [john, jane, kate] = await api.users(t, 'john', 'jane', 'kate');
  const channel = await api.channel(t, [john, jane, kate]);
  const read = async (poll_id) => (await client.getPoll({ poll_id, user_id: john })).poll;
  let poll, message_id, poll_id, red, blue;

  await t.step('creates a poll', async () => {
    ({ poll } = await client.createPoll({
      name: 'Which color?',
      description: 'Choose well',
      options: [{ text: 'red' }, { text: 'blue', custom: { hex: '00f' } }],
      enforce_unique_vote: true,
      allow_answers: true,
      user_id: john,
      custom: { place: 'office' },
    }));
    poll_id = poll.id;
    [red, blue] = poll.options.map(({ id }) => id);
    t.equal(poll.options.map(({ text }) => text), ['red', 'blue'], 'the options');
    t.equal([poll.name, poll.description, poll.created_by_id], ['Which color?', 'Choose well', john], 'its fields');
    t.equal([poll.vote_count, poll.answers_count, poll.voting_visibility, poll.is_closed ?? false], [0, 0, 'public', false], 'its start');
    const later = await read(poll_id);
    t.equal([later.custom, later.options[1]?.custom], [{ place: 'office' }, { hex: '00f' }], 'custom data in a later read');
  });

  await t.step('sends it', async () => {
    const message = await api.send(channel, john, 'please vote', { poll_id });
    message_id = message.id;
    t.equal([message.poll_id, message.poll?.name], [poll_id, 'Which color?'], 'the message holds the poll');
  });

  const vote = (user_id, vote) => chat.castPollVote({ message_id, poll_id, user_id, vote });

  await t.step('votes', async () => {
    const { vote: cast, poll: after } = await vote(jane, { option_id: red });
    t.equal([cast?.option_id, cast?.user_id, cast?.poll_id], [red, jane, poll_id], 'the vote');
    t.equal([after?.vote_count, after?.vote_counts_by_option], [1, { [red]: 1 }], 'the counts');
    await vote(jane, { option_id: blue });
    t.equal((await read(poll_id)).vote_counts_by_option[blue], 1, 'a unique vote is replaced');
    t.equal((await read(poll_id)).vote_count, 1, 'and counted once');
    await vote(kate, { option_id: blue });
    t.equal((await chat.getMessage({ id: message_id })).message.poll?.vote_counts_by_option[blue], 2, 'the counts in the message');
    t.sameSet((await read(poll_id)).latest_votes_by_option[blue]?.map(({ user_id }) => user_id), [jane, kate], 'the latest votes');
    await t.refuses(() => vote(kate, { option_id: t.id('none') }), {}, 'an option that does not exist');
  });

  await t.step('answers', async () => {
    const { vote: answer, poll: after } = await vote(jane, { answer_text: 'green' });
    t.equal([answer?.is_answer, answer?.answer_text, after?.answers_count], [true, 'green', 1], 'an answer');
    await vote(jane, { answer_text: 'yellow' });
    const later = await read(poll_id);
    t.equal([later.answers_count, later.latest_answers.map(({ answer_text }) => answer_text)], [1, ['yellow']], 'it replaces the former one');
    t.equal(later.vote_count, 2, 'answers are not votes');
  });

  await t.step('queries votes', async () => {
    const query = async (filter) => (await client.queryPollVotes({ poll_id, user_id: john, filter })).votes;
    t.equal((await query({ is_answer: true })).map(({ answer_text }) => answer_text), ['yellow'], 'the answers');
    t.sameSet((await query({ option_id: { $in: [blue] } })).map(({ user_id }) => user_id), [jane, kate], 'of an option');
    t.equal((await query({ user_id: kate })).length, 1, 'of a user');
  });

  await t.step('takes a vote back', async () => {
    const [{ id: vote_id }] = (await client.queryPollVotes({ poll_id, user_id: john, filter: { user_id: kate } })).votes;
    const { vote: removed } = await chat.deletePollVote({ message_id, poll_id, vote_id, user_id: kate });
    t.equal(removed?.id, vote_id, 'the vote of the response');
    t.equal((await read(poll_id)).vote_count, 1, 'the count');
  });

  await t.step('changes options', async () => {
    const { poll_option } = await client.createPollOption({ poll_id, text: 'pink', user_id: john });
    t.equal(poll_option.text, 'pink', 'a new option');
    await client.updatePollOption({ poll_id, id: poll_option.id, text: 'purple', user_id: john });
    t.equal((await client.getPollOption({ poll_id, option_id: poll_option.id })).poll_option.text, 'purple', 'its new text');
    t.equal((await read(poll_id)).options.length, 3, 'the number of options');
    await client.deletePollOption({ poll_id, option_id: poll_option.id, user_id: john });
    await t.refuses(() => client.getPollOption({ poll_id, option_id: poll_option.id }), { status: 404, code: 16 }, 'the deleted option');
  });

  await t.step('updates it', async () => {
    const { poll: partial } = await client.updatePollPartial({ poll_id, user_id: john, set: { name: 'Which one?', place: 'home' } });
    t.equal([partial.name, partial.custom, partial.description], ['Which one?', { place: 'home' }, 'Choose well'], 'a partial update');
    const { poll: full } = await client.updatePoll({ id: poll_id, name: 'Which?', user_id: john, options: [{ id: red, text: 'red' }, { id: blue, text: 'blue' }] });
    t.equal([full.name, full.description], ['Which?', ''], 'a full update resets what is left out');
    const { polls } = await client.queryPolls({ user_id: john, filter: { id: { $in: [poll_id] } } });
    t.equal(polls.map(({ name }) => name), ['Which?'], 'a query');
    t.equal((await client.queryPolls({ user_id: john, filter: { id: poll_id, is_closed: true } })).polls, [], 'a query of closed ones');
  });

  await t.step('closes it', async () => {
    const { poll: closed } = await client.updatePollPartial({ poll_id, user_id: john, set: { is_closed: true } });
    t.equal(closed.is_closed, true, 'it is closed');
    await t.refuses(() => vote(kate, { option_id: red }), { status: 400, code: 4 }, 'a vote on it');
  });

  await t.step('limits the votes', async () => {
    const { poll: limited } = await client.createPoll({
      name: 'Choose two', options: ['a', 'b', 'c'].map((text) => ({ text })), max_votes_allowed: 2, user_id: john,
    });
    const sent = await api.send(channel, john, 'choose', { poll_id: limited.id });
    const cast = (option) => chat.castPollVote({ message_id: sent.id, poll_id: limited.id, user_id: jane, vote: { option_id: limited.options[option].id } });
    await cast(0);
    await cast(1);
    await t.refuses(() => cast(2), { status: 400, code: 4 }, 'a third vote');
    t.equal((await read(limited.id)).vote_count, 2, 'the count');
    await t.refuses(() => client.createPoll({ name: 'Too many', max_votes_allowed: 11, user_id: john }), { status: 400, code: 4 }, 'more than ten votes');
  });

  await t.step('deletes it', async () => {
    await client.deletePoll({ poll_id, user_id: john });
    await t.refuses(() => read(poll_id), { status: 404, code: 16 }, 'the deleted poll');
    t.ok(!(await chat.getMessage({ id: message_id })).message.poll, 'the message has no poll');
  });
}
