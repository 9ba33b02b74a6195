// Two users in a channel: messages, typing, reading, reactions, threads, edits, deletions, uploads.

import { EventRecorder } from '../client.mjs';

export default async function (t, api) {
  const [jane, bob] = await api.connected(t, 'jane', 'bob');
  const room = await api.channel(t, [jane, bob], { name: 'Room' });
  const [hers, his] = await api.watched(room, jane, bob);
  const recorder = new EventRecorder(his);
  let message;

  await t.step('watches a channel', async () => {
    t.equal(hers.data.name, 'Room', 'custom data stands beside the fields');
    t.sameSet(Object.keys(hers.state.members), [jane.userID, bob.userID], 'the members');
    t.equal(hers.state.membership.role, 'owner', 'the own membership');
    await t.until(() => hers.state.watcher_count === 2, 'both are counted');
    for (const capability of ['send-message', 'send-reaction', 'upload-file', 'read-events']) {
      t.includes(hers.data.own_capabilities, capability, 'what the user may do');
    }
    t.excludes(his.data.own_capabilities, 'delete-any-message', 'what a member may not');
    t.equal(hers.getConfig().typing_events, true, 'the configuration');
  });

  await t.step('sends a message', async () => {
    ({ message } = await hers.sendMessage({ text: 'hello', color: 'green' }));
    const event = await recorder.waitFor(t, 'message.new');
    t.equal(event.message?.text, 'hello', 'the text');
    t.equal(event.message?.color, 'green', 'custom data');
    t.equal(event.message?.user.id, jane.userID, 'the author');
    t.equal(event.channel_id, room.id, 'the channel');
    t.equal(his.state.messages.at(-1)?.id, message.id, 'it is in the state');
    t.equal(his.countUnread(), 1, 'and unread');
  });

  await t.step('shows who types', async () => {
    await hers.keystroke();
    const start = await recorder.waitFor(t, 'typing.start');
    t.equal(start.user?.id, jane.userID, 'who begins');
    t.ok(his.state.typing[jane.userID], 'the state has it');
    await hers.stopTyping();
    await recorder.waitFor(t, 'typing.stop');
    t.equal(his.state.typing[jane.userID], undefined, 'the state no longer');
  });

  await t.step('reads', async () => {
    const of = new EventRecorder(hers);
    const own = new EventRecorder(bob);
    const { event } = await his.markRead();
    t.equal(event.type, 'message.read', 'the response');
    t.equal((await of.waitFor(t, 'message.read')).user?.id, bob.userID, 'the other is told');
    t.equal((await own.waitFor(t, 'notification.mark_read')).total_unread_count, 0, 'the own count');
    t.equal(his.countUnread(), 0, 'nothing is unread');
    t.equal(hers.state.read[bob.userID]?.last_read_message_id, message.id, 'up to which message');
  });

  await t.step('reacts', async () => {
    const of = new EventRecorder(hers);
    await his.sendReaction(message.id, { type: 'love' });
    const event = await of.waitFor(t, 'reaction.new');
    t.equal(event.reaction?.type, 'love', 'the type');
    t.equal(event.message?.reaction_groups.love.count, 1, 'the count');
    const shown = () => hers.state.messages.find(({ id }) => id === message.id);
    t.equal(shown()?.latest_reactions.length, 1, 'the state has it');
    t.equal(shown()?.own_reactions, [], 'and knows that it is not hers');
    await his.deleteReaction(message.id, 'love');
    await of.waitFor(t, 'reaction.deleted');
    t.equal(shown()?.latest_reactions.length, 0, 'it is taken back');
  });

  await t.step('replies in a thread', async () => {
    const of = new EventRecorder(hers);
    await his.sendMessage({ text: 'in a thread', parent_id: message.id });
    const event = await of.waitFor(t, 'message.new');
    t.equal(event.message?.parent_id, message.id, 'the parent');
    t.equal(hers.state.threads[message.id]?.length, 1, 'the state has the thread');
    t.ok(!hers.state.messages.some(({ text }) => text === 'in a thread'), 'and the channel does not');
    const { messages } = await hers.getReplies(message.id, { limit: 10 });
    t.equal(messages.map(({ text }) => text), ['in a thread'], 'the replies');
    const { threads } = await jane.queryThreads({ watch: true });
    t.equal(threads.map(({ id }) => id), [message.id], 'the list of threads');
  });

  await t.step('edits and deletes', async () => {
    const { message: own } = await hers.sendMessage({ text: 'tpyo' });
    await jane.updateMessage({ id: own.id, text: 'typo' });
    const edited = await recorder.waitFor(t, 'message.updated', ({ message }) => message.id === own.id);
    t.equal(edited.message?.text, 'typo', 'the new text');
    await jane.partialUpdateMessage(own.id, { set: { seen: true } });
    await recorder.waitFor(t, 'message.updated', ({ message }) => message.seen === true);
    await t.refuses(() => bob.updateMessage({ id: own.id, text: 'mine' }), { status: 403, code: 17 }, 'not of others');
    await jane.deleteMessage(own.id);
    const event = await recorder.waitFor(t, 'message.deleted');
    t.equal(event.message?.type, 'deleted', 'it is deleted');
    t.equal(event.hard_delete, false, 'softly');
    t.equal(his.state.messages.find(({ id }) => id === own.id)?.type, 'deleted', 'the state has it so');
  });

  await t.step('uploads', async () => {
    const bytes = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
    const { file } = await hers.sendImage(bytes, 'dot.png', 'image/png');
    const image = await fetch(file);
    t.equal(image.headers.get('access-control-allow-origin'), '*', 'pages may read it');
    t.equal(Buffer.from(await image.arrayBuffer()).equals(bytes), true, 'what was sent');
    await hers.sendMessage({ text: 'a dot', attachments: [{ type: 'image', image_url: file }] });
    const event = await recorder.waitFor(t, 'message.new', ({ message }) => message.text === 'a dot');
    t.equal(event.message?.attachments[0].image_url, file, 'the attachment');
  });

  await t.step('sends events of its own', async () => {
    await hers.sendEvent({ type: 'order.shipped', order: 7 });
    t.equal((await recorder.waitFor(t, 'order.shipped')).order, 7, 'with their data');
    const own = new EventRecorder(bob);
    await api.server.sendUserCustomEvent(bob.userID, { type: 'coupon', percent: 10 });
    t.equal((await own.waitFor(t, 'coupon')).percent, 10, 'to a user');
  });

  await t.step('ceases to watch', async () => {
    await his.stopWatching();
    await t.until(() => hers.state.watcher_count === 1, 'the count goes down');
    recorder.clear();
    const of = new EventRecorder(bob);
    await hers.sendMessage({ text: 'are you there?' });
    const event = await of.waitFor(t, 'notification.message_new');
    t.equal(event.channel?.id, room.id, 'a notification in place of the message');
    t.equal(recorder.all('message.new').length, 0, 'not the message itself');
  });

  await Promise.all([jane, bob].map((client) => client.disconnectUser()));
}
