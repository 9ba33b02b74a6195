export default async function (t, api) {
  const { client } = api;
  const refused = { status: 400, code: 4 };

  await t.step('lists the built-in permissions', async () => {
    const { permissions } = await client.listPermissions();
    t.includes(permissions.map(({ id }) => id), 'create-channel', 'the list');
    const { permission } = await client.getPermission({ id: 'create-channel' });
    t.equal([permission.id, permission.action, permission.custom], ['create-channel', 'CreateChannel', false], 'one by its id');
    await t.refuses(() => client.getPermission({ id: t.id('missing') }), { status: 404, code: 16 }, 'a missing permission');
  });

  await t.step('keeps roles', async () => {
    const name = t.id('role');
    const { role } = await client.createRole({ name });
    t.equal([role.name, role.custom], [name, true], 'the role');
    const { roles } = await client.listRoles();
    const names = roles.map((found) => found.name);
    t.includes(names, name, 'the list');
    for (const built_in of ['user', 'admin', 'guest', 'channel_member', 'channel_moderator']) t.includes(names, built_in, 'a built-in role');
    t.equal(roles.find((found) => found.name === 'admin')?.custom, false, 'a built-in role is not custom');
    t.includes((await client.searchRoles({ query: name.slice(0, 8) })).roles.map((found) => found.name), name, 'a search');
    await t.refuses(() => client.createRole({ name }), { ...refused, says: /already exists/ }, 'a name that is taken');
    await t.refuses(() => client.deleteRole({ name: 'admin' }), { ...refused, says: /built-in role and cannot be deleted/ }, 'deleting a built-in role');
    const [john] = await api.users(t, 'john');
    await client.upsertUsers([{ id: john, role: name }]);
    await t.refuses(() => client.deleteRole({ name }), { ...refused, says: /at least one user is using this role/ }, 'deleting a role that is in use');
    await client.upsertUsers([{ id: john, role: 'user' }]);
    await client.deleteRole({ name });
    t.excludes((await client.listRoles()).roles.map((found) => found.name), name, 'the list after the deletion');
    await t.refuses(() => client.upsertUsers([{ id: john, role: name }]), { status: 400, code: 4 }, 'a user with a role that does not exist');
  });
}
