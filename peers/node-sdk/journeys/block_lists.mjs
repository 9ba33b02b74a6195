export default async function (t, { client, chat }) {
  const name = t.id('words');
  const words = async () => (await client.getBlockList({ name })).blocklist?.words;
  const names = async () => (await client.listBlockLists()).blocklists.map((list) => list.name);

  await t.step('creates a block list', async () => {
    await client.createBlockList({ name, words: ['fudge', 'cream'], type: 'word' });
    t.equal(await words(), ['fudge', 'cream'], 'the words');
    const { blocklist } = await client.getBlockList({ name });
    t.equal([blocklist?.name, blocklist?.type], [name, 'word'], 'the name and the type');
    t.ok(blocklist?.created_at instanceof Date, 'the creation time');
    t.includes(await names(), name, 'the list of lists');
    await t.refuses(() => client.createBlockList({ name, words: ['other'] }), { status: 400, code: 4 }, 'a name that is taken');
  });

  await t.step('updates it', async () => {
    const { blocklist } = await client.updateBlockList({ name, words: ['sugar'] });
    t.equal(blocklist?.words, ['sugar'], 'the words of the response');
    t.equal(await words(), ['sugar'], 'the words in a later read');
  });

  await t.step('uses it in a channel type', async () => {
    const type = t.id('type');
    const common = { automod: 'disabled', automod_behavior: 'flag', max_message_length: 5000 };
    await chat.createChannelType({ name: type, ...common, blocklist: name, blocklist_behavior: 'block' });
    const read = await chat.getChannelType({ name: type });
    t.equal([read.blocklist, read.blocklist_behavior], [name, 'block'], 'the channel type');
    await chat.deleteChannelType({ name: type });
  });

  await t.step('deletes it', async () => {
    await client.deleteBlockList({ name });
    await t.refuses(words, { status: 404, code: 16 }, 'the deleted list');
    t.excludes(await names(), name, 'the list of lists');
    await t.refuses(() => client.deleteBlockList({ name }), { status: 404, code: 16 }, 'deleting it again');
  });
}
