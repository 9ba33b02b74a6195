export default async function (t, api) {
  const { client } = api;
  const [john, jane] = await api.users(t, 'john', 'jane');
  const channel = await api.channel(t, [john]);
  const name = t.id('filter');
  const filter = { members: { $in: ['{{user_id}}'] } };
  const names = async () => (await client.listPredefinedFilters()).predefined_filters.map((found) => found.name);

  await t.step('keeps a filter', async () => {
    await client.createPredefinedFilter({ name, operation: 'QueryChannels', filter, description: 'Mine' });
    const { predefined_filter } = await client.getPredefinedFilter(name);
    t.equal([predefined_filter?.operation, predefined_filter?.filter], ['QueryChannels', filter], 'the filter');
    t.includes(await names(), name, 'the list');
    const query = async (user_id) =>
      (await client.queryChannelsRequest({}, [], { predefined_filter: name, filter_values: { user_id } })).map((state) => state.channel.id);
    t.equal([await query(john), await query(jane)], [[channel.id], []], 'channels by it');
    const other = { type: 'messaging' };
    await client.updatePredefinedFilter(name, { operation: 'QueryChannels', filter: other });
    t.equal((await client.getPredefinedFilter(name)).predefined_filter?.filter, other, 'the update');
  });

  await t.step('deletes it', async () => {
    await client.deletePredefinedFilter(name);
    await t.refuses(() => client.getPredefinedFilter(name), { status: 404, code: 16 }, 'the deleted filter');
    t.excludes(await names(), name, 'the list');
  });
}
