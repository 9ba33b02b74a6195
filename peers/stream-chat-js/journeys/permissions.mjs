export default async function (t, { client }) {
  await t.step('keeps permissions', async () => {
    t.includes((await client.listPermissions()).permissions.map(({ id }) => id), 'create-channel', 'the built-in ones');
    t.equal((await client.getPermission('create-channel')).permission.action, 'CreateChannel', 'one of them');
    const id = t.id('permission');
    const condition = { '$subject.magic_custom_field': { $eq: 'true' } };
    await client.createPermission({ id, name: 'Mine', action: 'DeleteChannel', condition });
    const { permission } = await client.getPermission(id);
    t.equal([permission.action, permission.custom, permission.condition], ['DeleteChannel', true, condition], 'a custom one');
    await client.updatePermission(id, { name: 'Mine', action: 'ReadChannel', condition });
    t.equal((await client.getPermission(id)).permission.action, 'ReadChannel', 'the update');
    await client.deletePermission(id);
    await t.refuses(() => client.getPermission(id), { status: 404, code: 16 }, 'the deleted one');
  });

  await t.step('keeps roles', async () => {
    const name = t.id('role');
    const names = async () => (await client.listRoles()).roles.map((role) => role.name);
    t.equal((await client.createRole(name)).role?.name, name, 'the role');
    t.includes(await names(), name, 'the list');
    t.includes((await client.searchRoles({ query: name.slice(0, 6) })).roles.map((role) => role.name), name, 'a search');
    await t.refuses(() => client.createRole(name), { status: 400, code: 4, says: /already exists/ }, 'a name that is taken');
    await t.refuses(() => client.deleteRole('admin'), { status: 400, code: 4, says: /built-in role/ }, 'a built-in role');
    await client.deleteRole(name);
    t.excludes(await names(), name, 'it is deleted');
  });
}
