export default async function (t, api) {
  const { client } = api;
  const [john, jane] = await api.users(t, 'john', 'jane');
  const id = t.id('group');
  const group = async () => (await client.getUserGroup(id)).user_group;

  await t.step('keeps a group', async () => {
    await client.createUserGroup({ id, name: `${t.name} support`, member_ids: [john] });
    t.equal((await group())?.name, `${t.name} support`, 'the group');
    await client.addUserGroupMembers(id, { member_ids: [jane] });
    t.sameSet((await group())?.members?.map(({ user_id }) => user_id), [john, jane], 'its members');
    await client.removeUserGroupMembers(id, { member_ids: [john] });
    t.equal((await group())?.members?.map(({ user_id }) => user_id), [jane], 'after a removal');
    await client.updateUserGroup(id, { name: 'Renamed' });
    t.equal((await group())?.name, 'Renamed', 'the update');
    t.includes((await client.searchUserGroups({ query: 'Rena' })).user_groups.map((found) => found.id), id, 'a search');
    t.includes((await client.queryUserGroups()).user_groups.map((found) => found.id), id, 'the list');
  });

  await t.step('deletes it', async () => {
    await client.deleteUserGroup(id);
    await t.refuses(group, { status: 404, code: 16 }, 'the deleted group');
  });
}
