export default async function (t, api) {
  const { chat } = api;
  const [john, jane, kate] = await api.users(t, 'john', 'jane', 'kate');
  const ids = (channels) => channels.map(({ channel }) => channel.id);
  const find = async (filter_conditions, more = {}) => (await chat.queryChannels({ filter_conditions, ...more })).channels;
  const member = (members, user_id) => members?.find((found) => found.user_id === user_id);

  await t.step('makes a channel of its members', async () => {
    const data = { created_by_id: john, members: [{ user_id: john }, { user_id: jane }] };
    const first = await chat.channel('messaging').getOrCreate({ data });
    t.ok(first.channel.id.startsWith('!members-'), 'the id says that it is distinct');
    const second = await chat.channel('messaging').getOrCreate({ data: { ...data, members: [...data.members].reverse() } });
    t.equal(second.channel.cid, first.channel.cid, 'the same members give the same channel');
    await t.refuses(
      () => chat.channel('messaging').getOrCreate({ data: { created_by_id: john, members: [{ user_id: john }] } }),
      { status: 400, code: 4, says: /at least 2 members/ },
      'one member',
    );
    t.equal(ids(await find({ members: { $eq: [jane, john] }, distinct: true })), [first.channel.id], 'it is found by its exact members');
  });

  const channel = await api.channel(t, [john, jane], { custom: { topic: 'trips', score: 1 } });
  const id = channel.id;

  await t.step('updates partially', async () => {
    const updated = await channel.updateChannelPartial({ set: { color: 'blue', frozen: true }, unset: ['topic'] });
    t.equal(updated.channel.custom, { color: 'blue', score: 1 }, 'custom data');
    t.equal(updated.channel.frozen, true, 'a field of the channel');
    t.equal(ids(await find({ id, frozen: true })), [id], 'it is found as frozen');
    await channel.updateChannelPartial({ set: { frozen: false } });
    t.equal((await channel.getOrCreate()).channel.frozen, false, 'it thaws');
    await t.refuses(() => channel.updateChannelPartial({ set: { member_count: 7 } }), { status: 403, code: 17 }, 'a reserved field');
  });

  await t.step('queries', async () => {
    t.equal(ids(await find({ members: { $in: [john] }, color: 'blue' })), [id], 'by member and custom data');
    t.equal(ids(await find({ id, created_by_id: john })), [id], 'by creator');
    t.equal(ids(await find({ id, member_count: { $gte: 2 } })), [id], 'by the number of members');
    t.equal(ids(await find({ id, member_count: { $gt: 2 } })), [], 'by another number of members');
    t.equal(ids(await find({ $or: [{ id }, { id: 'nothing' }], $nor: [{ color: 'red' }] })), [id], 'with logical operators');
    t.equal(ids(await find({ id, score: { $exists: true } })), [id], 'by the presence of custom data');
    const created = [id];
    for (let n = 0; n < 2; n += 1) created.push((await api.channel(t, [john], { custom: { batch: t.name } })).id);
    const sort = [{ field: 'created_at', direction: 1 }];
    const page = (offset) => find({ batch: t.name }, { sort, limit: 1, offset });
    t.equal([...ids(await page(0)), ...ids(await page(1)), ...ids(await page(2))], created.slice(1), 'pages, oldest first');
  });

  await t.step('reads without creating', async () => {
    const state = await channel.get({ state: true });
    t.equal([state.channel.id, state.channel.custom.color], [id, 'blue'], 'an existing channel');
    await t.refuses(() => chat.channel('messaging', t.id('missing')).get(), { status: 404, code: 16 }, 'a missing one');
  });

  await t.step('hides and shows', async () => {
    await api.send(channel, john, 'old news');
    await channel.hide({ user_id: jane, clear_history: true });
    t.equal(ids(await find({ id }, { user_id: jane })), [], 'hidden channels are not listed');
    const [hidden] = await find({ id, hidden: true }, { user_id: jane });
    t.equal(hidden?.hidden, true, 'unless they are asked for');
    t.equal(ids(await find({ id }, { user_id: john })), [id], 'others see it');
    await channel.show({ user_id: jane });
    const [shown] = await find({ id }, { user_id: jane });
    t.equal(shown?.messages, [], 'the history stays cleared');
    await channel.hide({ user_id: jane });
    await api.send(channel, john, 'fresh news');
    const [again] = await find({ id }, { user_id: jane });
    t.equal(again?.messages.map(({ text }) => text), ['fresh news'], 'a new message shows it again');
    const quiet = chat.channel('messaging', t.id('quiet'));
    await quiet.getOrCreate({ hide_for_creator: true, data: { created_by_id: john, members: [{ user_id: john }, { user_id: jane }] } });
    t.equal(ids(await find({ id: quiet.id }, { user_id: john })), [], '`hide_for_creator` hides it at once');
    t.equal(ids(await find({ id: quiet.id }, { user_id: jane })), [quiet.id], 'from its creator alone');
  });

  await t.step('pins and archives for a member', async () => {
    const set = async (values) => (await channel.updateMemberPartial({ user_id: jane, set: values })).channel_member;
    const pinned = await set({ pinned: true });
    t.ok(pinned?.pinned_at instanceof Date, 'the time of pinning');
    t.equal(pinned?.custom.pinned, undefined, 'it is not custom data');
    t.equal(ids(await find({ id, pinned: true }, { user_id: jane })), [id], 'the filter `pinned`');
    t.equal(ids(await find({ id, pinned: true }, { user_id: john })), [], 'for others it is not pinned');
    t.equal((await set({ pinned: false }))?.pinned_at, undefined, 'it is unpinned');
    t.ok((await set({ archived: true }))?.archived_at instanceof Date, 'the time of archiving');
    t.equal(ids(await find({ id, archived: true }, { user_id: jane })), [id], 'the filter `archived`');
    t.equal(ids(await find({ id, archived: false }, { user_id: jane })), [], 'and its opposite');
    t.equal((await set({ archived: false }))?.archived_at, undefined, 'it is unarchived');
  });

  await t.step('keeps data of members', async () => {
    const { channel_member } = await channel.updateMemberPartial({ user_id: jane, set: { color: 'pink', age: 3 } });
    t.equal(channel_member?.custom, { color: 'pink', age: 3 }, 'custom data');
    await channel.updateMemberPartial({ user_id: jane, unset: ['age'] });
    const { members } = await channel.queryMembers({ payload: { filter_conditions: { color: 'pink' } } });
    t.equal(members.map(({ user_id, custom }) => [user_id, custom]), [[jane, { color: 'pink' }]], 'in a later query');
    const updated = await channel.update({ assign_roles: [{ user_id: jane, channel_role: 'channel_moderator' }] });
    t.equal(member(updated.members, jane)?.channel_role, 'channel_moderator', 'an assigned role');
    t.equal(
      (await channel.queryMembers({ payload: { filter_conditions: { is_moderator: true } } })).members.map(({ user_id }) => user_id),
      [jane],
      'the moderators',
    );
    await t.refuses(
      () => channel.update({ add_members: [{ user_id: kate }], remove_members: [kate] }),
      { status: 400, code: 4 },
      'adding and removing the same member',
    );
  });

  await t.step('invites', async () => {
    const invited = await channel.update({ invites: [{ user_id: kate }] });
    const pending = member(invited.members, kate);
    t.equal([pending?.invited, pending?.status], [true, 'pending'], 'the invited member');
    t.equal(ids(await find({ id, invite: 'pending' }, { user_id: kate })), [id], 'the filter `invite`');
    t.equal(ids(await find({ id, joined: true }, { user_id: kate })), [], 'she has not joined yet');
    const rejected = await channel.update({ reject_invite: true, user_id: kate });
    t.ok(member(rejected.members, kate)?.invite_rejected_at instanceof Date, 'the time of the rejection');
    t.equal(ids(await find({ id, invite: 'rejected' }, { user_id: kate })), [id], 'the filter after the rejection');
    const accepted = await channel.update({ accept_invite: true, user_id: kate, message: { text: 'I am in', user_id: kate } });
    t.ok(member(accepted.members, kate)?.invite_accepted_at instanceof Date, 'the time of acceptance');
    t.equal(accepted.message?.text, 'I am in', 'the message');
    t.equal(ids(await find({ id, invite: 'accepted' }, { user_id: kate })), [id], 'the filter after the acceptance');
    t.equal(ids(await find({ id, joined: true }, { user_id: kate })), [id], 'she has joined');
    const both = chat.channel('messaging', t.id('both'));
    const state = await both.getOrCreate({
      data: { created_by_id: john, members: [{ user_id: john }, { user_id: kate }], invites: [{ user_id: kate }] },
    });
    t.equal(member(state.members, kate)?.invited, true, 'who is both a member and invited is invited');
  });

  await t.step('tags', async () => {
    t.sameSet((await channel.update({ add_filter_tags: ['vip', 'new'] })).channel.filter_tags, ['vip', 'new'], 'the tags');
    t.equal(ids(await find({ id, filter_tags: { $in: ['vip'] } })), [id], 'the filter');
    t.equal((await channel.update({ remove_filter_tags: ['new'] })).channel.filter_tags, ['vip'], 'what is left');
  });

  await t.step('slows down', async () => {
    t.equal((await channel.update({ cooldown: 30 })).channel.cooldown, 30, 'the cooldown');
    t.equal((await channel.getOrCreate()).channel.cooldown, 30, 'in a later read');
    await t.refuses(() => channel.update({ cooldown: 121 }), { status: 400, code: 4 }, 'more than two minutes');
    t.ok(!(await channel.update({ cooldown: 0 })).channel.cooldown, 'it ends');
  });

  await t.step('sends custom events', async () => {
    const { event } = await channel.sendEvent({ event: { type: 'game.move', user_id: john, custom: { field: 'e4' } } });
    t.equal([event?.type, event?.user?.id], ['game.move', john], 'the event');
  });

  await t.step('overrides the configuration', async () => {
    const state = await (await api.channel(t, [john], { config_overrides: { max_message_length: 10, reactions: false } })).getOrCreate();
    t.equal([state.channel.config.max_message_length, state.channel.config.reactions], [10, false], 'the configuration of the channel');
    t.equal(state.channel.config.replies, true, 'the rest is that of the type');
  });

  await t.step('truncates', async () => {
    const { channel: truncated, message } = await channel.truncate({ user_id: john, message: { text: 'All gone', user_id: john } });
    t.ok(truncated?.truncated_at instanceof Date, 'the time');
    t.equal(truncated?.truncated_by?.id, john, 'who truncated');
    t.equal(message?.text, 'All gone', 'the message');
    t.equal((await channel.getOrCreate()).messages.map(({ text }) => text), ['All gone'], 'nothing else is left');
  });

  await t.step('updates a batch', async () => {
    const rooms = [await api.channel(t, [john]), await api.channel(t, [john])];
    const { task_id } = await chat.channelBatchUpdate({
      operation: 'addMembers',
      filter: { cids: { $in: rooms.map(({ cid }) => cid) } },
      members: [{ user_id: kate }],
    });
    await api.task(t, task_id);
    for (const room of rooms) {
      t.sameSet((await room.getOrCreate()).members.map(({ user_id }) => user_id), [john, kate], 'the members');
    }
    const deleted = await chat.deleteChannels({ cids: rooms.map(({ cid }) => cid), hard_delete: true });
    await api.task(t, deleted.task_id);
    t.equal(ids(await find({ id: { $in: rooms.map((room) => room.id) } })), [], 'they are deleted');
  });

  await t.step('deletes', async () => {
    const { channel: deleted } = await channel.delete();
    t.ok(deleted?.deleted_at instanceof Date, 'the time');
    t.equal(ids(await find({ id })), [], 'it is not listed');
    const revived = await channel.getOrCreate({ data: { created_by_id: jane } });
    t.equal([revived.channel.created_by?.id, revived.messages], [jane, []], 'it can be created again');
    await t.refuses(() => chat.channel('messaging', t.id('missing')).delete(), { status: 404, code: 16 }, 'a missing channel');
    await t.refuses(() => chat.channel(t.id('type'), 'room').getOrCreate({ data: { created_by_id: john } }), {}, 'a missing type');
  });
}
