export default async function (t, api) {
  const { chat } = api;
  const name = t.id('type');
  const required = { automod: 'disabled', automod_behavior: 'flag', max_message_length: 500 };
  const command = t.id('command');

  await t.step('lists the built-in types', async () => {
    const { channel_types } = await chat.listChannelTypes();
    for (const type of ['messaging', 'livestream', 'team', 'gaming', 'commerce']) t.ok(channel_types[type], type);
    const messaging = await chat.getChannelType({ name: 'messaging' });
    t.equal(messaging.name, 'messaging', 'one by its name');
    t.ok(messaging.commands.some((found) => found.name === 'giphy'), 'its commands are objects');
    t.includes(messaging.grants.channel_member, 'create-message', 'its grants');
  });

  await t.step('keeps commands', async () => {
    const { command: created } = await chat.createCommand({ name: command, description: 'Does things', args: '[thing]', set: 'my_set' });
    t.equal([created?.name, created?.description], [command, 'Does things'], 'the command');
    const read = await chat.getCommand({ name: command });
    t.equal([read.name, read.args, read.set], [command, '[thing]', 'my_set'], 'in a later read');
    const { command: updated } = await chat.updateCommand({ name: command, description: 'Does more' });
    t.equal(updated?.description, 'Does more', 'the update');
    const names = (await chat.listCommands()).commands.map((found) => found.name);
    t.includes(names, command, 'the list');
    t.includes(names, 'giphy', 'the built-in ones');
    await t.refuses(() => chat.createCommand({ name: 'giphy', description: 'Mine' }), { status: 400, code: 4 }, 'a built-in name');
    await t.refuses(() => chat.getCommand({ name: t.id('missing') }), { status: 404, code: 16 }, 'a missing command');
  });

  await t.step('creates a type', async () => {
    const created = await chat.createChannelType({ name, ...required, typing_events: false, reactions: false, commands: ['giphy', command] });
    t.equal([created.name, created.max_message_length], [name, 500], 'its fields');
    const read = await chat.getChannelType({ name });
    t.equal([read.typing_events, read.reactions], [false, false], 'in a later read');
    t.sameSet(read.commands.map((found) => found.name), ['giphy', command], 'its commands');
    t.includes(read.grants.channel_member, 'create-message', 'it starts with the grants of messaging');
    t.ok((await chat.listChannelTypes()).channel_types[name], 'the list');
    await t.refuses(() => chat.createChannelType({ name, ...required }), { status: 400, code: 4 }, 'a name that is taken');
    await t.refuses(() => chat.createChannelType({ name: 'messaging', ...required }), { status: 400, code: 4 }, 'a built-in name');
    await t.refuses(() => chat.deleteCommand({ name: command }), { status: 400, code: 4 }, 'deleting a command that is in use');
  });

  await t.step('updates a type', async () => {
    const updated = await chat.updateChannelType({ name, ...required, max_message_length: 300, replies: false, commands: ['giphy'] });
    t.equal([updated.max_message_length, updated.replies], [300, false], 'the response');
    t.equal(updated.commands, ['giphy'], 'commands are strings here');
    const read = await chat.getChannelType({ name });
    t.equal([read.max_message_length, read.replies, read.typing_events], [300, false, false], 'what was not named stays');
  });

  await t.step('grants permissions', async () => {
    await chat.updateChannelType({ name, ...required, grants: { guest: ['read-channel', 'create-message'] } });
    t.sameSet((await chat.getChannelType({ name })).grants.guest, ['read-channel', 'create-message'], 'the grants of a role');
  });

  await t.step('uses a type', async () => {
    const [john] = await api.users(t, 'john');
    const channel = chat.channel(name, t.id('room'));
    const state = await channel.getOrCreate({ data: { created_by_id: john, members: [{ user_id: john }] } });
    t.equal([state.channel.type, state.channel.config.max_message_length], [name, 500], 'the configuration of a channel');
    await t.refuses(() => chat.deleteChannelType({ name }), { status: 400, code: 4 }, 'deleting a type that is in use');
    await channel.delete({ hard_delete: true });
  });

  await t.step('deletes a type', async () => {
    await chat.deleteChannelType({ name });
    await t.refuses(() => chat.getChannelType({ name }), { status: 404, code: 16 }, 'the deleted type');
    await chat.deleteCommand({ name: command });
    await t.refuses(() => chat.getCommand({ name: command }), { status: 404, code: 16 }, 'the deleted command');
  });
}
