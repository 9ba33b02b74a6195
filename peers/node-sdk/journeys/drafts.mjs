export default async function (t, api) {
  const { chat } = api;
  const [john, jane] = await api.users(t, 'john', 'jane');
  const channel = await api.channel(t, [john, jane]);
  const place = { type: 'messaging', id: channel.id, user_id: jane };
  // The SDK has no method for it, since the server-side document does not list it.
  const create = async (message, of = channel) =>
    (
      await chat.apiClient.sendRequest(
        'POST', '/api/v2/chat/channels/{type}/{id}/draft', { type: 'messaging', id: of.id }, undefined, { message },
      )
    ).body.draft;

  await t.step('keeps a draft', async () => {
    const draft = await create({ text: 'almost', user_id: jane, custom: { color: 'red' } });
    t.equal([draft.message.text, draft.channel_cid], ['almost', channel.cid], 'the draft');
    const read = (await chat.getDraft(place)).draft;
    t.equal([read.message.text, read.message.custom], ['almost', { color: 'red' }], 'in a later read');
    await create({ text: 'nearly', user_id: jane });
    t.equal((await chat.getDraft(place)).draft.message.text, 'nearly', 'a second one replaces it');
    await t.refuses(() => chat.getDraft({ ...place, user_id: john }), { status: 404, code: 16 }, 'someone else has none');
  });

  await t.step('keeps a draft for each thread', async () => {
    const parent = await api.send(channel, john, 'a question');
    const draft = await create({ text: 'an answer', user_id: jane, parent_id: parent.id });
    t.equal(draft.parent_id, parent.id, 'the parent');
    t.equal((await chat.getDraft({ ...place, parent_id: parent.id })).draft.message.text, 'an answer', 'the draft of the thread');
    t.equal((await chat.getDraft(place)).draft.message.text, 'nearly', 'that of the channel stays');
    const { drafts } = await chat.queryDrafts({ user_id: jane, filter: { channel_cid: channel.cid } });
    t.sameSet(drafts.map(({ message }) => message.text), ['nearly', 'an answer'], 'both in a query');
    await api.send(channel, jane, 'an answer', { parent_id: parent.id });
    await t.refuses(() => chat.getDraft({ ...place, parent_id: parent.id }), { status: 404, code: 16 }, 'sending the reply deletes it');
  });

  await t.step('queries drafts', async () => {
    const other = await api.channel(t, [jane]);
    await create({ text: 'elsewhere', user_id: jane }, other);
    const sort = [{ field: 'created_at', direction: -1 }];
    const first = await chat.queryDrafts({ user_id: jane, sort, limit: 1 });
    t.equal(first.drafts.map(({ message }) => message.text), ['elsewhere'], 'the newest');
    const second = await chat.queryDrafts({ user_id: jane, sort, limit: 1, next: first.next });
    t.equal(second.drafts.map(({ message }) => message.text), ['nearly'], 'the next page');
    t.equal((await chat.queryDrafts({ user_id: john })).drafts, [], 'of someone else');
  });

  await t.step('deletes drafts', async () => {
    await chat.deleteDraft(place);
    await t.refuses(() => chat.getDraft(place), { status: 404, code: 16 }, 'the deleted draft');
    await create({ text: 'last words', user_id: jane });
    await api.send(channel, jane, 'last words');
    await t.refuses(() => chat.getDraft(place), { status: 404, code: 16 }, 'sending the message deletes it');
  });
}
