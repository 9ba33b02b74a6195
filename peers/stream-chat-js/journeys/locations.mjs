export default async function (t, api) {
  const { client } = api;
  const [john, jane] = await api.users(t, 'john', 'jane');
  const channel = await api.channel(t, [john, jane], { config_overrides: { shared_locations: true } });
  const live = async () =>
    (await client.get(`${client.baseURL}/users/live_locations`, { user_id: john })).active_live_locations;
  const place = { latitude: 52.37, longitude: 4.89, created_by_device_id: 'phone' };
  let message_id;

  await t.step('shares locations', async () => {
    const { message } = await channel.sendSharedLocation({ ...place, message_id: t.id('static') }, john);
    t.equal([message.shared_location?.latitude, message.shared_location?.longitude], [52.37, 4.89], 'a place');
    t.equal(await live(), [], 'it is not live');
    message_id = t.id('live');
    const end_at = new Date(Date.now() + 3_600_000).toISOString();
    await channel.sendSharedLocation({ ...place, message_id, end_at }, john);
    t.equal((await live()).map((found) => found.message_id), [message_id], 'a live location');
  });

  await t.step('moves', async () => {
    const moved = await client.put(`${client.baseURL}/users/live_locations?user_id=${john}`, { message_id, latitude: 1.6, longitude: 2.6 });
    t.equal([moved.latitude, moved.longitude], [1.6, 2.6], 'the response');
    t.equal((await live()).map(({ latitude }) => latitude), [1.6], 'in a later read');
  });
}
