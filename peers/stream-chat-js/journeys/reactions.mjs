export default async function (t, api) {
  const { client } = api;
  const [john, jane] = await api.users(t, 'john', 'jane');
  const channel = await api.channel(t, [john, jane]);
  const { id } = await api.send(channel, john, 'react to this');
  const read = async () => (await client.getMessage(id)).message;

  await t.step('reacts', async () => {
    const { reaction, message } = await channel.sendReaction(id, { type: 'love', user_id: jane, skin: 3 });
    t.equal([reaction.type, reaction.user_id, reaction.score, reaction.skin], ['love', jane, 1, 3], 'the reaction, flat');
    t.equal(message.reaction_counts, { love: 1 }, 'the counts');
    await channel.sendReaction(id, { type: 'love', user_id: jane, score: 5 });
    await channel.sendReaction(id, { type: 'love', user_id: john });
    const later = await read();
    t.equal([later.reaction_counts, later.reaction_scores], [{ love: 2 }, { love: 6 }], 'counts and scores');
    t.equal([later.reaction_groups?.love?.count, later.reaction_groups?.love?.sum_scores], [2, 6], 'the group');
    await channel.sendReaction(id, { type: 'wow', user_id: john }, { enforce_unique: true });
    t.equal((await read()).reaction_counts, { love: 1, wow: 1 }, '`enforce_unique`');
  });

  await t.step('lists and queries', async () => {
    const { reactions } = await channel.getReactions(id, { limit: 10 });
    t.sameSet(reactions.map(({ type, user_id }) => `${type} ${user_id}`), [`love ${jane}`, `wow ${john}`], 'all');
    t.equal((await channel.getReactions(id, { limit: 1, offset: 1 })).reactions.length, 1, 'a page');
    t.equal((await client.queryReactions(id, { type: 'wow' })).reactions.map(({ user_id }) => user_id), [john], 'by type');
    const first = await client.queryReactions(id, {}, { created_at: 1 }, { limit: 1 });
    t.equal(first.reactions.map(({ type }) => type), ['love'], 'the oldest');
    const second = await client.queryReactions(id, {}, { created_at: 1 }, { limit: 1, next: first.next });
    t.equal(second.reactions.map(({ type }) => type), ['wow'], 'the next page');
  });

  await t.step('deletes', async () => {
    await channel.deleteReaction(id, 'wow', john);
    t.equal((await read()).reaction_counts, { love: 1 }, 'one is left');
    await t.refuses(() => channel.deleteReaction(id, 'wow', john), { status: 404, code: 16 }, 'deleting it again');
  });
}
