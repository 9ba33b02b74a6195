// Channels that are created, changed and deleted, for watchers and others.

import { EventRecorder } from '../client.mjs';

export default async function (t, api) {
  const [jane, bob, kim] = await api.connected(t, 'jane', 'bob', 'kim');
  const room = jane.channel('messaging', t.id('room'), { name: 'Room', members: [jane.userID] });
  const of = new EventRecorder(bob);
  let his;

  await t.step('adds a member', async () => {
    await room.watch();
    const hers = new EventRecorder(room);
    await room.addMembers([bob.userID]);
    t.equal((await hers.waitFor(t, 'member.added')).member?.user_id, bob.userID, 'watchers are told');
    const event = await of.waitFor(t, 'notification.added_to_channel');
    t.equal(event.channel?.cid, room.cid, 'the member is told');
    t.ok(room.state.members[bob.userID], 'the state has the member');
  });

  await t.step('finds the channel', async () => {
    const found = await bob.queryChannels({ members: { $in: [bob.userID] } }, { last_message_at: -1 }, { watch: true, state: true });
    t.equal(found.map(({ cid }) => cid), [room.cid], 'the list');
    [his] = found;
    const others = await kim.queryChannels({ members: { $in: [kim.userID] } });
    t.equal(others, [], 'not for others');
    await t.refuses(() => kim.channel('messaging', room.id).watch(), { status: 403, code: 17 }, 'who may not read');
  });

  await t.step('changes the channel', async () => {
    await room.updatePartial({ set: { name: 'Parlor' } });
    const recorder = new EventRecorder(his);
    t.ok(await t.until(() => his.data.name === 'Parlor', 'the state has the new name'), 'the name');
    await t.refuses(() => his.updatePartial({ set: { name: 'Mine' } }), { status: 403, code: 17 }, 'not by a member');
    await room.sendMessage({ text: 'hello' });
    await recorder.waitFor(t, 'message.new');
    await room.truncate();
    await recorder.waitFor(t, 'channel.truncated');
    t.equal(his.state.messages.length, 0, 'it is empty');
  });

  await t.step('hides and shows the channel', async () => {
    await his.hide();
    await of.waitFor(t, 'channel.hidden');
    t.equal(await bob.queryChannels({ members: { $in: [bob.userID] } }), [], 'it is not in the list');
    await his.show();
    await of.waitFor(t, 'channel.visible');
  });

  await t.step('invites', async () => {
    const recorder = new EventRecorder(kim);
    await room.inviteMembers([kim.userID]);
    t.equal((await recorder.waitFor(t, 'notification.invited')).channel?.cid, room.cid, 'the invitation');
    await kim.channel('messaging', room.id).acceptInvite();
    await recorder.waitFor(t, 'notification.invite_accepted');
  });

  await t.step('removes a member', async () => {
    const own = new EventRecorder(jane);
    await room.removeMembers([bob.userID]);
    await of.waitFor(t, 'notification.removed_from_channel');
    await own.waitFor(t, 'member.removed');
    t.equal(room.state.members[bob.userID], undefined, 'the state has no such member');
    await t.refuses(() => bob.channel('messaging', room.id).query(), { status: 403, code: 17 }, 'who has left');
  });

  await t.step('deletes the channel', async () => {
    const recorder = new EventRecorder(kim);
    await room.delete();
    t.equal((await recorder.waitFor(t, 'notification.channel_deleted')).channel?.cid, room.cid, 'members are told');
  });

  await Promise.all([jane, bob, kim].map((client) => client.disconnectUser()));
}
