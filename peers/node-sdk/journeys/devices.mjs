export default async function (t, api) {
  const { client } = api;
  const [john, jane] = await api.users(t, 'john', 'jane');
  const list = async (user_id) => (await client.listDevices({ user_id })).devices.map(({ id }) => id);
  const [phone, tablet] = [t.id('phone'), t.id('tablet')];

  await t.step('adds devices', async () => {
    await client.createDevice({ id: phone, push_provider: 'firebase', user_id: john });
    await client.createDevice({ id: tablet, push_provider: 'apn', user_id: john });
    t.equal(await list(john), [tablet, phone], 'newest first');
    const { devices } = await client.listDevices({ user_id: john });
    t.equal(devices.map(({ push_provider, user_id }) => [push_provider, user_id]), [['apn', john], ['firebase', john]], 'their fields');
    await client.createDevice({ id: phone, push_provider: 'firebase', user_id: john });
    t.sameSet(await list(john), [phone, tablet], 'adding one again changes nothing');
    await t.refuses(() => client.createDevice({ id: t.id('nobody'), push_provider: 'apn' }), { status: 400, code: 4 }, 'a device of nobody');
  });

  await t.step('moves a device to another user', async () => {
    await client.createDevice({ id: tablet, push_provider: 'apn', user_id: jane });
    t.equal([await list(john), await list(jane)], [[phone], [tablet]], 'an id belongs to the newest user');
  });

  await t.step('removes devices', async () => {
    await client.deleteDevice({ id: phone, user_id: john });
    t.equal(await list(john), [], 'none is left');
  });

  await t.step('keeps 25 devices', async () => {
    const ids = Array.from({ length: 26 }, (_, n) => `${phone}-${n}`);
    for (const id of ids) await client.createDevice({ id, push_provider: 'apn', user_id: john });
    const left = await list(john);
    t.equal([left.length, left.includes(ids[0])], [25, false], 'the oldest is dropped');
  });

  await t.step('sets push preferences', async () => {
    const { user_preferences } = await client.updatePushNotificationPreferences({ preferences: [{ user_id: john, chat_level: 'mentions' }] });
    t.equal(user_preferences[john]?.chat_level, 'mentions', 'the preferences of the user');
  });
}
