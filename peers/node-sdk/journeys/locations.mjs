export default async function (t, api) {
  const { client, chat } = api;
  const [john, jane] = await api.users(t, 'john', 'jane');
  const channel = await api.channel(t, [john, jane], { config_overrides: { shared_locations: true } });
  const live = async (user_id) => (await client.getUserLiveLocations({ user_id })).active_live_locations;
  let message;

  await t.step('shares a place', async () => {
    const shared_location = { latitude: 52.37, longitude: 4.89, created_by_device_id: 'phone' };
    const sent = await api.send(channel, john, 'here', { shared_location });
    t.equal([sent.shared_location?.latitude, sent.shared_location?.longitude], [52.37, 4.89], 'the place');
    t.equal(sent.shared_location?.end_at, undefined, 'it is not live');
    t.equal(await live(john), [], 'the live locations of the user');
  });

  await t.step('shares a live location', async () => {
    const end_at = new Date(Date.now() + 3_600_000);
    const shared_location = { latitude: 1.5, longitude: 2.5, created_by_device_id: 'phone', end_at };
    message = await api.send(channel, john, 'on my way', { shared_location });
    const [found, ...more] = await live(john);
    t.equal(more, [], 'there is one');
    t.equal([found?.message_id, found?.channel_cid, found?.user_id], [message.id, channel.cid, john], 'where it was shared');
    t.sameTime(found?.end_at, end_at, 'its end');
    const { active_live_locations } = await channel.getOrCreate();
    t.equal(active_live_locations?.map(({ message_id }) => message_id), [message.id], 'the live locations of the channel');
  });

  await t.step('moves', async () => {
    const moved = await client.updateLiveLocation({ user_id: john, message_id: message.id, latitude: 1.6, longitude: 2.6 });
    t.equal([moved.latitude, moved.longitude, moved.message_id], [1.6, 2.6, message.id], 'the response');
    t.equal((await live(john)).map(({ latitude, longitude }) => [latitude, longitude]), [[1.6, 2.6]], 'in a later read');
    t.equal((await chat.getMessage({ id: message.id })).message.shared_location?.latitude, 1.6, 'in the message');
    await t.refuses(() => client.updateLiveLocation({ user_id: john, message_id: t.id('missing'), latitude: 1, longitude: 1 }), { status: 404, code: 16 }, 'a missing message');
  });

  await t.step('stops', async () => {
    await client.updateLiveLocation({ user_id: john, message_id: message.id, end_at: new Date() });
    t.equal(await live(john), [], 'nothing is live any more');
  });
}
