export default async function (t, api) {
  const { client } = api;
  const [john, jane, kate] = await api.users(t, 'john', 'jane', 'kate');
  const segment = client.segment('user', t.id('segment'), { name: 'Friends' });

  await t.step('keeps a segment', async () => {
    await segment.create();
    t.equal((await segment.get()).segment.name, 'Friends', 'the segment');
    await segment.addTargets([jane, kate]);
    t.equal((await segment.get()).segment.size, 2, 'its size');
    t.ok(await segment.targetExists(jane), 'a target');
    t.sameSet((await segment.queryTargets()).targets.map(({ target_id }) => target_id), [jane, kate], 'the targets');
    await segment.removeTargets([jane]);
    await t.refuses(() => segment.targetExists(jane), { status: 404, code: 16 }, 'a removed target');
    await segment.update({ name: 'Best friends' });
    const { segments } = await client.querySegments({ id: { $in: [segment.id] } }, []);
    t.equal(segments.map(({ name }) => name), ['Best friends'], 'a query');
  });

  const data = { sender_id: john, message_template: { text: 'Hello' }, segment_ids: [segment.id], name: 'News' };
  const campaign = client.campaign(data);

  await t.step('keeps a campaign', async () => {
    await campaign.create();
    const read = async () => (await campaign.get()).campaign;
    t.equal([(await read()).name, (await read()).status], ['News', 'draft'], 'a draft');
    await campaign.update({ ...data, name: 'Good news' });
    t.equal((await read()).name, 'Good news', 'the update');
    const { campaigns } = await client.queryCampaigns({ id: { $in: [campaign.id] } }, [], {});
    t.equal(campaigns.map(({ name }) => name), ['Good news'], 'a query');
    const scheduledFor = new Date(Date.now() + 3_600_000).toISOString();
    t.equal((await campaign.start({ scheduledFor })).campaign.status, 'scheduled', 'it is scheduled');
    await campaign.stop();
    t.equal((await read()).status, 'stopped', 'it is stopped');
  });

  await t.step('deletes both', async () => {
    await campaign.delete();
    await t.refuses(() => campaign.get(), { status: 404, code: 16 }, 'the deleted campaign');
    await segment.delete();
    await t.refuses(() => segment.get(), { status: 404, code: 16 }, 'the deleted segment');
  });
}
