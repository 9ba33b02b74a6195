export default async function (t, api) {
  const { client, chat, moderation } = api;
  const find = async (filter_conditions, more = {}) =>
    (await client.queryUsers({ payload: { filter_conditions, ...more } })).users;
  const one = async (id, more) => (await find({ id }, more))[0];
  const [john, jane] = await api.users(t, 'john', 'jane');

  await t.step('replaces and merges', async () => {
    await client.upsertUsers([{ id: john, name: 'John', custom: { color: 'red', size: 3 } }]);
    await client.upsertUsers([{ id: john, custom: { color: 'blue' } }]);
    const replaced = await one(john);
    t.equal([replaced.name, replaced.custom], [undefined, { color: 'blue' }], 'an upsert replaces');
    const typing = (enabled) => ({ typing_indicators: { enabled } });
    await client.updateUsersPartial({ users: [{ id: john, set: { name: 'Johnny', size: 4, privacy_settings: typing(false) } }] });
    const { users } = await client.updateUsersPartial({
      users: [{ id: john, set: { privacy_settings: { read_receipts: { enabled: false } } }, unset: ['color'] }],
    });
    t.equal([users[john].name, users[john].custom], ['Johnny', { size: 4 }], 'a partial update merges');
    const { privacy_settings } = await one(john);
    t.equal([privacy_settings?.typing_indicators?.enabled, privacy_settings?.read_receipts?.enabled], [false, false], 'nested objects are merged, too');
    await t.refuses(() => client.updateUsersPartial({ users: [{ id: t.id('missing'), set: { a: 1 } }] }), {}, 'a missing user');
  });

  await t.step('queries', async () => {
    const ids = [t.id('anna'), t.id('annabel'), t.id('bert')];
    await client.upsertUsers([
      { id: ids[0], name: 'Anna Adams', role: 'admin', custom: { group: t.name } },
      { id: ids[1], name: 'Annabel Baker', custom: { group: t.name } },
      { id: ids[2], name: 'Bert Clark', custom: { group: t.name } },
    ]);
    const sort = [{ field: 'id', direction: 1 }];
    const group = async (filter, more = {}) => (await find({ group: t.name, ...filter }, { sort, ...more })).map(({ id }) => id);
    t.equal(await group({}), ids, 'by custom data');
    t.equal(await group({ name: { $autocomplete: 'anna' } }), ids.slice(0, 2), 'by the beginning of the name');
    t.equal(await group({ role: 'admin' }), [ids[0]], 'by role');
    t.equal(await group({ id: { $gt: ids[0] } }), ids.slice(1), 'by a part of the ids');
    t.equal(await group({ $or: [{ id: ids[0] }, { id: ids[2] }] }), [ids[0], ids[2]], 'with $or');
    t.equal(await group({}, { limit: 1, offset: 1 }), [ids[1]], 'a page');
    t.equal(await group({}, { sort: [{ field: 'id', direction: -1 }] }), [...ids].reverse(), 'the other way round');
    await t.refuses(() => group({}, { limit: 101 }), { status: 400, code: 4 }, 'too large a page');
  });

  await t.step('keeps teams', async () => {
    const [red] = await api.users(t, 'red');
    const { users } = await client.upsertUsers([{ id: red, teams: [`${t.name}-red`, 'blue'], teams_role: { blue: 'admin' } }]);
    t.equal(users[red].teams, [`${t.name}-red`, 'blue'], 'the teams');
    t.equal((await find({ teams: { $contains: `${t.name}-red` } })).map(({ id }) => id), [red], 'a query by team');
    t.equal((await one(red)).teams_role, { blue: 'admin' }, 'the role in a team');
  });

  await t.step('deactivates', async () => {
    const [gone] = await api.users(t, 'gone');
    const channel = await api.channel(t, [john, gone]);
    const sent = await api.send(channel, gone, 'bye');
    const { user } = await client.deactivateUser({ user_id: gone, created_by_id: john, mark_messages_deleted: true });
    t.ok(user?.deactivated_at instanceof Date, 'the time');
    t.equal(await one(gone), undefined, 'the user is not listed');
    t.equal((await one(gone, { include_deactivated_users: true }))?.id, gone, 'unless deactivated ones are asked for');
    t.equal((await chat.getMessage({ id: sent.id })).message.type, 'deleted', 'the messages are deleted');
    await t.refuses(() => api.send(channel, gone, 'still here'), { says: /deactivated/ }, 'a message of the user');
    const back = await client.reactivateUser({ user_id: gone, name: 'Back', restore_messages: true });
    t.equal([back.user?.name, back.user?.deactivated_at], ['Back', undefined], 'the user is active again');
    t.equal((await chat.getMessage({ id: sent.id })).message.type, 'regular', 'the messages are back');
    await t.refuses(() => client.reactivateUser({ user_id: gone }), { status: 400, says: /is not deactivated/ }, 'reactivating again');
    const { task_id } = await client.deactivateUsers({ user_ids: [gone] });
    await api.task(t, task_id);
    t.equal(await one(gone), undefined, 'in a batch');
    await api.task(t, (await client.reactivateUsers({ user_ids: [gone] })).task_id);
    t.equal((await one(gone))?.id, gone, 'and back');
  });

  await t.step('deletes and restores', async () => {
    const [soft, hard] = await api.users(t, 'soft', 'hard');
    await api.task(t, (await client.deleteUsers({ user_ids: [soft], user: 'soft', messages: 'soft' })).task_id);
    t.equal(await one(soft), undefined, 'a deleted user is not listed');
    await client.restoreUsers({ user_ids: [soft] });
    t.equal((await one(soft))?.id, soft, 'a soft delete is undone');
    await api.task(t, (await client.deleteUsers({ user_ids: [hard], user: 'hard', messages: 'hard', conversations: 'hard' })).task_id);
    t.equal(await one(hard), undefined, 'a hard delete');
    await t.refuses(() => client.restoreUsers({ user_ids: [hard] }), {}, 'restoring after a hard delete');
  });

  await t.step('exports', async () => {
    const channel = await api.channel(t, [jane]);
    const sent = await api.send(channel, jane, 'export me');
    await chat.sendReaction({ id: sent.id, reaction: { type: 'like', user_id: jane } });
    const data = await client.exportUser({ user_id: jane });
    t.equal(data.user?.id, jane, 'the user');
    t.includes(data.messages?.map(({ text }) => text), 'export me', 'the messages');
    t.equal(data.reactions?.map(({ type }) => type), ['like'], 'the reactions');
    const task = await api.task(t, (await client.exportUsers({ user_ids: [jane] })).task_id);
    t.ok(task?.result?.url, 'the file of a task');
    t.ok((await (await fetch(task.result.url)).text()).includes(jane), 'its content');
  });

  await t.step('makes guests', async () => {
    const id = t.id('guest');
    const { user, access_token } = await client.createGuest({ user: { id, name: 'Guest', custom: { color: 'red' } } });
    t.ok(user.id.includes(id), 'the id holds the one that was asked for');
    t.equal([user.role, user.name], ['guest', 'Guest'], 'the guest');
    const claims = JSON.parse(Buffer.from(access_token.split('.')[1], 'base64url').toString());
    t.equal(claims.user_id, user.id, 'the token');
  });

  await t.step('blocks', async () => {
    const blocked = await client.blockUsers({ blocked_user_id: jane, user_id: john });
    t.equal([blocked.blocked_user_id, blocked.blocked_by_user_id], [jane, john], 'who blocks whom');
    const list = async () => (await client.getBlockedUsers({ user_id: john })).blocks.map(({ blocked_user_id }) => blocked_user_id);
    t.equal(await list(), [jane], 'the blocked users');
    t.equal((await one(john)).blocked_user_ids, [jane], 'the blocked users of the user');
    await client.unblockUsers({ blocked_user_id: jane, user_id: john });
    t.equal(await list(), [], 'none is left');
  });

  await t.step('sends custom events', async () => {
    const event = { type: 'friendship_request', custom: { text: 'hi' } };
    t.ok((await chat.sendUserCustomEvent({ user_id: jane, event })).duration, 'an event to a user');
    await t.refuses(() => chat.sendUserCustomEvent({ user_id: t.id('missing'), event }), {}, 'to a missing one');
  });

  await t.step('revokes tokens', async () => {
    const before = new Date();
    await client.updateUsersPartial({ users: [{ id: john, set: { revoke_tokens_issued_before: before } }] });
    t.sameTime((await one(john)).revoke_tokens_issued_before, before, 'in a later read');
    await client.updateUsersPartial({ users: [{ id: john, unset: ['revoke_tokens_issued_before'] }] });
    t.equal((await one(john)).revoke_tokens_issued_before, undefined, 'taken back');
  });

  await t.step('bypasses moderation', async () => {
    await moderation.bypass({ target_user_id: john, enabled: true });
    t.equal((await one(john)).bypass_moderation, true, 'in a later read');
    await moderation.bypass({ target_user_id: john, enabled: false });
    t.ok(!(await one(john)).bypass_moderation, 'taken back');
  });
}
