export default async function (t, api) {
  const { chat } = api;
  const [john, jane] = await api.users(t, 'john', 'jane');
  const channel = await api.channel(t, [john, jane], { config_overrides: { user_message_reminders: true } });
  const one = await api.send(channel, john, 'do this');
  const two = await api.send(channel, john, 'remember this');
  const ids = async (filter, more = {}) =>
    (await chat.queryReminders({ user_id: jane, filter, ...more })).reminders.map((reminder) => reminder.message_id);
  const soon = new Date(Date.now() + 3_600_000);

  await t.step('creates reminders', async () => {
    const reminder = await chat.createReminder({ message_id: one.id, user_id: jane, remind_at: soon });
    t.equal([reminder.message_id, reminder.user_id, reminder.channel_cid], [one.id, jane, channel.cid], 'the reminder');
    t.sameTime(reminder.remind_at, soon, 'its time');
    t.equal((await chat.createReminder({ message_id: two.id, user_id: jane })).remind_at, undefined, 'a bookmark has none');
    await t.refuses(
      () => chat.createReminder({ message_id: one.id, user_id: jane }),
      { status: 400, code: 4, says: /already has reminder created for this message_id/ },
      'a second one for the same message',
    );
  });

  await t.step('queries reminders', async () => {
    t.sameSet(await ids({}), [one.id, two.id], 'all');
    t.equal(await ids({ message_id: one.id }), [one.id], 'by message');
    t.equal(await ids({ remind_at: { $exists: false } }), [two.id], 'the bookmarks');
    t.equal(await ids({ remind_at: { $gt: new Date() } }), [one.id], 'those to come');
    t.sameSet(await ids({ channel_cid: channel.cid }), [one.id, two.id], 'by channel');
    t.equal((await chat.queryReminders({ user_id: john })).reminders, [], 'of someone else');
    const sort = [{ field: 'created_at', direction: 1 }];
    const first = await chat.queryReminders({ user_id: jane, sort, limit: 1 });
    t.equal(first.reminders.map(({ message_id }) => message_id), [one.id], 'the first page');
    t.equal(await ids({}, { sort, limit: 1, next: first.next }), [two.id], 'the next page');
  });

  await t.step('updates reminders', async () => {
    const past = new Date(Date.now() - 60_000);
    const { reminder } = await chat.updateReminder({ message_id: one.id, user_id: jane, remind_at: past });
    t.sameTime(reminder.remind_at, past, 'the new time');
    t.equal(await ids({ remind_at: { $lt: new Date() } }), [one.id], 'it is overdue');
  });

  await t.step('deletes reminders', async () => {
    await chat.deleteReminder({ message_id: one.id, user_id: jane });
    t.equal(await ids({}), [two.id], 'one is left');
    await t.refuses(() => chat.deleteReminder({ message_id: one.id, user_id: jane }), { says: /reminder does not exist/ }, 'deleting it again');
    await t.refuses(() => chat.updateReminder({ message_id: one.id, user_id: jane }), { says: /reminder does not exist/ }, 'updating it');
  });
}
