export default async function (t, { client, chat }) {
  const refused = { status: 400, code: 4 };

  await t.step('reads rate limits', async () => {
    const all = await client.getRateLimits();
    t.ok(all.server_side && all.android && all.ios && all.web, 'the limits of all platforms');
    const server = await client.getRateLimits({ server_side: true });
    t.ok(server.server_side && !server.android && !server.ios && !server.web, 'of one platform');
    const some = await client.getRateLimits({ server_side: true, endpoints: 'GetRateLimits,SendMessage' });
    t.sameSet(Object.keys(some.server_side ?? {}), ['GetRateLimits', 'SendMessage'], 'of two endpoints');
    const { limit, remaining, reset } = some.server_side?.SendMessage ?? {};
    t.ok(limit > 0 && remaining >= 0 && reset > 1_000_000_000, 'limit, remaining and reset');
  });

  await t.step('reads usage by team', async () => {
    const { teams } = await chat.queryTeamUsageStats({});
    t.ok(Array.isArray(teams), 'of this month');
    t.ok(Array.isArray((await chat.queryTeamUsageStats({ month: '2026-01' })).teams), 'of a month');
    t.ok(Array.isArray((await chat.queryTeamUsageStats({ start_date: '2026-01-01', end_date: '2026-01-07' })).teams), 'of some days');
    await t.refuses(() => chat.queryTeamUsageStats({ month: '2026-13' }), refused, 'a month that does not exist');
    await t.refuses(() => chat.queryTeamUsageStats({ month: 'January' }), refused, 'a malformed month');
    await t.refuses(() => chat.queryTeamUsageStats({ start_date: '01/01/2026', end_date: '2026-01-07' }), refused, 'a malformed date');
    await t.refuses(() => chat.queryTeamUsageStats({ start_date: '2026-01-07', end_date: '2026-01-01' }), refused, 'days in the wrong order');
    await t.refuses(() => chat.queryTeamUsageStats({ limit: 31 }), refused, 'too large a page');
  });

  await t.step('keeps retention policies', async () => {
    const policy = 'old-messages';
    const set = await chat.setRetentionPolicy({ policy, max_age_hours: 720 });
    t.equal([set.policy?.policy, set.policy?.config?.max_age_hours], [policy, 720], 'the policy');
    const { policies } = await chat.getRetentionPolicy();
    t.equal(policies.map((found) => [found.policy, found.config.max_age_hours]), [[policy, 720]], 'the list');
    await t.refuses(() => chat.setRetentionPolicy({ policy: 'old-socks', max_age_hours: 720 }), refused, 'an unknown policy');
    const { runs } = await chat.getRetentionPolicyRuns({ limit: 10 });
    t.ok(Array.isArray(runs), 'the runs');
    await chat.deleteRetentionPolicy({ policy });
    t.equal((await chat.getRetentionPolicy()).policies, [], 'it is deleted');
  });
}
