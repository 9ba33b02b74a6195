export default async function (t, api) {
  const { chat } = api;
  const [john, jane] = await api.users(t, 'john', 'jane');
  const channel = await api.channel(t, [john, jane]);
  const { id } = await api.send(channel, john, 'react to this');
  const react = (reaction, more = {}) => chat.sendReaction({ id, reaction, ...more });
  const read = async () => (await chat.getMessage({ id })).message;

  await t.step('reacts', async () => {
    const { reaction, message } = await react({ type: 'love', user_id: jane, custom: { skin: 3 } });
    t.equal([reaction.type, reaction.user_id, reaction.message_id, reaction.score], ['love', jane, id, 1], 'the reaction');
    t.equal(reaction.custom, { skin: 3 }, 'its custom data');
    t.equal(message.reaction_counts, { love: 1 }, 'the counts');
    const later = await read();
    t.equal([later.reaction_counts, later.reaction_scores], [{ love: 1 }, { love: 1 }], 'in a later read');
    const { count, sum_scores } = later.reaction_groups?.love ?? {};
    t.equal([count, sum_scores], [1, 1], 'the group');
    t.equal(later.latest_reactions.map(({ type, user }) => [type, user?.id]), [['love', jane]], 'the latest reactions');
  });

  await t.step('replaces a reaction of the same type', async () => {
    await react({ type: 'love', user_id: jane, score: 5 });
    await react({ type: 'love', user_id: john });
    const { reaction_counts, reaction_scores } = await read();
    t.equal([reaction_counts, reaction_scores], [{ love: 2 }, { love: 6 }], 'counts and scores');
  });

  await t.step('keeps one reaction of a user', async () => {
    await react({ type: 'like', user_id: john });
    t.equal((await read()).reaction_counts, { love: 2, like: 1 }, 'types add up');
    await react({ type: 'wow', user_id: john }, { enforce_unique: true });
    t.equal((await read()).reaction_counts, { love: 1, wow: 1 }, '`enforce_unique` removes the others');
  });

  await t.step('lists reactions', async () => {
    const { reactions } = await chat.getReactions({ id });
    t.sameSet(reactions.map(({ type, user_id }) => `${type} ${user_id}`), [`love ${jane}`, `wow ${john}`], 'all');
    t.equal((await chat.getReactions({ id, limit: 1, offset: 1 })).reactions.length, 1, 'a page');
    t.equal((await chat.getReactions({ id, limit: 1, offset: 2 })).reactions, [], 'beyond the end');
    await t.refuses(() => chat.getReactions({ id, limit: 301 }), { status: 400, code: 4 }, 'too large a page');
  });

  await t.step('queries reactions', async () => {
    const query = async (filter, more = {}) => await chat.queryReactions({ id, filter, ...more });
    t.equal((await query({ type: 'wow' })).reactions.map(({ user_id }) => user_id), [john], 'by type');
    t.equal((await query({ user_id: { $in: [jane] } })).reactions.map(({ type }) => type), ['love'], 'by user');
    const sort = [{ field: 'created_at', direction: -1 }];
    const first = await query({}, { sort, limit: 1 });
    t.equal(first.reactions.map(({ type }) => type), ['wow'], 'the newest');
    const second = await query({}, { sort, limit: 1, next: first.next });
    t.equal(second.reactions.map(({ type }) => type), ['love'], 'the next page');
  });

  await t.step('deletes reactions', async () => {
    const { reaction, message } = await chat.deleteReaction({ id, type: 'wow', user_id: john });
    t.equal([reaction.type, message.reaction_counts], ['wow', { love: 1 }], 'the response');
    await chat.deleteReaction({ id, type: 'love', user_id: jane });
    t.equal((await read()).reaction_counts, {}, 'none is left');
    await t.refuses(() => chat.deleteReaction({ id, type: 'love', user_id: jane }), { status: 404, code: 16 }, 'deleting it again');
    await t.refuses(() => chat.sendReaction({ id: t.id('missing'), reaction: { type: 'love', user_id: jane } }), { status: 404, code: 16 }, 'a missing message');
    await t.refuses(() => react({ type: 'love' }), { status: 400, code: 4 }, 'a reaction of nobody');
  });
}
