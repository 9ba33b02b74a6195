export default async function (t, api) {
  const { chat } = api;
  const [john, jane] = await api.users(t, 'john', 'jane');
  const channel = await api.channel(t, [john, jane]);
  const search = (payload) => chat.search({ payload: { filter_conditions: { cid: channel.cid }, ...payload } });
  const texts = async (payload) => (await search(payload)).results.map(({ message }) => message.text);

  await api.send(channel, john, 'a ripe pineapple');
  await api.send(channel, jane, 'another pineapple, and a melon', { custom: { mood: 'hungry' } });
  await api.send(channel, john, 'only a melon', { attachments: [{ type: 'image', image_url: 'https://example.com/melon.jpg' }] });

  await t.step('searches by words', async () => {
    const found = await search({ query: 'pineapple' });
    t.sameSet(found.results.map(({ message }) => message.text), ['a ripe pineapple', 'another pineapple, and a melon'], 'the messages');
    t.equal(found.results[0]?.message.channel?.cid, channel.cid, 'the channel of a result');
    t.equal(await texts({ query: 'rhubarb' }), [], 'nothing is found');
  });

  await t.step('searches by filters', async () => {
    t.sameSet(await texts({ message_filter_conditions: { text: { $autocomplete: 'mel' } } }), ['another pineapple, and a melon', 'only a melon'], 'the beginning of a word');
    t.equal(await texts({ message_filter_conditions: { text: { $q: 'ripe pineapple' } } }), ['a ripe pineapple'], 'words');
    t.equal(await texts({ message_filter_conditions: { 'user.id': jane } }), ['another pineapple, and a melon'], 'the author');
    t.equal(await texts({ message_filter_conditions: { attachments: { $exists: true } } }), ['only a melon'], 'the presence of attachments');
    t.equal(await texts({ message_filter_conditions: { 'attachments.type': { $in: ['image'] } } }), ['only a melon'], 'the type of attachments');
    t.equal(await texts({ message_filter_conditions: { mood: 'hungry' } }), ['another pineapple, and a melon'], 'custom data');
  });

  await t.step('pages', async () => {
    const payload = { message_filter_conditions: { text: { $q: 'melon' } }, sort: [{ field: 'created_at', direction: -1 }], limit: 1 };
    const first = await search(payload);
    t.equal(first.results.map(({ message }) => message.text), ['only a melon'], 'the newest');
    t.ok(first.next, 'there is a next page');
    const second = await search({ ...payload, next: first.next });
    t.equal(second.results.map(({ message }) => message.text), ['another pineapple, and a melon'], 'the next one');
  });

  await t.step('leaves out deleted messages', async () => {
    const { id } = await api.send(channel, john, 'a rotten quince');
    t.equal(await texts({ query: 'quince' }), ['a rotten quince'], 'it is found');
    await chat.deleteMessage({ id });
    t.equal(await texts({ query: 'quince' }), [], 'and not after its deletion');
  });

  await t.step('refuses what does not fit together', async () => {
    const refused = { status: 400, code: 4 };
    await t.refuses(() => search({ query: 'a', message_filter_conditions: { text: 'a' } }), refused, 'a query with a filter');
    await t.refuses(() => search({}), refused, 'neither of them');
    await t.refuses(() => search({ query: 'a', offset: 1, sort: [{ field: 'created_at', direction: 1 }] }), refused, 'an offset with a sort');
    await t.refuses(() => search({ query: 'a', offset: 1, next: 'x' }), refused, 'an offset with `next`');
  });
}
