export default async function (t, { client }) {
  const app = async () => (await client.getAppSettings()).app;

  await t.step('changes settings', async () => {
    await client.updateAppSettings({ webhook_url: 'https://example.com/hook' });
    await client.updateAppSettings({ custom_action_handler_url: 'https://example.com/commands' });
    const settings = await app();
    t.equal(settings.webhook_url, 'https://example.com/hook', 'a later update leaves it');
    t.equal(settings.custom_action_handler_url, 'https://example.com/commands', 'the later one');
    await client.updateAppSettings({ webhook_url: '', custom_action_handler_url: '' });
    t.equal((await app()).webhook_url, '', 'it is cleared');
    await client.updateAppSettings({ file_upload_config: { size_limit: 1000, blocked_mime_types: ['text/css'] } });
    t.equal((await app()).file_upload_config?.blocked_mime_types, ['text/css'], 'limits of uploads');
  });

  await t.step('revokes tokens', async () => {
    const before = new Date(Date.now() - 3_600_000);
    await client.revokeTokens(before);
    t.equal(new Date((await app()).revoke_tokens_issued_before).getTime(), before.getTime(), 'in a later read');
    await client.revokeTokens(null);
    t.ok(!(await app()).revoke_tokens_issued_before, 'taken back');
  });

  await t.step('keeps push providers', async () => {
    const name = t.id('push');
    const firebase_credentials = JSON.stringify({ type: 'service_account', project_id: 'p', private_key: 'k', client_email: 'a@example.com' });
    await client.upsertPushProvider({ name, type: 'firebase', firebase_credentials });
    const names = async () => (await client.listPushProviders()).push_providers.map((found) => found.name);
    t.includes(await names(), name, 'the list');
    await client.deletePushProvider({ type: 'firebase', name });
    t.excludes(await names(), name, 'it is deleted');
  });

  await t.step('checks', async () => {
    t.equal((await client.testSQSSettings({ sqs_url: 'https://example.com/q', sqs_key: 'k', sqs_secret: 's' })).status, 'error', 'SQS');
    t.equal((await client.testSNSSettings({ sns_topic_arn: 'arn:aws:sns:a:1:t', sns_key: 'k', sns_secret: 's' })).status, 'error', 'SNS');
  });
}
