// Unread counts, over several channels and connections of a user.

import { EventRecorder } from '../client.mjs';

export default async function (t, api) {
  const [jane, bob] = await api.connected(t, 'jane', 'bob');
  const one = await api.channel(t, [jane, bob]);
  const other = await api.channel(t, [jane, bob]);
  const [hers] = await api.watched(one, jane);
  const own = new EventRecorder(bob);
  let latest;

  await t.step('counts what a user has not read', async () => {
    await hers.sendMessage({ text: 'one' });
    const first = await own.waitFor(t, 'notification.message_new');
    t.equal([first.unread_count, first.total_unread_count, first.unread_channels], [1, 1, 1], 'one message');
    await other.sendMessage({ text: 'two', user_id: jane.userID });
    const second = await own.waitFor(t, 'notification.message_new', ({ channel_id }) => channel_id === other.id);
    t.equal([second.total_unread_count, second.unread_channels], [2, 2], 'two channels');
    ({ message: latest } = await hers.sendMessage({ text: 'three' }));
    await own.waitFor(t, 'notification.message_new', ({ message }) => message.text === 'three');
    const unread = await bob.getUnreadCount();
    t.equal(unread.total_unread_count, 3, 'the overview');
    t.sameSet(unread.channels.map(({ channel_id }) => channel_id), [one.cid, other.cid], 'its channels');
  });

  await t.step('greets with the counts', async () => {
    const again = await api.connect(bob.userID);
    t.equal([again.user.total_unread_count, again.user.unread_channels], [3, 2], 'of the user');
    const tab = new EventRecorder(again);
    const [his] = await api.watched(one, bob);
    t.equal(his.countUnread(), 2, 'of the channel');
    await his.markRead();
    const read = await tab.waitFor(t, 'notification.mark_read');
    t.equal([read.total_unread_count, read.unread_channels], [1, 1], 'the other tab is told');
    await his.markUnread({ message_id: latest.id });
    const unread = await tab.waitFor(t, 'notification.mark_unread');
    t.equal([unread.unread_messages, unread.total_unread_count], [1, 2], 'and told of the way back');
    t.equal(unread.first_unread_message_id, latest.id, 'from which message');
    await again.disconnectUser();
  });

  await t.step('reads everything', async () => {
    await bob.markAllRead();
    const read = await own.waitFor(t, 'notification.mark_read', ({ unread_channels }) => unread_channels === 0);
    t.equal(read.total_unread_count, 0, 'nothing is unread');
    t.equal((await bob.getUnreadCount()).total_unread_count, 0, 'the overview agrees');
  });

  await t.step('does not count what is muted', async () => {
    own.clear();
    const his = bob.channel('messaging', other.id);
    await his.watch();
    await his.mute();
    const muted = await own.waitFor(t, 'notification.channel_mutes_updated');
    t.equal(muted.me?.channel_mutes.length, 1, 'the mute of the channel');
    t.equal(his.muteStatus().muted, true, 'the channel knows it');
    await other.sendMessage({ text: 'unheard', user_id: jane.userID });
    const event = await own.waitFor(t, 'message.new');
    t.equal(event.total_unread_count, 0, 'it does not count');
    await his.unmute();
    await bob.muteUser(jane.userID);
    t.equal((await own.waitFor(t, 'notification.mutes_updated')).me?.mutes.length, 1, 'the mute of the user');
    t.equal(bob.mutedUsers[0]?.target.id, jane.userID, 'the client knows it');
    await bob.unmuteUser(jane.userID);
    await t.until(() => bob.mutedUsers.length === 0, 'it is taken back');
  });

  await Promise.all([jane, bob].map((client) => client.disconnectUser()));
}
