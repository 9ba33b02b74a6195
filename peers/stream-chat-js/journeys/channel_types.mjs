export default async function (t, api) {
  const { client } = api;
  const name = t.id('type');
  const command = t.id('command');

  await t.step('keeps commands', async () => {
    const created = await client.createCommand({ name: command, description: 'Does things', args: '[thing]' });
    t.equal(created.command?.name, command, 'the command');
    t.equal((await client.getCommand(command)).description, 'Does things', 'in a later read');
    await client.updateCommand(command, { description: 'Does more' });
    t.equal((await client.getCommand(command)).description, 'Does more', 'the update');
    t.includes((await client.listCommands()).commands.map((found) => found.name), command, 'the list');
  });

  await t.step('keeps types', async () => {
    const created = await client.createChannelType({ name, max_message_length: 500, typing_events: false });
    t.equal([created.name, created.max_message_length], [name, 500], 'the type');
    t.includes(created.commands, 'giphy', '`all` stands for the built-in commands');
    const read = await client.getChannelType(name);
    t.equal([read.name, read.typing_events], [name, false], 'in a later read');
    t.includes(read.commands.map((found) => found.name), 'giphy', 'its commands are objects');
    t.ok((await client.listChannelTypes()).channel_types[name], 'the list');
    const updated = await client.updateChannelType(name, { commands: ['giphy', command], max_message_length: 300 });
    t.sameSet(updated.commands, ['giphy', command], 'an update gives strings');
    t.equal((await client.getChannelType(name)).max_message_length, 300, 'the update in a later read');
    await t.refuses(() => client.createChannelType({ name }), { status: 400, code: 4 }, 'a name that is taken');
    await t.refuses(() => client.updateChannelType(name, { commands: ['no-such-command'] }), { status: 400, code: 4 }, 'an unknown command');
  });

  await t.step('deletes both', async () => {
    await t.refuses(() => client.deleteCommand(command), { status: 400, code: 4 }, 'a command that is in use');
    await client.deleteChannelType(name);
    await t.refuses(() => client.getChannelType(name), { status: 404, code: 16 }, 'the deleted type');
    await client.deleteCommand(command);
    await t.refuses(() => client.getCommand(command), { status: 404, code: 16 }, 'the deleted command');
  });
}
