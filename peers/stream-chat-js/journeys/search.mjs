export default async function (t, api) {
  const { client } = api;
  const [john, jane] = await api.users(t, 'john', 'jane');
  const channel = await api.channel(t, [john, jane]);
  await api.send(channel, john, 'a ripe pineapple');
  await api.send(channel, jane, 'another pineapple, and a melon', { mood: 'hungry' });
  await api.send(channel, john, 'only a melon', { attachments: [{ type: 'image', image_url: 'https://example.com/m.jpg' }] });
  const texts = ({ results }) => results.map(({ message }) => message.text);
  const search = (query, options) => client.search({ cid: channel.cid }, query, options);

  await t.step('searches', async () => {
    const found = await search('pineapple');
    t.sameSet(texts(found), ['a ripe pineapple', 'another pineapple, and a melon'], 'by a word');
    t.equal(found.results[0]?.message.channel?.cid, channel.cid, 'the channel of a result');
    t.equal(texts(await search({ text: { $q: 'ripe' } })), ['a ripe pineapple'], 'by a filter');
    t.equal(texts(await search({ text: { $autocomplete: 'mel' }, 'user.id': john })), ['only a melon'], 'by the author');
    t.equal(texts(await search({ attachments: { $exists: true } })), ['only a melon'], 'with attachments');
    t.equal(texts(await search({ mood: 'hungry' })), ['another pineapple, and a melon'], 'by custom data');
    t.equal(texts(await channel.search('ripe')), ['a ripe pineapple'], 'in a channel');
  });

  await t.step('pages', async () => {
    const options = { limit: 1, sort: [{ created_at: -1 }] };
    const first = await search({ text: { $q: 'melon' } }, options);
    t.equal(texts(first), ['only a melon'], 'the newest');
    t.equal(texts(await search({ text: { $q: 'melon' } }, { ...options, next: first.next })), ['another pineapple, and a melon'], 'the next page');
    t.equal(texts(await search('melon', { limit: 1, offset: 5 })), [], 'an offset beyond the end');
  });

  await t.step('refuses what does not fit', async () => {
    const refused = { status: 400, code: 4 };
    await t.refuses(() => search(''), refused, 'an empty query');
    await t.refuses(() => search('a', { offset: 1, sort: [{ created_at: -1 }] }), refused, 'an offset with a sort');
  });
}
