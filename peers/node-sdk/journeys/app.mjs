export default async function (t, api) {
  const { client } = api;
  const app = async () => (await client.getApp()).app;

  await t.step('changes settings one at a time', async () => {
    await client.updateApp({ webhook_url: 'https://example.com/hook', reminders_interval: 120 });
    await client.updateApp({ custom_action_handler_url: 'https://example.com/commands?type={type}' });
    const settings = await app();
    t.equal(settings.webhook_url, 'https://example.com/hook', 'a setting that a later update leaves out stays');
    t.equal(settings.reminders_interval, 120, 'and another one');
    t.equal(settings.custom_action_handler_url, 'https://example.com/commands?type={type}', 'the later one');
    await client.updateApp({ webhook_url: '', custom_action_handler_url: '' });
    t.equal((await app()).webhook_url, '', 'it is cleared');
  });

  await t.step('keeps event hooks', async () => {
    const hook = { hook_type: 'webhook', enabled: true, event_types: ['message.new'], webhook_url: 'https://example.com/events' };
    await client.updateApp({ event_hooks: [hook] });
    const [found, ...more] = (await app()).event_hooks;
    t.equal(more, [], 'there is one');
    t.equal([found?.hook_type, found?.webhook_url, found?.event_types], ['webhook', hook.webhook_url, ['message.new']], 'its fields');
    t.ok(found?.id, 'it has an id');
    await client.updateApp({ event_hooks: [] });
    t.equal((await app()).event_hooks, [], 'an empty list removes it');
  });

  await t.step('limits uploads', async () => {
    await client.updateApp({ file_upload_config: { allowed_file_extensions: ['.txt', '.pdf'], size_limit: 1000 } });
    const { file_upload_config } = await app();
    t.sameSet(file_upload_config.allowed_file_extensions, ['.txt', '.pdf'], 'the extensions');
    t.equal(file_upload_config.size_limit, 1000, 'the size');
    await t.refuses(
      () => client.updateApp({ file_upload_config: { allowed_mime_types: ['a/b'], blocked_mime_types: ['c/d'] } }),
      { status: 400, code: 4 },
      'both allowed and blocked types',
    );
    await client.updateApp({ file_upload_config: { allowed_file_extensions: [], size_limit: 0 } });
    t.equal((await app()).file_upload_config.allowed_file_extensions, [], 'the limit is lifted');
  });

  const name = t.id('push');
  await t.step('keeps push providers', async () => {
    const firebase_credentials = JSON.stringify({ type: 'service_account', project_id: 'p', private_key: 'k', client_email: 'a@example.com' });
    const { push_provider } = await client.upsertPushProvider({ push_provider: { name, type: 'firebase', firebase_credentials } });
    t.equal([push_provider?.name, push_provider?.type], [name, 'firebase'], 'the provider');
    const names = async () => (await client.listPushProviders()).push_providers.map((found) => found.name);
    t.includes(await names(), name, 'the list');
    await t.refuses(
      () => client.upsertPushProvider({ push_provider: { name: t.id('apn'), type: 'apn' } }),
      { status: 400, code: 4 },
      'a provider without credentials',
    );
    await client.deletePushProvider({ type: 'firebase', name });
    t.excludes(await names(), name, 'the list after the deletion');
  });

  await t.step('keeps push templates', async () => {
    const template = JSON.stringify({ title: 'News from {{ sender.name }}' });
    const common = { push_provider_type: 'firebase', event_type: 'message.new' };
    const saved = await client.upsertPushTemplate({ ...common, enable_push: true, template });
    t.equal([saved.template?.event_type, saved.template?.template], ['message.new', template], 'the template');
    const { templates } = await client.getPushTemplates({ push_provider_type: 'firebase' });
    t.equal(templates.filter(({ event_type }) => event_type === 'message.new').map((found) => found.template), [template], 'the list');
  });

  await t.step('checks', async () => {
    const sqs = await client.checkSQS({ sqs_url: 'https://sqs.us-east-1.amazonaws.com/1/q', sqs_key: 'key', sqs_secret: 'secret' });
    t.equal(sqs.status, 'error', 'a queue that cannot be reached');
    t.ok(sqs.error, 'why');
    const sns = await client.checkSNS({ sns_topic_arn: 'arn:aws:sns:us-east-1:1:t', sns_key: 'key', sns_secret: 'secret' });
    t.equal(sns.status, 'error', 'a topic that cannot be reached');
    const [john] = await api.users(t, 'john');
    const channel = await api.channel(t, [john]);
    const { id } = await api.send(channel, john, 'push me');
    const push = await client.checkPush({
      user_id: john, message_id: id, skip_devices: true, firebase_template: '{"title": "From {{ sender.id }}"}',
    });
    t.ok(push.rendered_firebase_template?.includes(john), 'a template is rendered');
  });

  await t.step('keeps external storage', async () => {
    const storage = { name: t.id('storage'), storage_type: 's3', bucket: 'bucket', path: 'exports/', aws_s3: { s3_region: 'us-east-1', s3_api_key: 'key', s3_secret: 'secret' } };
    await client.createExternalStorage(storage);
    const { external_storages } = await client.listExternalStorage();
    t.equal(external_storages[storage.name]?.bucket, 'bucket', 'the list');
    const { name: _, ...update } = storage;
    await client.updateExternalStorage({ name: storage.name, ...update, bucket: 'other' });
    t.equal((await client.listExternalStorage()).external_storages[storage.name]?.bucket, 'other', 'the update');
    await client.deleteExternalStorage({ name: storage.name });
    t.equal((await client.listExternalStorage()).external_storages[storage.name], undefined, 'the deletion');
  });
}
