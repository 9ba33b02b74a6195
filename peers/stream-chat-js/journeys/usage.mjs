export default async function (t, { client }) {
  await t.step('reads rate limits', async () => {
    const all = await client.getRateLimits();
    t.ok(all.server_side && all.android && all.ios && all.web, 'of all platforms');
    const some = await client.getRateLimits({ serverSide: true, endpoints: ['SendMessage', 'GetApp'] });
    t.sameSet(Object.keys(some.server_side ?? {}), ['SendMessage', 'GetApp'], 'of two endpoints');
    t.ok(some.server_side?.SendMessage?.limit > 0, 'a limit');
  });

  await t.step('reads usage by team', async () => {
    t.ok(Array.isArray((await client.queryTeamUsageStats({ month: '2026-01' })).teams), 'of a month');
    await t.refuses(() => client.queryTeamUsageStats({ month: '2026-13' }), { status: 400, code: 4 }, 'a month that does not exist');
  });

  await t.step('keeps retention policies', async () => {
    await client.setRetentionPolicy('old-messages', 720);
    const { policies } = await client.getRetentionPolicy();
    t.equal(policies.map(({ policy, config }) => [policy, config.max_age_hours]), [['old-messages', 720]], 'the list');
    t.ok(Array.isArray((await client.getRetentionPolicyRuns()).runs), 'the runs');
    await client.deleteRetentionPolicy('old-messages');
    t.equal((await client.getRetentionPolicy()).policies, [], 'it is deleted');
  });
}
