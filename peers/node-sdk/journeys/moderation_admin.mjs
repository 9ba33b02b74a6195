const MESSAGE = 'stream:chat:v1:message';

export default async function (t, api) {
  const { moderation } = api;
  const [mod, bad] = await api.users(t, 'mod', 'bad');
  const channel = await api.channel(t, [mod, bad]);
  const message = await api.send(channel, bad, 'borderline');
  const gone = { status: 404, code: 16 };

  await t.step('keeps configurations of actions', async () => {
    const { action_config: saved } = await moderation.upsertActionConfig({
      action: 'custom', entity_type: MESSAGE, order: 3, description: 'Warn', icon: 'bell', user_id: mod,
    });
    t.equal([saved?.action, saved?.entity_type, saved?.order, saved?.description], ['custom', MESSAGE, 3, 'Warn'], 'one');
    const ids = async () => {
      const { action_config } = await moderation.getActionConfig({ entity_type: MESSAGE, exclude_defaults: true });
      return Object.values(action_config).flat().map(({ id }) => id);
    };
    t.includes(await ids(), saved.id, 'in a later read');
    const action_configs = [4, 5].map((order) => ({ action: 'custom', entity_type: MESSAGE, order }));
    const batch = (await moderation.bulkUpsertActionConfig({ action_configs, user_id: mod })).action_configs;
    t.equal(batch.length, 2, 'a batch');
    await moderation.deleteActionConfig({ id: saved.id, user_id: mod });
    t.ok(!(await ids()).includes(saved.id), 'it is deleted');
    const { deleted } = await moderation.bulkDeleteActionConfig({ ids: batch.map(({ id }) => id), user_id: mod });
    t.equal(deleted, 2, 'so is the batch');
  });

  await t.step('writes the log', async () => {
    await moderation.insertActionLog({
      action_type: 'custom', entity_type: MESSAGE, entity_id: message.id, entity_creator_id: bad,
      reporter_type: 'moderator', reporter_user_id: mod, reason: 'by hand',
    });
    const { logs } = await moderation.queryModerationLogs({ filter: {} });
    t.includes(logs.map(({ reason }) => reason), 'by hand', 'in a later read');
  });

  await t.step('answers appeals in a batch', async () => {
    const { appeal_id } = await moderation.appeal({
      appeal_reason: 'unfair', entity_id: message.id, entity_type: MESSAGE, user_id: bad,
    });
    const { errors } = await moderation.bulkActionAppeals({
      action_type: 'reject_appeal', appeal_ids: [appeal_id], reject_appeal: { decision_reason: 'it was not' }, user_id: mod,
    });
    t.equal(errors, [], 'no errors');
    t.equal((await moderation.getAppeal({ id: appeal_id })).item?.decision_reason, 'it was not', 'the reason of the decision');
  });

  await t.step('keeps sets of policy tests', async () => {
    const rows = [{ text: 'a kind word', recommended_action: 'keep' }];
    const { set } = await moderation.createPolicyTestSet({ name: 'Words', config_key: 'chat:messaging', rows });
    t.equal([set?.name, set?.row_count], ['Words', 1], 'the set');
    t.includes((await moderation.listPolicyTestSets()).sets.map(({ id }) => id), set.id, 'the list');
    const found = (await moderation.getPolicyTestSet({ id: set.id })).set;
    t.equal(found?.rows?.map(({ text }) => text), ['a kind word'], 'its rows');
    const { run } = await moderation.startPolicyTestRun({ id: set.id });
    t.equal([run?.set_id, run?.rows_total], [set.id, 1], 'a run');
    t.equal((await moderation.getPolicyTestRun({ id: run.id })).run?.id, run.id, 'the run in a later read');
    await moderation.deletePolicyTestSet({ id: set.id });
    await t.refuses(() => moderation.getPolicyTestSet({ id: set.id }), gone, 'the deleted set');
  });

  await t.step('keeps queues', async () => {
    const filters = { entity_type: MESSAGE };
    const { queue } = await moderation.createQueue({ name: 'Mine', type: 'personal_view', filters, user_id: mod });
    t.equal([queue?.name, queue?.type, queue?.created_by], ['Mine', 'personal_view', mod], 'a queue');
    await moderation.updateQueue({ id: queue.id, name: 'Ours', user_id: mod });
    const read = (await moderation.getQueue({ id: queue.id })).queue;
    t.equal([read?.name, read?.filters], ['Ours', filters], 'changed, in a later read');
    t.includes((await moderation.listQueues()).queues.map(({ id }) => id), queue.id, 'the list');
    await moderation.deleteQueue({ id: queue.id });
    await t.refuses(() => moderation.getQueue({ id: queue.id }), gone, 'the deleted queue');
  });

  await t.step('keeps templates', async () => {
    const name = t.id('template');
    const config = { data_types: { text: 'text' }, config_key: 'feeds' };
    const saved = await moderation.v2UpsertTemplate({ name, config });
    t.equal(saved.name, name, 'a template');
    t.includes((await moderation.v2QueryTemplates()).templates.map((template) => template.name), name, 'the list');
    await moderation.v2DeleteTemplate({ name });
    const { templates } = await moderation.v2QueryTemplates();
    t.ok(!templates.some((template) => template.name === name), 'it is deleted');
  });

  await t.step('keeps the setup session', async () => {
    await moderation.upsertSetupSession({ current_step: 'configure', status: 'in_progress', setup_data: { words: 3 } });
    const { setup_session: session } = await moderation.getSetupSession();
    t.equal([session?.current_step, session?.status, session?.setup_data], ['configure', 'in_progress', { words: 3 }], 'it');
  });

  await t.step('judges content', async () => {
    const verdict = await moderation.labels({ content: 'a kind word', content_type: 'text', user_id: bad });
    t.equal(verdict.recommended_action, 'keep', 'harmless text');
    await moderation.queryLabelResults({ filter: {}, limit: 5 });
    const analysis = await moderation.analyze({
      entity_type: 'stream:v1:text', entity_id: t.id('text'), entity_creator_id: bad, config_key: 'chat:messaging',
      texts: { title: 'a kind word' },
    });
    t.ok('title' in analysis.texts, 'the fields of an analysis');
    const check = await moderation.customCheck({
      entity_id: message.id, entity_type: MESSAGE, entity_creator_id: bad,
      flags: [{ type: 'custom_check_text', reason: 'by a model', labels: ['spam'] }], user_id: mod,
    });
    t.equal(check.item?.entity_id, message.id, 'flags of a check of ones own');
    const { task_id } = await moderation.bulkImageModeration({ csv_file: 'https://example.com/images.csv' });
    await api.task(t, task_id);
    t.equal((await moderation.checkS3Access({ s3_url: 's3://bucket/key' })).success, false, 'a bucket out of reach');
    await moderation.submitModerationFeedback({ message: 'Too strict', reference: 'sample', published_at: new Date().toISOString() });
  });
}
