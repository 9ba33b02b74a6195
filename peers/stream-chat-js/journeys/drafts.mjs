export default async function (t, api) {
  const { client } = api;
  const [john, jane] = await api.users(t, 'john', 'jane');
  const channel = await api.channel(t, [john, jane]);
  const url = `${client.baseURL}/channels/messaging/${channel.id}/draft`;
  // The SDK's methods for drafts rely on the connection's user.
  const read = async (more = {}) => (await client.get(url, { user_id: jane, ...more })).draft;

  await t.step('keeps drafts', async () => {
    const { draft } = await channel.createDraft({ text: 'almost', user_id: jane, color: 'red' });
    t.equal([draft.message.text, draft.channel_cid], ['almost', channel.cid], 'the draft');
    t.equal((await read()).message.color, 'red', 'custom data is flat');
    await channel.createDraft({ text: 'nearly', user_id: jane });
    t.equal((await read()).message.text, 'nearly', 'a second one replaces it');
    const parent = await api.send(channel, john, 'a question');
    await channel.createDraft({ text: 'an answer', user_id: jane, parent_id: parent.id });
    t.equal((await read({ parent_id: parent.id })).message.text, 'an answer', 'the draft of a thread');
    const { drafts } = await client.queryDrafts({ user_id: jane, filter: { channel_cid: channel.cid }, sort: [{ created_at: -1 }] });
    t.equal(drafts.map(({ message }) => message.text), ['an answer', 'nearly'], 'a query, newest first');
    t.equal((await client.queryDrafts({ user_id: john })).drafts, [], 'of someone else');
  });

  await t.step('deletes drafts', async () => {
    await client.delete(url, { user_id: jane });
    await t.refuses(() => read(), { status: 404, code: 16 }, 'the deleted draft');
  });
}
