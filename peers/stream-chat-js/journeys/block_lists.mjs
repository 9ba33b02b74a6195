export default async function (t, { client }) {
  const name = t.id('words');
  const names = async () => (await client.listBlockLists()).blocklists.map((list) => list.name);

  await t.step('keeps a block list', async () => {
    await client.createBlockList({ name, words: ['fudge', 'cream'] });
    const { blocklist } = await client.getBlockList(name);
    t.equal([blocklist?.name, blocklist?.words], [name, ['fudge', 'cream']], 'the list');
    t.ok(/^\d{4}-/.test(blocklist?.created_at), 'times are RFC 3339');
    t.includes(await names(), name, 'the list of lists');
    await client.updateBlockList(name, { words: ['sugar'] });
    t.equal((await client.getBlockList(name)).blocklist.words, ['sugar'], 'the update');
  });

  await t.step('uses it in a channel type', async () => {
    const type = t.id('type');
    await client.createChannelType({ name: type, blocklist: name, blocklist_behavior: 'block' });
    const read = await client.getChannelType(type);
    t.equal([read.blocklist, read.blocklist_behavior], [name, 'block'], 'the channel type');
    await client.deleteChannelType(type);
  });

  await t.step('deletes it', async () => {
    await client.deleteBlockList(name);
    await t.refuses(() => client.getBlockList(name), { status: 404, code: 16 }, 'the deleted list');
    t.excludes(await names(), name, 'the list of lists');
  });
}
