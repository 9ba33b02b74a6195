export default async function (t, api) {
  const { client, chat, moderation } = api;
  const [john, loud, noisy] = await api.users(t, 'john', 'loud', 'noisy');
  const channel = await api.channel(t, [john, loud]);
  const mutes = async () => (await client.queryUsers({ payload: { filter_conditions: { id: john } } })).users[0].mutes;
  const muted = async (value) =>
    (await chat.queryChannels({ filter_conditions: { cid: channel.cid, muted: value }, user_id: john })).channels.length;

  await t.step('mutes users', async () => {
    const one = await moderation.mute({ target_ids: [loud], user_id: john });
    t.equal(one.mutes?.map((mute) => [mute.user?.id, mute.target?.id]), [[john, loud]], 'who mutes whom');
    t.equal(one.mutes?.[0]?.expires, undefined, 'without a timeout it has no end');
    const timed = await moderation.mute({ target_ids: [noisy], user_id: john, timeout: 10 });
    t.ok(timed.mutes?.[0]?.expires > new Date(), 'a timeout gives it one');
    t.sameSet((await mutes()).map((mute) => mute.target.id), [loud, noisy], 'the mutes in QueryUsers');
  });

  await t.step('unmutes users', async () => {
    await moderation.unmute({ target_ids: [loud], user_id: john });
    t.equal((await mutes()).map((mute) => mute.target.id), [noisy], 'one is left');
    await moderation.unmute({ target_ids: [noisy], user_id: john });
    t.equal(await mutes(), [], 'none is left');
    await t.refuses(() => moderation.mute({ target_ids: [loud] }), { status: 400, code: 4 }, 'the muting user must be named');
  });

  await t.step('mutes a channel', async () => {
    const { channel_mute } = await chat.muteChannel({ channel_cids: [channel.cid], user_id: john, expiration: 600_000 });
    t.equal([channel_mute?.channel?.cid, channel_mute?.user?.id], [channel.cid, john], 'who mutes which channel');
    t.ok(channel_mute?.expires > new Date(), 'its end');
    t.equal([await muted(true), await muted(false)], [1, 0], 'the filter `muted`');
    await api.send(channel, loud, 'unheard');
    t.equal((await chat.unreadCounts({ user_id: john })).total_unread_count, 0, 'its messages are not unread');
    await chat.unmuteChannel({ channel_cids: [channel.cid], user_id: john });
    t.equal([await muted(true), await muted(false)], [0, 1], 'the filter after unmuting');
  });

  await t.step('refuses an unknown channel', async () => {
    await t.refuses(
      () => chat.muteChannel({ channel_cids: [`messaging:${t.id('missing')}`], user_id: john }),
      { status: 400, code: 4, says: /some channels do not exist or were deleted/ },
      'muting it',
    );
  });
}
