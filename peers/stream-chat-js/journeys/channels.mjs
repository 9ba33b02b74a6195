export default async function (t, api) {
  const { client } = api;
  const [john, jane, kate] = await api.users(t, 'john', 'jane', 'kate');
  const find = async (conditions, options = {}, sort = []) =>
    (await client.queryChannelsRequest(conditions, sort, options)).map((state) => state.channel.id);
  const state = async (id, user_id) => (await client.queryChannelsRequest({ id }, [], { user_id }))[0];
  const member = (members, id) => members?.find((found) => found.user_id === id);

  await t.step('makes a channel of its members', async () => {
    const make = (members) => client.channel('messaging', { members, created_by_id: john }).create();
    const first = await make([john, jane]);
    t.ok(first.channel.id.startsWith('!members-'), 'the id says that it is distinct');
    const second = await make([jane, john]);
    t.equal(second.channel.cid, first.channel.cid, 'the same members give the same channel');
    t.equal(await find({ members: { $eq: [jane, john] } }), [first.channel.id], 'it is found by its exact members');
  });

  const channel = await api.channel(t, [john, jane], { topic: 'trips', score: 1 });
  const { id } = channel;

  await t.step('updates', async () => {
    const { channel: partial } = await channel.updatePartial({ set: { color: 'blue' }, unset: ['topic'] });
    t.equal([partial.color, partial.topic, partial.score], ['blue', undefined, 1], 'partially');
    const { channel: full } = await channel.update({ color: 'green', frozen: true });
    t.equal([full.color, full.score, full.frozen], ['green', undefined, true], 'wholly');
    t.equal(await find({ id, frozen: true, color: 'green' }), [id], 'a query by it');
    await channel.update({ ...channel.data, frozen: false });
    t.equal((await channel.query({ state: true })).channel.color, 'green', 'with all that a response held');
    await t.refuses(() => channel.updatePartial({ set: { member_count: 7 } }), { status: 403, code: 17 }, 'a reserved field');
  });

  await t.step('queries', async () => {
    const rooms = [id, (await api.channel(t, [john])).id, (await api.channel(t, [john])).id];
    const among = { id: { $in: rooms } };
    t.equal(await find(among, {}, [{ created_at: -1 }]), [...rooms].reverse(), 'newest first');
    t.equal(await find(among, { limit: 1, offset: 1 }, [{ created_at: 1 }]), [rooms[1]], 'a page');
    t.equal(await find({ ...among, members: { $in: [jane] } }), [id], 'by member');
    t.equal(await find({ ...among, member_count: { $lt: 2 } }, {}, [{ created_at: 1 }]), rooms.slice(1), 'by the number of members');
    const [full] = await client.queryChannels({ id });
    t.sameSet(Object.keys(full.state.members), [john, jane], 'as an object of the SDK');
  });

  await t.step('hides and shows', async () => {
    await api.send(channel, john, 'old news');
    await channel.hide(jane, true);
    t.equal(await find({ id }, { user_id: jane }), [], 'hidden channels are not listed');
    t.equal(await find({ id, hidden: true }, { user_id: jane }), [id], 'unless they are asked for');
    await channel.show(jane);
    t.equal((await state(id, jane))?.messages, [], 'the history stays cleared');
    await channel.hide(jane);
    await api.send(channel, john, 'fresh news');
    t.equal((await state(id, jane))?.messages.map(({ text }) => text), ['fresh news'], 'a new message shows it again');
  });

  await t.step('pins and archives for a member', async () => {
    const pinned = await channel.pin({ user_id: jane });
    t.ok(pinned?.pinned_at, 'the time of pinning');
    t.equal(await find({ id, pinned: true }, { user_id: jane }), [id], 'the filter `pinned`');
    t.ok((await state(id, jane))?.membership?.pinned_at, 'the membership');
    t.ok(!(await channel.unpin({ user_id: jane }))?.pinned_at, 'it is unpinned');
    t.ok((await channel.archive({ user_id: jane }))?.archived_at, 'the time of archiving');
    t.equal(await find({ id, archived: true }, { user_id: jane }), [id], 'the filter `archived`');
    t.ok(!(await channel.unarchive({ user_id: jane }))?.archived_at, 'it is unarchived');
  });

  await t.step('keeps data of members', async () => {
    const { channel_member } = await channel.updateMemberPartial({ set: { color: 'pink' } }, { userId: jane });
    t.equal([channel_member?.user_id, channel_member?.color], [jane, 'pink'], 'custom data is flat');
    const { members } = await channel.queryMembers({ color: 'pink' });
    t.equal(members.map(({ user_id, color }) => [user_id, color]), [[jane, 'pink']], 'a query by it');
    const assigned = await channel.assignRoles([{ user_id: jane, channel_role: 'channel_moderator' }]);
    t.equal(member(assigned.members, jane)?.channel_role, 'channel_moderator', 'an assigned role');
    const autocomplete = await channel.queryMembers({ name: { $autocomplete: 'nobody' } });
    t.equal(autocomplete.members, [], 'a query by name');
  });

  await t.step('invites', async () => {
    const invited = member((await channel.inviteMembers([kate])).members, kate);
    t.equal([invited?.invited, invited?.status], [true, 'pending'], 'the invited member');
    t.equal(await find({ id, invite: 'pending' }, { user_id: kate }), [id], 'the filter `invite`');
    const rejected = member((await channel.rejectInvite({ user_id: kate })).members, kate);
    t.ok(rejected?.invite_rejected_at, 'the time of the rejection');
    const accepted = await channel.acceptInvite({ user_id: kate, message: { text: 'I am in', user_id: kate } });
    t.ok(member(accepted.members, kate)?.invite_accepted_at, 'the time of acceptance');
    t.equal(accepted.message?.text, 'I am in', 'the message');
    t.equal(await find({ id, joined: true }, { user_id: kate }), [id], 'she has joined');
  });

  await t.step('tags and slows down', async () => {
    await channel.addFilterTags(['vip', 'new']);
    t.equal(await find({ id, filter_tags: { $in: ['vip'] } }), [id], 'a query by tag');
    t.equal((await channel.removeFilterTags(['new'])).channel.filter_tags, ['vip'], 'what is left');
    t.equal((await channel.enableSlowMode(20)).channel.cooldown, 20, 'slow mode');
    t.ok(!(await channel.disableSlowMode()).channel.cooldown, 'it ends');
  });

  await t.step('sends events', async () => {
    const { event } = await channel.sendEvent({ type: 'game.move', user_id: john, to: 'e4' });
    t.equal([event?.type, event?.user?.id ?? event?.user_id, event?.to], ['game.move', john, 'e4'], 'a custom event');
  });

  await t.step('truncates', async () => {
    const { message } = await channel.truncate({ message: { text: 'All gone', user_id: john } });
    t.equal(message?.text, 'All gone', 'the message');
    const after = await channel.query({ state: true });
    t.equal(after.messages.map(({ text }) => text), ['All gone'], 'nothing else is left');
    t.ok(after.channel.truncated_at, 'the time');
  });

  await t.step('updates and deletes batches', async () => {
    const rooms = [await api.channel(t, [john]), await api.channel(t, [john])];
    const cids = rooms.map(({ cid }) => cid);
    const { task_id } = await client.channelBatchUpdater().addMembers({ cids: { $in: cids } }, [{ user_id: kate }]);
    await api.task(t, task_id);
    for (const room of rooms) {
      t.sameSet((await room.query({ state: true })).members.map(({ user_id }) => user_id), [john, kate], 'the members');
    }
    await api.task(t, (await client.deleteChannels(cids, { hard_delete: true })).task_id);
    t.equal(await find({ cid: { $in: cids } }), [], 'they are deleted');
  });

  await t.step('deletes', async () => {
    t.ok((await channel.delete()).channel?.deleted_at, 'the time');
    t.equal(await find({ id }), [], 'it is not listed');
    await t.refuses(() => client.channel('messaging', t.id('missing')).delete(), { status: 404, code: 16 }, 'a missing channel');
  });
}
