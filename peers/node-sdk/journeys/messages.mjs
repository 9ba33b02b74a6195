export default async function (t, api) {
  const { chat } = api;
  const [john, jane] = await api.users(t, 'john', 'jane');
  const channel = await api.channel(t, [john, jane]);
  const read = async (id) => (await chat.getMessage({ id })).message;
  const texts = (messages) => messages.map(({ text }) => text);

  await t.step('keeps the id that the sender chose', async () => {
    const id = t.id('message');
    t.equal((await api.send(channel, john, 'first', { id })).id, id, 'the id');
    await t.refuses(() => api.send(channel, john, 'again', { id }), { status: 400, code: 4, says: /already exists/ }, 'an id that is taken');
    await t.refuses(() => channel.sendMessage({ message: { text: 'whose?' } }), { status: 400, code: 4 }, 'a message without an author');
  });

  await t.step('replaces a message', async () => {
    const { id } = await api.send(channel, john, 'draft', { custom: { color: 'red', size: 3 } });
    const { message } = await chat.updateMessage({ id, message: { text: 'final', user_id: john, custom: { color: 'blue' } } });
    t.equal([message.text, message.custom], ['final', { color: 'blue' }], 'what was not sent is removed');
    const later = await read(id);
    t.equal([later.text, later.custom], ['final', { color: 'blue' }], 'in a later read');
    t.ok(later.message_text_updated_at instanceof Date, 'the time of the edit');
  });

  await t.step('updates a message partially, and keeps its history', async () => {
    const { id } = await api.send(channel, john, 'one', { custom: { color: 'red', size: 3 } });
    const { message } = await chat.updateMessagePartial({ id, user_id: john, set: { text: 'two', color: 'blue' }, unset: ['size'] });
    t.equal([message.text, message.custom], ['two', { color: 'blue' }], 'what was not named stays');
    await chat.updateMessagePartial({ id, user_id: jane, set: { text: 'three' } });
    const { message_history } = await chat.queryMessageHistory({ filter: { message_id: id }, sort: [] });
    t.equal(texts(message_history), ['two', 'one'], 'the former versions, newest first');
    t.equal(message_history.map((entry) => entry.message_id), [id, id], 'the message of each version');
    t.equal((await read(id)).text, 'three', 'the current version');
  });

  await t.step('pins', async () => {
    const { id } = await api.send(channel, john, 'important');
    const until = new Date(Date.now() + 3_600_000);
    const { message } = await chat.updateMessagePartial({ id, user_id: jane, set: { pinned: true, pin_expires: until } });
    t.equal([message.pinned, message.pinned_by?.id], [true, jane], 'who pinned it');
    t.ok(message.pinned_at instanceof Date, 'when it was pinned');
    t.sameTime(message.pin_expires, until, 'until when');
    const { messages } = await chat.channel('messaging', channel.id).getOrCreate().then((state) => ({ messages: state.pinned_messages }));
    t.equal(messages.map((pinned) => pinned.id), [id], 'the pinned messages of the channel');
    await chat.updateMessagePartial({ id, user_id: jane, set: { pinned: false } });
    const later = await read(id);
    t.equal([later.pinned, later.pinned_at, later.pinned_by], [false, undefined, undefined], 'it is unpinned');
    const sent = await api.send(channel, john, 'pinned at once', { pinned: true });
    t.equal(sent.pinned, true, 'a message can be sent pinned');
    await t.refuses(
      () => chat.updateMessagePartial({ id, user_id: jane, set: { pinned: true, pin_expires: new Date(0) } }),
      { status: 400, code: 4 },
      'an expiration in the past',
    );
  });

  await t.step('replies and quotes', async () => {
    const parent = await api.send(channel, john, 'a question');
    const replies = [];
    for (const text of ['first', 'second', 'third']) replies.push(await api.send(channel, jane, text, { parent_id: parent.id }));
    t.equal([replies[0].type, replies[0].parent_id], ['reply', parent.id], 'a reply');
    const later = await read(parent.id);
    t.equal(later.reply_count, 3, 'the number of replies');
    t.includes(later.thread_participants?.map(({ id }) => id), jane, 'the participants');
    t.equal(texts((await chat.getReplies({ parent_id: parent.id })).messages), ['first', 'second', 'third'], 'the replies, oldest first');
    t.equal(texts((await chat.getReplies({ parent_id: parent.id, limit: 2 })).messages).length, 2, 'a page of replies');
    t.equal(texts((await chat.getReplies({ parent_id: parent.id, id_gt: replies[0].id })).messages), ['second', 'third'], 'the replies after one');
    t.excludes(texts((await channel.getOrCreate({ messages: { limit: 300 } })).messages), 'second', 'a reply is not in the channel');
    const shown = await api.send(channel, jane, 'for all', { parent_id: parent.id, show_in_channel: true });
    t.includes((await channel.getOrCreate({ messages: { limit: 300 } })).messages.map(({ id }) => id), shown.id, 'unless it is shown there');
    await t.refuses(() => api.send(channel, jane, 'deeper', { parent_id: replies[0].id }), { status: 400, code: 21 }, 'a reply to a reply');
    const quote = await api.send(channel, john, 'as you said', { quoted_message_id: replies[0].id });
    t.equal([quote.quoted_message_id, quote.quoted_message?.text], [replies[0].id, 'first'], 'a quoted message');
    t.equal((await read(quote.id)).quoted_message?.user?.id, jane, 'the author of the quoted message');
    await chat.deleteMessage({ id: replies[2].id });
    t.equal((await read(parent.id)).deleted_reply_count, 1, 'the number of deleted replies');
  });

  await t.step('deletes and restores', async () => {
    const soft = await api.send(channel, john, 'soft');
    const { message } = await chat.deleteMessage({ id: soft.id, deleted_by: jane });
    t.equal([message.id, message.type], [soft.id, 'deleted'], 'a soft delete');
    t.ok((await read(soft.id)).deleted_at instanceof Date, 'it can still be read');
    const { message: restored } = await chat.undeleteMessage({ id: soft.id, undeleted_by: john });
    t.equal([restored?.type, restored?.text, restored?.deleted_at], ['regular', 'soft', undefined], 'it is undeleted');
    const hard = await api.send(channel, john, 'hard');
    await chat.deleteMessage({ id: hard.id, hard: true });
    await t.refuses(() => read(hard.id), { status: 404, code: 16 }, 'after a hard delete');
    await t.refuses(() => chat.undeleteMessage({ id: hard.id, undeleted_by: john }), { status: 404, code: 16 }, 'undeleting it');
    const mine = await api.send(channel, john, 'for my eyes');
    const { message: hidden } = await chat.deleteMessage({ id: mine.id, delete_for_me: true, deleted_by: jane });
    t.equal(hidden.deleted_for_me, true, 'a delete for one user');
    t.equal((await read(mine.id)).type, 'regular', 'for others it stays');
  });

  await t.step('reads many', async () => {
    const sent = [await api.send(channel, john, 'a'), await api.send(channel, john, 'b'), await api.send(channel, jane, 'c')];
    const { messages } = await chat.getManyMessages({ type: 'messaging', id: channel.id, ids: [sent[0].id, sent[2].id] });
    t.sameSet(texts(messages), ['a', 'c'], 'those that were asked for');
    const page = async (messages) => texts((await channel.getOrCreate({ messages })).messages);
    t.equal(await page({ limit: 2 }), ['b', 'c'], 'the newest, oldest first');
    t.equal(await page({ limit: 1, id_lt: sent[1].id }), ['a'], 'those before one');
    t.equal(await page({ limit: 5, id_gt: sent[0].id }), ['b', 'c'], 'those after one');
    t.equal(await page({ limit: 5, id_gte: sent[1].id }), ['b', 'c'], 'from one on');
    t.includes(await page({ limit: 3, id_around: sent[1].id }), 'b', 'those around one');
  });

  await t.step('sends in special ways', async () => {
    t.equal((await api.send(channel, john, 'shh', { silent: true })).silent, true, 'silently');
    t.equal((await api.send(channel, john, 'system says', { type: 'system' })).type, 'system', 'as a system message');
    const whisper = await api.send(channel, john, 'whisper', { restricted_visibility: [jane] });
    t.equal(whisper.restricted_visibility, [jane], 'to some members');
    const { message } = await channel.sendMessage({ message: { text: 'not yet', user_id: john }, pending: true });
    const { message: committed } = await chat.commitMessage({ id: message.id });
    t.equal([committed?.id, committed?.text], [message.id, 'not yet'], 'a pending message is committed');
    t.equal((await api.send(channel, john, 'as a member')).member?.channel_role, 'channel_member', "the author's role in the channel");
    const mention = await api.send(channel, john, 'hey all', { mentioned_users: [jane], mentioned_here: true, mentioned_roles: ['admin'] });
    t.equal([mention.mentioned_users.map(({ id }) => id), mention.mentioned_here, mention.mentioned_roles], [[jane], true, ['admin']], 'with mentions');
    await t.refuses(() => api.send(channel, john, 'big', { custom: { blob: 'x'.repeat(6000) } }), { status: 413, code: 22 }, 'with too much custom data');
  });

  await t.step('runs commands', async () => {
    const giphy = await api.send(channel, john, '/giphy hello');
    t.equal([giphy.type, giphy.command], ['ephemeral', 'giphy'], 'a preview');
    const names = giphy.attachments[0]?.actions?.map(({ value }) => value);
    t.sameSet(names, ['send', 'shuffle', 'cancel'], 'its actions');
    const run = async (image_action, id) => (await chat.runMessageAction({ id, user_id: john, form_data: { image_action } })).message;
    const shuffled = await run('shuffle', giphy.id);
    t.equal(shuffled?.type, 'ephemeral', 'another preview');
    t.equal((await run('send', shuffled.id))?.type, 'regular', 'the message');
    const other = await api.send(channel, john, '/giphy bye');
    t.ok(!(await run('cancel', other.id)), 'a canceled command leaves no message');
    const unknown = await api.send(channel, john, '/nosuchthing at all');
    t.equal(unknown.type, 'error', 'an unknown command');
    t.ok(unknown.text.includes("command nosuchthing doesn't exist"), 'its text');
  });

  await t.step('translates', async () => {
    const { id } = await api.send(channel, john, 'Hello, world');
    const { message } = await chat.translateMessage({ id, language: 'fr' });
    t.ok(message?.i18n?.fr_text, 'the translation');
    t.ok(message?.i18n?.language, 'the language of the original');
    t.equal((await read(id)).i18n?.fr_text, message?.i18n?.fr_text, 'in a later read');
    await t.refuses(() => chat.translateMessage({ id, language: 'klingon' }), { status: 400, code: 4 }, 'an unknown language');
  });
}
