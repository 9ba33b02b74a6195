const claims = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());

export default async function (t, { client, baseUrl, key }) {
  const [john, jane, kate] = ['john', 'jane', 'kate'].map((name) => t.id(name));
  const asUser = (token) =>
    fetch(`${baseUrl}/users?api_key=${key}&payload=${encodeURIComponent(JSON.stringify({ filter_conditions: { id: john } }))}`, {
      headers: { Authorization: token, 'stream-auth-type': 'jwt' },
    });

  await t.step('upserts users', async () => {
    const { users } = await client.upsertUsers([
      { id: john, name: 'John', role: 'admin', level: 3, nested: { deep: ['a'] } },
      { id: jane, image: 'https://example.com/jane.png' },
      { id: kate },
    ]);
    t.sameSet(Object.keys(users), [john, jane, kate], 'the users of the response');
    t.equal(users[john].role, 'admin', 'the role that was set');
    t.equal(users[kate].role, 'user', 'the default role');
    t.equal(users[john].level, 3, 'custom data is flat');
    t.equal(users[john].nested, { deep: ['a'] }, 'nested custom data');
    t.equal(users[john].custom, undefined, 'there is no `custom`');
    const found = await client.queryUsers({ id: { $in: [john, jane] } });
    const byId = Object.fromEntries(found.users.map((user) => [user.id, user]));
    t.sameSet(Object.keys(byId), [john, jane], 'the users that a query finds');
    t.equal(byId[john]?.name, 'John', 'the name');
    t.equal(byId[john]?.level, 3, 'custom data in a later read');
    t.ok(/^\d{4}-\d\d-\d\dT.*Z$/.test(byId[john]?.created_at), 'the creation time is RFC 3339');
    t.ok(Math.abs(new Date(byId[john]?.created_at) - Date.now()) < 3_600_000, 'the creation time is about now');
  });

  await t.step('mints user tokens', async () => {
    const lasting = client.createToken(john);
    t.equal(claims(lasting), { user_id: john }, 'the claims of the token');
    t.equal((await asUser(lasting)).status, 200, 'the token is accepted');
    const now = Math.floor(Date.now() / 1000);
    const expiring = client.createToken(john, now + 60, now - 5);
    t.equal(claims(expiring).exp, now + 60, 'the expiration');
    t.equal((await asUser(expiring)).status, 200, 'the expiring token is accepted');
    const refused = await asUser(client.createToken(john, now - 100, now - 200));
    t.equal(refused.status, 401, 'an expired token is refused');
    t.equal((await refused.json()).code, 40, 'the code of an expired token');
  });

  const room = t.id('room');
  const channel = client.channel('messaging', room, { created_by_id: john, members: [john, jane], topic: 'trips' });

  await t.step('creates a channel', async () => {
    const state = await channel.create();
    t.equal(state.channel.cid, `messaging:${room}`, 'the cid');
    t.equal(state.channel.created_by.id, john, 'the creator');
    t.equal(state.channel.topic, 'trips', 'custom data is flat');
    t.equal(state.channel.member_count, 2, 'the number of members');
    const { members } = await channel.query({ state: true });
    t.sameSet(members.map((member) => member.user_id), [john, jane], 'the members in a later read');
    t.equal(state.channel.config.name, 'messaging', 'the configuration of its type');
    t.ok(/^\d{4}-\d\d-\d\dT.*Z$/.test(state.channel.created_at), 'the creation time is RFC 3339');
  });

  await t.step('updates the channel with a message', async () => {
    const updated = await channel.update(
      { name: 'myspecialchannel', color: 'green' },
      { text: 'Kate changed the channel color to green', user_id: kate },
    );
    t.equal(updated.channel.color, 'green', 'the new custom data');
    t.equal(updated.channel.name, 'myspecialchannel', 'the name');
    t.equal(updated.channel.topic, undefined, 'an update replaces custom data');
    t.equal(updated.message.text, 'Kate changed the channel color to green', 'the message');
    const state = await channel.query({ state: true });
    t.equal(state.channel.color, 'green', 'custom data in a later read');
    t.equal(state.messages.map((message) => message.user.id), [kate], 'the author in a later read');
    t.ok(typeof state.channel.last_message_at === 'string', 'the time of the last message');
  });

  await t.step('adds members and moderators', async () => {
    const roles = (members) => Object.fromEntries(members.map((member) => [member.user_id, member.channel_role]));
    const added = await channel.addMembers([kate]);
    t.includes(added.members.map((member) => member.user_id), kate, 'the new member');
    const promoted = await channel.addModerators([kate]);
    t.equal(roles(promoted.members)[kate], 'channel_moderator', 'the role of the moderator');
    t.equal(promoted.members.find((member) => member.user_id === kate)?.role, 'moderator', 'the older role');
    const demoted = await channel.demoteModerators([kate]);
    t.equal(roles(demoted.members)[kate], 'channel_member', 'the role after the demotion');
    await channel.removeMembers([kate]);
    const state = await channel.query({ state: true });
    t.sameSet(state.members.map((member) => member.user_id), [john, jane], 'the members after the removal');
  });

  await t.step('sends a message with an attachment and custom data', async () => {
    const { message } = await channel.sendMessage({
      text: '@Jane, the photos are here',
      user_id: john,
      mentioned_users: [jane],
      attachments: [{ type: 'image', thumb_url: 'https://example.com/trip.jpg', myCustomField: 123 }],
      anotherCustomField: 234,
    });
    t.equal(message.type, 'regular', 'the type');
    t.equal(message.user.id, john, 'the author');
    const read = (await client.getMessage(message.id)).message;
    t.equal(read.text, '@Jane, the photos are here', 'the text');
    t.equal(read.attachments[0]?.thumb_url, 'https://example.com/trip.jpg', 'the attachment');
    t.equal(read.attachments[0]?.myCustomField, 123, 'custom data of the attachment is flat');
    t.equal(read.anotherCustomField, 234, 'custom data of the message is flat');
    t.equal(read.mentioned_users.map((user) => user.id), [jane], 'the mention');
    await t.refuses(() => client.getMessage(t.id('missing')), { status: 404, code: 16 }, 'a missing message');
  });

  await t.step('changes app settings', async () => {
    await client.updateAppSettings({ enforce_unique_usernames: 'app' });
    t.equal((await client.getAppSettings()).app.enforce_unique_usernames, 'app', 'the setting in a later read');
    await client.upsertUser({ id: jane, name: 'Jane the only' });
    await t.refuses(() => client.upsertUser({ id: kate, name: 'Jane the only' }), { status: 400, code: 6 }, 'a name that is taken');
    await client.updateAppSettings({ enforce_unique_usernames: 'no' });
  });
}
