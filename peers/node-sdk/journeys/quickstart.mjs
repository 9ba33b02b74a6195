const claims = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());

export default async function (t, { client, chat, baseUrl, key }) {
  const [john, jane, kate] = ['john', 'jane', 'kate'].map((name) => t.id(name));
  const asUser = (token) =>
    fetch(`${baseUrl}/api/v2/users?api_key=${key}&payload=${encodeURIComponent(JSON.stringify({ filter_conditions: { id: john } }))}`, {
      method: 'GET',
      headers: { Authorization: token, 'stream-auth-type': 'jwt' },
    });

  await t.step('upserts users', async () => {
    const { users, metadata } = await client.upsertUsers([
      { id: john, name: 'John', role: 'admin', custom: { level: 3, nested: { deep: ['a'] } } },
      { id: jane, image: 'https://example.com/jane.png', language: 'nl' },
      { id: kate },
    ]);
    t.equal(metadata.responseCode, 201, 'the status of UpdateUsers');
    t.sameSet(Object.keys(users), [john, jane, kate], 'the users of the response');
    t.equal(users[john].role, 'admin', 'the role that was set');
    t.equal(users[kate].role, 'user', 'the default role');
    t.equal(users[john].custom, { level: 3, nested: { deep: ['a'] } }, 'custom data');
    const found = await client.queryUsers({ payload: { filter_conditions: { id: { $in: [john, jane] } } } });
    const byId = Object.fromEntries(found.users.map((user) => [user.id, user]));
    t.sameSet(Object.keys(byId), [john, jane], 'the users that a query finds');
    t.equal(byId[john]?.name, 'John', 'the name');
    t.equal(byId[jane]?.image, 'https://example.com/jane.png', 'the image');
    t.equal(byId[jane]?.language, 'nl', 'the language');
    t.ok(byId[john]?.created_at instanceof Date, 'the creation time is decoded');
    t.ok(Math.abs(byId[john]?.created_at - Date.now()) < 3_600_000, 'the creation time is about now');
    t.equal(byId[john]?.online, false, 'nobody is online');
    t.equal(byId[john]?.banned, false, 'nobody is banned');
  });

  await t.step('mints user tokens', async () => {
    const lasting = client.generatePermanentUserToken({ user_id: john });
    t.equal(claims(lasting).user_id, john, 'the user of the token');
    t.equal(claims(lasting).exp, undefined, 'a permanent token has no expiration');
    t.equal((await asUser(lasting)).status, 200, 'the token is accepted');
    const expiring = client.generateUserToken({ user_id: john, validity_in_seconds: 60 });
    t.equal(claims(expiring).exp - claims(expiring).iat, 60, 'the token expires after a minute');
    t.equal((await asUser(expiring)).status, 200, 'the expiring token is accepted');
    const past = Math.floor(Date.now() / 1000) - 100;
    const refused = await asUser(client.generateUserToken({ user_id: john, iat: past - 100, exp: past }));
    t.equal(refused.status, 401, 'an expired token is refused');
    t.equal((await refused.json()).code, 40, 'the code of an expired token');
    const forged = await asUser(`${lasting.slice(0, -6)}AAAAAA`);
    t.equal(forged.status, 401, 'a forged token is refused');
    t.equal((await forged.json()).code, 43, 'the code of a forged token');
  });

  const room = t.id('room');
  const channel = chat.channel('messaging', room);

  await t.step('creates a channel', async () => {
    const state = await channel.getOrCreate({
      data: { created_by_id: john, members: [{ user_id: john }, { user_id: jane }], custom: { topic: 'trips' } },
    });
    t.equal(state.channel.cid, `messaging:${room}`, 'the cid');
    t.equal(state.channel.created_by.id, john, 'the creator');
    t.equal(state.channel.custom.topic, 'trips', 'custom data');
    t.equal(state.channel.member_count, 2, 'the number of members');
    t.sameSet(state.members.map((member) => member.user_id), [john, jane], 'the members');
    t.equal(state.messages, [], 'no messages yet');
    t.equal(state.channel.frozen, false, 'the channel is not frozen');
    t.equal(state.channel.config.name, 'messaging', 'the configuration of its type');
    const again = await channel.getOrCreate({ data: { created_by_id: jane, custom: { topic: 'other' } } });
    t.equal(again.channel.custom.topic, 'trips', 'creating it again changes nothing');
    t.equal(again.channel.created_by.id, john, 'the creator stays');
    await t.refuses(
      () => chat.channel('messaging', t.id('nobody')).getOrCreate({ data: {} }),
      { status: 400, code: 4 },
      'a channel needs a creator',
    );
  });

  await t.step('updates the channel with a message', async () => {
    const updated = await channel.update({
      data: { custom: { color: 'green' } },
      message: { text: 'Kate made it green', user_id: kate },
    });
    t.equal(updated.channel.custom.color, 'green', 'the new custom data');
    t.equal(updated.channel.custom.topic, undefined, 'an update replaces custom data');
    t.equal(updated.message.text, 'Kate made it green', 'the message');
    const state = await channel.getOrCreate();
    t.equal(state.channel.custom, { color: 'green' }, 'custom data in a later read');
    t.equal(state.messages.map((message) => message.text), ['Kate made it green'], 'the message in a later read');
    t.equal(state.messages[0]?.user.id, kate, 'its author');
    t.ok(state.channel.last_message_at instanceof Date, 'the time of the last message');
  });

  await t.step('adds members and moderators', async () => {
    const roles = (members) => Object.fromEntries(members.map((member) => [member.user_id, member.channel_role]));
    const added = await channel.update({ add_members: [{ user_id: kate }] });
    t.includes(added.members.map((member) => member.user_id), kate, 'the new member');
    t.equal(added.channel.member_count, 3, 'the number of members');
    const promoted = await channel.update({ add_moderators: [kate] });
    t.equal(roles(promoted.members)[kate], 'channel_moderator', 'the role of the moderator');
    t.equal(promoted.members.find((member) => member.user_id === kate)?.is_moderator, true, 'she is a moderator');
    const demoted = await channel.update({ demote_moderators: [kate] });
    t.equal(roles(demoted.members)[kate], 'channel_member', 'the role after the demotion');
    const found = await channel.queryMembers({ payload: { filter_conditions: { user_id: { $in: [kate, jane] } } } });
    t.sameSet(found.members.map((member) => member.user_id), [kate, jane], 'a query of members');
    await channel.update({ remove_members: [kate] });
    const state = await channel.getOrCreate();
    t.sameSet(state.members.map((member) => member.user_id), [john, jane], 'the members after the removal');
  });

  await t.step('sends a message with an attachment and custom data', async () => {
    const sent = await channel.sendMessage({
      message: {
        text: '@Jane, the photos are here',
        user_id: john,
        mentioned_users: [jane],
        attachments: [{ type: 'image', image_url: 'https://example.com/trip.jpg', custom: { myCustomField: 123 } }],
        custom: { anotherCustomField: 234 },
      },
    });
    t.equal(sent.metadata.responseCode, 201, 'the status of SendMessage');
    t.ok(sent.metadata.rateLimit.rateLimit > 0, 'a rate limit is reported');
    t.equal(sent.message.type, 'regular', 'the type');
    t.equal(sent.message.cid, channel.cid, 'the channel');
    t.equal(sent.message.user.id, john, 'the author');
    const { message } = await chat.getMessage({ id: sent.message.id });
    t.equal(message.text, '@Jane, the photos are here', 'the text');
    t.equal(message.attachments[0]?.image_url, 'https://example.com/trip.jpg', 'the attachment');
    t.equal(message.attachments[0]?.custom?.myCustomField, 123, 'custom data of the attachment');
    t.equal(message.custom.anotherCustomField, 234, 'custom data of the message');
    t.equal(message.mentioned_users.map((user) => user.id), [jane], 'the mention');
    t.equal([message.reply_count, message.pinned, message.silent], [0, false, false], 'a plain message');
    await t.refuses(() => chat.getMessage({ id: t.id('missing') }), { status: 404, code: 16 }, 'a missing message');
  });

  await t.step('changes app settings', async () => {
    await client.updateApp({ enforce_unique_usernames: 'app' });
    t.equal((await client.getApp()).app.enforce_unique_usernames, 'app', 'the setting in a later read');
    await client.upsertUsers([{ id: jane, name: 'Jane the unique' }]);
    await t.refuses(
      () => client.upsertUsers([{ id: kate, name: 'Jane the unique' }]),
      { status: 400, code: 6 },
      'a name that is taken',
    );
    await client.updateApp({ enforce_unique_usernames: 'no' });
    t.equal((await client.getApp()).app.enforce_unique_usernames, 'no', 'the setting is back');
  });
}
