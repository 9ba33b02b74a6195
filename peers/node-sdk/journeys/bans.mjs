export default async function (t, api) {
  const { client, chat, moderation } = api;
  const [mod, bad] = await api.users(t, 'mod', 'bad');
  const channel = await api.channel(t, [mod, bad]);
  const bans = async (filter_conditions) => (await chat.queryBannedUsers({ payload: { filter_conditions } })).bans;
  const user = async (id) => (await client.queryUsers({ payload: { filter_conditions: { id } } })).users[0];

  await t.step('bans a user from the app', async () => {
    await moderation.ban({ target_user_id: bad, banned_by_id: mod, reason: 'spam', timeout: 60 });
    const banned = await user(bad);
    t.equal(banned.banned, true, 'the user is banned');
    t.ok(banned.ban_expires > new Date(), 'the ban has an end');
    const [ban, ...more] = await bans({ user_id: bad });
    t.equal(more, [], 'there is one ban');
    t.equal(ban?.user?.id, bad, 'the banned user');
    t.equal(ban?.banned_by?.id, mod, 'who banned');
    t.equal(ban?.reason, 'spam', 'the reason');
    t.ok(Math.abs(ban?.expires - ban?.created_at - 3_600_000) < 60_000, 'the ban lasts an hour');
    t.equal(ban?.channel, undefined, 'no channel');
  });

  await t.step('bans again', async () => {
    await moderation.ban({ target_user_id: bad, banned_by_id: mod, reason: 'worse' });
    const found = await bans({ user_id: bad });
    t.equal(found.map((ban) => ban.reason), ['worse'], 'the ban is replaced');
    t.equal(found[0]?.expires, undefined, 'a ban without a timeout has no end');
  });

  await t.step('filters bans', async () => {
    t.equal((await bans({ banned_by_id: mod })).length, 1, 'by who banned');
    t.equal((await bans({ banned_by_id: bad })).length, 0, 'by someone else');
    t.equal((await bans({ user_id: bad, reason: { $autocomplete: 'wor' } })).length, 1, 'by the reason');
    t.equal((await bans({ user_id: bad, created_at: { $gt: new Date(Date.now() + 60_000) } })).length, 0, 'by time');
    t.equal((await client.queryUsers({ payload: { filter_conditions: { banned: true, id: { $in: [bad, mod] } } } })).users.map(({ id }) => id), [bad], 'users by `banned`');
    await t.refuses(() => bans({ color: 'red' }), { status: 400, code: 4 }, 'an unknown field');
  });

  await t.step('lifts the ban', async () => {
    await moderation.unban({ target_user_id: bad, unbanned_by_id: mod });
    t.equal((await user(bad)).banned, false, 'the user is not banned');
    t.equal(await bans({ user_id: bad }), [], 'no ban is left');
  });

  await t.step('bans a user from a channel', async () => {
    await moderation.ban({ target_user_id: bad, banned_by_id: mod, channel_cid: channel.cid, reason: 'rude' });
    t.equal((await user(bad)).banned, false, 'the user is not banned from the app');
    const [ban] = await bans({ channel_cid: channel.cid });
    t.equal([ban?.user?.id, ban?.channel?.cid], [bad, channel.cid], 'the ban of the channel');
    const { members } = await channel.queryMembers({ payload: { filter_conditions: { banned: true } } });
    t.equal(members.map((member) => member.user_id), [bad], 'the banned members');
    await moderation.unban({ target_user_id: bad, channel_cid: channel.cid, unbanned_by_id: mod });
    t.equal(await bans({ channel_cid: channel.cid }), [], 'no ban is left');
    const state = await channel.getOrCreate();
    t.equal(state.members.find((member) => member.user_id === bad)?.banned, false, 'the member is not banned');
  });

  await t.step('bans a user in the shadow', async () => {
    const before = await api.send(channel, bad, 'before');
    await moderation.ban({ target_user_id: bad, banned_by_id: mod, shadow: true });
    const hidden = await api.send(channel, bad, 'hidden');
    t.equal((await user(bad)).shadow_banned, true, 'the user is banned in the shadow');
    t.equal((await user(bad)).banned, false, 'and not openly');
    t.equal((await bans({ user_id: bad }))[0]?.shadow, true, 'the ban says so');
    t.equal((await chat.getMessage({ id: before.id })).message.shadowed, false, 'an older message is not hidden');
    t.equal((await chat.getMessage({ id: hidden.id })).message.shadowed, true, 'a newer one is');
    await moderation.unban({ target_user_id: bad, unbanned_by_id: mod });
    const after = await api.send(channel, bad, 'after');
    t.equal((await chat.getMessage({ id: after.id })).message.shadowed, false, 'the next one is not');
  });

  await t.step('lists future channel bans', async () => {
    const { bans: future } = await chat.queryFutureChannelBans({ payload: { user_id: mod } });
    t.equal(future, [], 'a list, and not null');
  });
}
