// Methods of the client that are usually called through objects such as campaigns and channels.
export default async function (t, api) {
  const { client } = api;
  const [john, jane] = await api.users(t, 'john', 'jane');
  const channel = await api.channel(t, [john, jane]);

  await t.step('keeps segments', async () => {
    const { segment } = await client.createUserSegment(null, { name: 'Friends' });
    t.equal(segment.type, 'user', 'of users');
    const { segment: rooms } = await client.createChannelSegment(t.id('rooms'), { name: 'Rooms' });
    t.equal(rooms.type, 'channel', 'of channels');
    await client.addSegmentTargets(segment.id, [john, jane]);
    const { targets } = await client.querySegmentTargets(segment.id, { target_id: { $eq: jane } });
    t.equal(targets.map(({ target_id }) => target_id), [jane], 'a query of targets');
    await client.removeSegmentTargets(segment.id, [jane]);
    await t.refuses(() => client.segmentTargetExists(segment.id, jane), { status: 404, code: 16 }, 'a removed target');
    await client.segmentTargetExists(segment.id, john);
    await client.updateSegment(segment.id, { name: 'Old friends' });
    t.equal((await client.getSegment(segment.id)).segment.name, 'Old friends', 'the update');
    await client.deleteSegment(segment.id);
    await t.refuses(() => client.getSegment(segment.id), { status: 404, code: 16 }, 'the deleted segment');
    await client.deleteSegment(rooms.id);
  });

  await t.step('keeps campaigns', async () => {
    const data = { name: 'News', sender_id: john, user_ids: [jane], message_template: { text: 'Hello' } };
    const { campaign } = await client.createCampaign(data);
    t.equal((await client.updateCampaign(campaign.id, { ...data, name: 'More' })).campaign.name, 'More', 'an update');
    const scheduledFor = new Date(Date.now() + 3_600_000).toISOString();
    t.equal((await client.startCampaign(campaign.id, { scheduledFor })).campaign.status, 'scheduled', 'a start');
    t.equal((await client.stopCampaign(campaign.id)).campaign.status, 'stopped', 'a stop');
    t.equal((await client.getCampaign(campaign.id)).campaign.status, 'stopped', 'a read');
    await client.deleteCampaign(campaign.id);
    await t.refuses(() => client.getCampaign(campaign.id), { status: 404, code: 16 }, 'the deleted campaign');
  });

  await t.step('translates and looks up', async () => {
    const { translated_text } = await client.translate('hello', 'fr', 'en');
    t.includes(translated_text, 'hello', 'a translation');
    t.ok((await client.enrichURL('https://getstream.io')).title, 'the title of a page');
    const { events } = await client.getHookEvents();
    t.includes(events.map(({ name }) => name), 'message.new', 'the events of hooks');
    const push = await client.testPushSettings(john, { skipDevices: true });
    t.equal(push.rendered_message?.receiver_id, john, 'the data of a push');
  });

  await t.step('changes many at once', async () => {
    const { task_id } = await client.updateChannelsBatch({
      operation: 'removeMembers',
      filter: { cids: { $in: [channel.cid] } },
      members: [{ user_id: jane }],
    });
    await api.task(t, task_id);
    t.equal((await channel.query({ state: true })).members.map(({ user_id }) => user_id), [john], 'the members');
    const { task_id: exported } = await client.exportChannels([{ type: channel.type, id: channel.id }]);
    t.ok((await api.task(t, exported)).result.url, 'an export');
    const before = new Date(Date.now() - 86_400_000);
    const { users } = await client.revokeUsersToken([john, jane], before);
    t.sameTime(users[jane].revoke_tokens_issued_before, before, 'revoked tokens');
  });

  await t.step('changes a member and a message for one user', async () => {
    const { channel_member } = await channel.partialUpdateMember(john, { set: { mood: 'good' } });
    t.equal(channel_member.mood, 'good', 'data of a member');
    const message = await api.send(channel, john, 'for all');
    const { message: shown } = await client.ephemeralUpdateMessage(message.id, { set: { text: 'for one' } }, john);
    t.equal(shown.text, 'for one', 'what one user sees');
    t.equal((await client.getMessage(message.id)).message.text, 'for all', 'what is stored');
  });
}
