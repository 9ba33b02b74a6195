export default async function (t, api) {
  const { client } = api;
  const [john, jane, kate] = await api.users(t, 'john', 'jane', 'kate');
  const id = t.id('group');
  const members = async () => (await client.getUserGroup({ id })).user_group?.members?.map(({ user_id }) => user_id);

  await t.step('creates a group', async () => {
    const { user_group } = await client.createUserGroup({ id, name: `${t.name} support`, description: 'Helps', member_ids: [john] });
    t.equal([user_group?.id, user_group?.name, user_group?.description], [id, `${t.name} support`, 'Helps'], 'the group');
    t.equal(await members(), [john], 'its members in a later read');
    await t.refuses(() => client.createUserGroup({ id, name: 'Again' }), { status: 400, code: 4 }, 'an id that is taken');
  });

  await t.step('changes members', async () => {
    await client.addUserGroupMembers({ id, member_ids: [jane, kate] });
    t.sameSet(await members(), [john, jane, kate], 'after adding');
    await client.removeUserGroupMembers({ id, member_ids: [john] });
    t.sameSet(await members(), [jane, kate], 'after removing');
    await client.addUserGroupMembers({ id, member_ids: [john], as_admin: true });
    const { user_group } = await client.getUserGroup({ id });
    t.equal(user_group?.members?.find(({ user_id }) => user_id === john)?.is_admin, true, 'an admin of the group');
  });

  await t.step('finds groups', async () => {
    const names = ({ user_groups }) => user_groups.map(({ name }) => name);
    t.includes((await client.listUserGroups()).user_groups.map((group) => group.id), id, 'the list');
    t.equal(names(await client.searchUserGroups({ query: t.name })), [`${t.name} support`], 'by the beginning of the name');
    t.equal(names(await client.searchUserGroups({ query: 'support' })), [], 'and not by another part');
  });

  await t.step('updates a group', async () => {
    const { user_group } = await client.updateUserGroup({ id, name: 'Renamed' });
    t.equal([user_group?.name, user_group?.description], ['Renamed', 'Helps'], 'what was not named stays');
  });

  await t.step('mentions a group', async () => {
    const channel = await api.channel(t, [john, jane]);
    const message = await api.send(channel, john, 'help', { mentioned_group_ids: [id] });
    t.equal(message.mentioned_group_ids, [id], 'the mention');
  });

  await t.step('deletes a group', async () => {
    await client.deleteUserGroup({ id });
    await t.refuses(() => client.getUserGroup({ id }), { status: 404, code: 16 }, 'the deleted group');
    await t.refuses(() => client.updateUserGroup({ id, name: 'Late' }), { status: 404, code: 16 }, 'updating it');
    await t.refuses(() => client.addUserGroupMembers({ id, member_ids: [john] }), { status: 404, code: 16 }, 'adding members to it');
  });
}
