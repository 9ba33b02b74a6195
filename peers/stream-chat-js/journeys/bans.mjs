export default async function (t, api) {
  const { client } = api;
  const [mod, bad] = await api.users(t, 'mod', 'bad');
  const channel = await api.channel(t, [mod, bad]);
  const bans = async (conditions) => (await client.queryBannedUsers(conditions)).bans;
  const user = async () => (await client.queryUsers({ id: bad })).users[0];

  await t.step('bans a user from the app', async () => {
    await client.banUser(bad, { banned_by_id: mod, reason: 'spam', timeout: 60 });
    const found = await user();
    t.equal(found.banned, true, 'the user is banned');
    t.ok(new Date(found.ban_expires) > new Date(), 'the ban has an end, in RFC 3339');
    const [ban, ...more] = await bans({ user_id: bad });
    t.equal(more, [], 'there is one ban');
    t.equal([ban?.user?.id, ban?.banned_by?.id, ban?.reason], [bad, mod, 'spam'], 'the ban');
    t.ok(Math.abs(new Date(ban?.expires) - new Date(ban?.created_at) - 3_600_000) < 60_000, 'it lasts an hour');
    t.equal((await bans({ reason: { $autocomplete: 'spa' }, user_id: bad })).length, 1, 'by the reason');
    t.equal((await bans({ banned_by_id: mod })).length, 1, 'by who banned');
  });

  await t.step('lifts the ban', async () => {
    await client.unbanUser(bad);
    t.equal((await user()).banned, false, 'the user is not banned');
    t.equal(await bans({ user_id: bad }), [], 'no ban is left');
  });

  await t.step('bans a user from a channel', async () => {
    await channel.banUser(bad, { banned_by_id: mod, reason: 'rude' });
    t.equal((await user()).banned, false, 'the user is not banned from the app');
    const [ban] = await bans({ channel_cid: channel.cid });
    t.equal([ban?.user?.id, ban?.channel?.cid, ban?.reason], [bad, channel.cid, 'rude'], 'the ban of the channel');
    const { members } = await channel.queryMembers({ banned: true });
    t.equal(members.map((member) => member.user_id), [bad], 'the banned members');
    await channel.removeMembers([bad]);
    await channel.addMembers([bad]);
    t.equal((await bans({ channel_cid: channel.cid })).length, 1, 'leaving and coming back does not lift it');
    await channel.unbanUser(bad);
    t.equal(await bans({ channel_cid: channel.cid }), [], 'no ban is left');
  });

  await t.step('bans in the shadow', async () => {
    await client.shadowBan(bad, { banned_by_id: mod });
    const hidden = await api.send(channel, bad, 'hidden');
    t.equal((await client.getMessage(hidden.id)).message.shadowed, true, 'the message is hidden');
    t.equal((await bans({ user_id: bad })).map((ban) => ban.shadow), [true], 'the ban says so');
    await client.removeShadowBan(bad);
    const seen = await api.send(channel, bad, 'seen');
    t.equal((await client.getMessage(seen.id)).message.shadowed, false, 'the next one is not');
    await channel.shadowBan(bad, { banned_by_id: mod });
    t.equal((await bans({ channel_cid: channel.cid })).map((ban) => ban.shadow), [true], 'in a channel');
    await channel.removeShadowBan(bad);
    t.equal(await bans({ channel_cid: channel.cid }), [], 'no ban is left');
  });

  await t.step('lists future channel bans', async () => {
    t.equal((await client.queryFutureChannelBans({ user_id: mod })).bans, [], 'a list, and not null');
    await channel.banUser(bad, { banned_by_id: mod, ban_from_future_channels: true });
    const { bans: future } = await client.queryFutureChannelBans({ user_id: mod });
    t.equal(future.map((ban) => ban.user?.id), [bad], 'a ban from the future channels of a user');
    await channel.unbanUser(bad);
  });
}
