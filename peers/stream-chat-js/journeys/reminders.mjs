export default async function (t, api) {
  const { client } = api;
  const [john, jane] = await api.users(t, 'john', 'jane');
  const channel = await api.channel(t, [john, jane], { config_overrides: { user_message_reminders: true } });
  const one = (await api.send(channel, john, 'do this')).id;
  const two = (await api.send(channel, john, 'remember this')).id;
  const remind_at = new Date(Date.now() + 3_600_000).toISOString();
  const ids = async (filter, sort) =>
    (await client.queryReminders({ user_id: jane, filter, sort })).reminders.map(({ message_id }) => message_id);

  await t.step('creates and queries', async () => {
    const { reminder } = await client.createReminder({ messageId: one, user_id: jane, remind_at });
    t.equal([reminder?.message_id, reminder?.user_id], [one, jane], 'the reminder');
    t.equal(new Date(reminder?.remind_at).getTime(), new Date(remind_at).getTime(), 'its time');
    await client.createReminder({ messageId: two, user_id: jane });
    t.sameSet(await ids({}), [one, two], 'all');
    t.equal(await ids({ remind_at: { $exists: false } }), [two], 'the bookmarks');
    t.equal(await ids({}, [{ created_at: -1 }]), [two, one], 'newest first');
    await t.refuses(
      () => client.createReminder({ messageId: one, user_id: jane }),
      { status: 400, says: /already has reminder created for this message_id/ },
      'a second one',
    );
  });

  await t.step('updates and deletes', async () => {
    const past = new Date(Date.now() - 60_000).toISOString();
    const { reminder } = await client.updateReminder({ messageId: one, user_id: jane, remind_at: past });
    t.equal(reminder?.message_id, one, 'the update');
    t.equal(await ids({ remind_at: { $lt: new Date().toISOString() } }), [one], 'it is overdue');
    await client.deleteReminder(one, jane);
    t.equal(await ids({}), [two], 'one is left');
    await t.refuses(() => client.deleteReminder(one, jane), { says: /reminder does not exist/ }, 'deleting it again');
  });
}
