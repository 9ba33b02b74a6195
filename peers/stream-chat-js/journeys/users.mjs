export default async function (t, api) {
  const { client } = api;
  const one = async (id, options) => (await client.queryUsers({ id }, [], options)).users[0];
  const [john, jane] = await api.users(t, 'john', 'jane');

  await t.step('replaces and merges', async () => {
    await client.upsertUser({ id: john, name: 'John', color: 'red' });
    await client.upsertUser({ id: john, size: 3 });
    const replaced = await one(john);
    t.equal([replaced.name, replaced.color, replaced.size], [undefined, undefined, 3], 'an upsert replaces');
    await client.partialUpdateUser({ id: john, set: { name: 'Johnny', color: 'blue' }, unset: ['size'] });
    const merged = await one(john);
    t.equal([merged.name, merged.color, merged.size], ['Johnny', 'blue', undefined], 'a partial update merges');
    const privacy = (name) => ({ privacy_settings: { [name]: { enabled: false } } });
    await client.partialUpdateUsers([{ id: john, set: privacy('typing_indicators') }]);
    await client.partialUpdateUsers([{ id: john, set: privacy('read_receipts') }]);
    const { privacy_settings } = await one(john);
    t.equal([privacy_settings?.typing_indicators?.enabled, privacy_settings?.read_receipts?.enabled], [false, false], 'nested objects, too');
  });

  await t.step('queries', async () => {
    const ids = [t.id('a'), t.id('b'), t.id('c')];
    await client.upsertUsers(ids.map((id) => ({ id, name: `Query ${id}`, group: t.name, teams: [t.name] })));
    const query = async (conditions, sort, options) => (await client.queryUsers(conditions, sort, options)).users.map(({ id }) => id);
    t.equal(await query({ group: t.name }, { id: -1 }), [...ids].reverse(), 'by custom data, sorted');
    t.equal(await query({ group: t.name }, [{ id: 1 }], { limit: 1, offset: 1 }), [ids[1]], 'a page');
    t.equal((await query({ name: { $autocomplete: 'query' }, group: t.name })).length, 3, 'by the beginning of the name');
    t.sameSet(await query({ teams: { $contains: t.name } }), ids, 'by team');
    t.equal(await query({ group: t.name, id: { $nin: ids.slice(1) } }), [ids[0]], 'all but some');
  });

  await t.step('deactivates and reactivates', async () => {
    const [gone] = await api.users(t, 'gone');
    const { user } = await client.deactivateUser(gone, { created_by_id: john, mark_messages_deleted: true });
    t.ok(user?.deactivated_at, 'the time');
    t.equal(await one(gone), undefined, 'the user is not listed');
    t.equal((await one(gone, { include_deactivated_users: true }))?.id, gone, 'unless deactivated ones are asked for');
    const back = await client.reactivateUser(gone, { name: 'Back', restore_messages: true });
    t.equal(back.user?.name, 'Back', 'the user is active again');
    await t.refuses(() => client.reactivateUser(gone), { status: 400, says: /is not deactivated/ }, 'once more');
    await api.task(t, (await client.deactivateUsers([gone])).task_id);
    t.equal(await one(gone), undefined, 'in a batch');
    await api.task(t, (await client.reactivateUsers([gone])).task_id);
    t.equal((await one(gone))?.id, gone, 'and back');
  });

  await t.step('deletes and restores', async () => {
    const [first, soft, hard] = await api.users(t, 'first', 'soft', 'hard');
    const { user } = await client.deleteUser(first, { mark_messages_deleted: true });
    t.equal(user?.id, first, 'one user by the older path');
    t.equal(await one(first), undefined, 'the user is not listed');
    await api.task(t, (await client.deleteUsers([soft], { user: 'soft', messages: 'soft' })).task_id);
    t.equal(await one(soft), undefined, 'a soft delete');
    await client.restoreUsers([soft]);
    t.equal((await one(soft))?.id, soft, 'it is undone');
    await api.task(t, (await client.deleteUsers([hard], { user: 'hard', messages: 'hard', conversations: 'hard' })).task_id);
    t.equal(await one(hard), undefined, 'a hard delete');
    await t.refuses(() => client.restoreUsers([hard]), {}, 'undoing that');
  });

  await t.step('exports', async () => {
    const channel = await api.channel(t, [jane]);
    const sent = await api.send(channel, jane, 'export me');
    await channel.sendReaction(sent.id, { type: 'like', user_id: jane });
    const data = await client.exportUser(jane);
    t.equal(data.user?.id, jane, 'the user');
    t.includes(data.messages?.map(({ text }) => text), 'export me', 'the messages');
    t.equal(data.reactions?.map(({ type }) => type), ['like'], 'the reactions');
    t.ok((await client.exportUsers({ user_ids: [jane] })).task_id, 'a task for several');
  });

  await t.step('blocks', async () => {
    const blocked = await client.blockUser(jane, john);
    t.equal([blocked.blocked_user_id, blocked.blocked_by_user_id], [jane, john], 'who blocks whom');
    const list = async () => (await client.getBlockedUsers(john)).blocks.map(({ blocked_user_id }) => blocked_user_id);
    t.equal(await list(), [jane], 'the blocked users');
    await client.unBlockUser(jane, john);
    t.equal(await list(), [], 'none is left');
  });

  await t.step('keeps devices', async () => {
    const id = t.id('device');
    await client.addDevice(id, 'firebase', john);
    t.equal((await client.getDevices(john)).devices.map((device) => [device.id, device.push_provider]), [[id, 'firebase']], 'the devices');
    await client.removeDevice(id, john);
    t.equal((await client.getDevices(john)).devices, [], 'none is left');
    const { user_preferences } = await client.setPushPreferences([{ user_id: john, chat_level: 'mentions' }]);
    t.equal(user_preferences?.[john]?.chat_level, 'mentions', 'push preferences');
  });

  await t.step('revokes tokens', async () => {
    const before = new Date(Date.now() - 1000);
    await client.revokeUserToken(john, before);
    t.equal(new Date((await one(john)).revoke_tokens_issued_before).getTime(), before.getTime(), 'in a later read');
    await client.revokeUserToken(john, null);
    t.ok(!(await one(john)).revoke_tokens_issued_before, 'taken back');
  });

  await t.step('sends custom events', async () => {
    t.ok((await client.sendUserCustomEvent(jane, { type: 'friendship_request', text: 'hi' })).duration, 'an event to a user');
  });
}
