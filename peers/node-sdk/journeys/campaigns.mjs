export default async function (t, api) {
  const { chat } = api;
  const [john, jane, kate] = await api.users(t, 'john', 'jane', 'kate');
  const segment_id = t.id('segment');

  await t.step('keeps a segment', async () => {
    const { segment } = await chat.createSegment({ id: segment_id, type: 'user', name: 'Friends', description: 'Of mine' });
    t.equal([segment?.id, segment?.type, segment?.name, segment?.size], [segment_id, 'user', 'Friends', 0], 'the segment');
    await chat.updateSegment({ id: segment_id, name: 'Best friends' });
    const read = (await chat.getSegment({ id: segment_id })).segment;
    t.equal([read?.name, read?.description], ['Best friends', 'Of mine'], 'the update in a later read');
    const { segments } = await chat.querySegments({ filter: { id: { $in: [segment_id] } } });
    t.equal(segments.map(({ name }) => name), ['Best friends'], 'a query');
  });

  await t.step('fills it', async () => {
    await chat.addSegmentTargets({ id: segment_id, target_ids: [jane, kate] });
    t.equal((await chat.getSegment({ id: segment_id })).segment?.size, 2, 'its size');
    t.ok(await chat.segmentTargetExists({ id: segment_id, target_id: jane }), 'a target');
    const targets = async () => (await chat.querySegmentTargets({ id: segment_id })).targets.map(({ target_id }) => target_id);
    t.sameSet(await targets(), [jane, kate], 'all targets');
    await chat.deleteSegmentTargets({ id: segment_id, target_ids: [kate] });
    t.equal(await targets(), [jane], 'after a removal');
    await t.refuses(() => chat.segmentTargetExists({ id: segment_id, target_id: kate }), { status: 404, code: 16 }, 'a removed target');
  });

  let id;
  const template = { sender_id: john, message_template: { text: 'Hello {{user.id}}', attachments: [], custom: {} } };
  await t.step('creates a campaign', async () => {
    const { campaign } = await chat.createCampaign({
      ...template,
      name: 'News',
      segment_ids: [segment_id],
      create_channels: true,
      channel_template: { type: 'messaging', id: '{{ receiver.id }}-{{ sender.id }}' },
    });
    id = campaign?.id;
    t.ok(id, 'it has an id');
    t.equal([campaign?.name, campaign?.status, campaign?.sender_id], ['News', 'draft', john], 'it is a draft');
    t.equal(campaign?.segment_ids, [segment_id], 'its segments');
  });

  await t.step('reads and updates it', async () => {
    const read = async () => (await chat.getCampaign({ id })).campaign;
    t.equal((await read())?.message_template?.text, 'Hello {{user.id}}', 'the template');
    await chat.updateCampaign({ id, ...template, name: 'Good news', segment_ids: [segment_id] });
    t.equal((await read())?.name, 'Good news', 'the update');
    const { campaigns } = await chat.queryCampaigns({ filter: { id: { $in: [id] } } });
    t.equal(campaigns.map(({ name }) => name), ['Good news'], 'a query');
    t.equal((await chat.queryCampaigns({ filter: { id, status: 'stopped' } })).campaigns, [], 'a query by status');
  });

  await t.step('schedules and stops it', async () => {
    const scheduled_for = new Date(Date.now() + 3_600_000);
    const { campaign } = await chat.startCampaign({ id, scheduled_for });
    t.equal(campaign?.status, 'scheduled', 'it is scheduled');
    t.sameTime(campaign?.scheduled_for, scheduled_for, 'for when');
    await chat.stopCampaign({ id });
    t.equal((await chat.getCampaign({ id })).campaign?.status, 'stopped', 'it is stopped');
  });

  await t.step('deletes both', async () => {
    await chat.deleteCampaign({ id });
    await t.refuses(() => chat.getCampaign({ id }), { status: 404, code: 16 }, 'the deleted campaign');
    await chat.deleteSegment({ id: segment_id });
    await t.refuses(() => chat.getSegment({ id: segment_id }), { status: 404, code: 16 }, 'the deleted segment');
  });
}
