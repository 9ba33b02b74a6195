export default async function (t, api) {
  const { client } = api;
  const [john, jane] = await api.users(t, 'john', 'jane');
  const channel = await api.channel(t, [john, jane]);
  const read = async (id) => (await client.getMessage(id)).message;
  const texts = ({ messages }) => messages.map(({ text }) => text);

  await t.step('keeps the id that the sender chose', async () => {
    const id = t.id('message');
    t.equal((await api.send(channel, john, 'first', { id })).id, id, 'the id');
    await t.refuses(() => api.send(channel, john, 'again', { id }), { status: 400, code: 4, says: /already exists/ }, 'an id that is taken');
    await t.refuses(
      () => channel.sendMessage({ text: 'whose?' }),
      { status: 400, code: 4, says: /either message\.user or message\.user_id must be provided/ },
      'a message without an author',
    );
  });

  await t.step('replaces and updates', async () => {
    const { id } = await api.send(channel, john, 'one', { color: 'red', size: 3 });
    await client.updateMessage({ id, text: 'two', color: 'blue' }, john);
    const replaced = await read(id);
    t.equal([replaced.text, replaced.color, replaced.size], ['two', 'blue', undefined], 'what was not sent is removed');
    await client.partialUpdateMessage(id, { set: { text: 'three', size: 4 }, unset: ['color'] }, john);
    const updated = await read(id);
    t.equal([updated.text, updated.color, updated.size], ['three', undefined, 4], 'a partial update');
    t.ok(updated.message_text_updated_at, 'the time of the edit');
    const { message_history } = await client.queryMessageHistory({ message_id: id });
    t.equal(message_history.map(({ text }) => text), ['two', 'one'], 'the former versions, newest first');
  });

  await t.step('pins', async () => {
    const { id } = await api.send(channel, john, 'important');
    const { message } = await client.pinMessage(id, 60, jane);
    t.equal([message.pinned, message.pinned_by?.id], [true, jane], 'who pinned it');
    t.ok(new Date(message.pin_expires) > new Date(), 'until when');
    t.equal((await channel.getPinnedMessages({})).messages.map((found) => found.id), [id], 'the pinned messages');
    t.equal((await channel.query({ state: true })).pinned_messages.map((found) => found.id), [id], 'those of the channel');
    await client.unpinMessage(id, jane);
    const later = await read(id);
    t.equal([later.pinned, later.pinned_at, later.pin_expires, later.pinned_by], [false, null, null, null], 'it is unpinned');
  });

  await t.step('replies and quotes', async () => {
    const parent = await api.send(channel, john, 'a question');
    const replies = [];
    for (const text of ['first', 'second', 'third']) replies.push(await api.send(channel, jane, text, { parent_id: parent.id }));
    t.equal(replies[0].type, 'reply', 'the type of a reply');
    t.equal((await read(parent.id)).reply_count, 3, 'the number of replies');
    t.equal(texts(await channel.getReplies(parent.id, { limit: 10 })), ['first', 'second', 'third'], 'oldest first');
    t.equal(texts(await channel.getReplies(parent.id, { limit: 10 }, [{ created_at: -1 }])), ['third', 'second', 'first'], 'newest first');
    t.equal(texts(await channel.getReplies(parent.id, { limit: 1, id_lt: replies[1].id })), ['first'], 'a page');
    await t.refuses(() => api.send(channel, jane, 'deeper', { parent_id: replies[0].id }), { status: 400, code: 21 }, 'a reply to a reply');
    const quote = await api.send(channel, john, 'as you said', { quoted_message_id: replies[0].id });
    t.equal((await read(quote.id)).quoted_message?.text, 'first', 'a quoted message');
  });

  await t.step('deletes and restores', async () => {
    const { id } = await api.send(channel, john, 'soft');
    t.equal((await client.deleteMessage(id)).message.type, 'deleted', 'a soft delete');
    t.ok((await read(id)).deleted_at, 'the time');
    await client.undeleteMessage(id, john);
    const back = await read(id);
    t.equal([back.type, back.text], ['regular', 'soft'], 'it is undeleted');
    await client.deleteMessage(id, true);
    await t.refuses(() => read(id), { status: 404, code: 16 }, 'after a hard delete');
  });

  await t.step('reads many', async () => {
    const sent = [];
    for (const text of ['a', 'b', 'c']) sent.push(await api.send(channel, john, text));
    t.sameSet(texts(await channel.getMessagesById([sent[0].id, sent[2].id])), ['a', 'c'], 'those that were asked for');
    t.equal(texts(await channel.query({ messages: { limit: 2 } })), ['b', 'c'], 'the newest, oldest first');
    t.equal(texts(await channel.query({ messages: { limit: 1, id_lt: sent[1].id } })), ['a'], 'those before one');
  });

  await t.step('sends in special ways', async () => {
    t.equal((await api.send(channel, john, 'shh', { silent: true })).silent, true, 'silently');
    t.equal((await api.send(channel, john, 'whisper', { restricted_visibility: [jane] })).restricted_visibility, [jane], 'to some');
    const { message } = await channel.sendMessage({ text: 'not yet', user_id: john }, { pending: true });
    t.equal((await client.commitMessage(message.id)).message?.id, message.id, 'a pending message is committed');
    t.ok((await api.send(channel, john, 'see https://example.com', {})).html.includes('<a href='), 'a link in HTML');
  });

  await t.step('runs commands', async () => {
    const giphy = await api.send(channel, john, '/giphy hello');
    t.equal([giphy.type, giphy.command, giphy.args], ['ephemeral', 'giphy', 'hello'], 'a preview');
    const unknown = await api.send(channel, john, '/nosuchthing');
    t.equal(unknown.type, 'error', 'an unknown command');
  });

  await t.step('translates', async () => {
    const { id } = await api.send(channel, john, 'Hello, world');
    const { message } = await client.translateMessage(id, 'fr');
    t.ok(message?.i18n?.fr_text, 'the translation');
    t.equal((await read(id)).i18n?.fr_text, message?.i18n?.fr_text, 'in a later read');
  });
}
