export default async function (t, api) {
  const { client } = api;
  const [john, loud, noisy] = await api.users(t, 'john', 'loud', 'noisy');
  const channel = await api.channel(t, [john, loud]);
  const mutes = async () => (await client.queryUsers({ id: john })).users[0].mutes?.map((mute) => mute.target.id);
  const listed = async (muted) =>
    (await client.queryChannelsRequest({ cid: channel.cid, muted }, [], { user_id: john })).length;

  await t.step('mutes users', async () => {
    const one = await client.muteUser(loud, john);
    t.equal([one.mute?.user?.id, one.mute?.target?.id], [john, loud], 'who mutes whom');
    t.equal(one.mute?.expires, undefined, 'without a timeout it has no end');
    t.equal(one.own_user?.id, john, 'the user who muted');
    const timed = await client.muteUser(noisy, john, { timeout: 10 });
    t.ok(new Date(timed.mute?.expires) > new Date(), 'a timeout gives it one');
    t.sameSet(await mutes(), [loud, noisy], 'in a later read');
    await client.unmuteUser(noisy, john);
    t.equal(await mutes(), [loud], 'one is left');
    await client.unmuteUser(loud, john);
    t.equal(await mutes(), [], 'none is left');
  });

  await t.step('mutes several users at once', async () => {
    const both = await client.muteUser([loud, noisy], john);
    t.sameSet(both.mutes?.map((mute) => mute.target?.id), [loud, noisy], '`target_id` as a list');
    await client.unmuteUser([loud, noisy], john);
    t.equal(await mutes(), [], 'none is left');
  });

  await t.step('mutes a channel', async () => {
    const { channel_mute, own_user } = await channel.mute({ user_id: john, expiration: 600_000 });
    t.equal([channel_mute?.channel?.cid, channel_mute?.user?.id], [channel.cid, john], 'who mutes which channel');
    t.ok(new Date(channel_mute?.expires) > new Date(), 'its end');
    t.equal(own_user?.id, john, 'the user who muted');
    t.equal([await listed(true), await listed(false)], [1, 0], 'the filter `muted`');
    await channel.unmute({ user_id: john });
    t.equal([await listed(true), await listed(false)], [0, 1], 'the filter after unmuting');
  });
}
