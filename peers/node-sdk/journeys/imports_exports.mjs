export default async function (t, api) {
  const { client, chat } = api;

  await t.step('exports a channel', async () => {
    const [john] = await api.users(t, 'john');
    const channel = await api.channel(t, [john]);
    await api.send(channel, john, 'take me along');
    const { task_id } = await chat.exportChannels({ channels: [{ cid: channel.cid }] });
    t.ok(task_id, 'a task');
    const task = await api.task(t, task_id);
    t.equal(task?.task_id, task_id, 'the task by its id');
    t.ok(task?.created_at instanceof Date, 'when it began');
    t.ok(task?.result?.url, 'the file');
    t.ok((await (await fetch(task.result.url)).text()).includes('take me along'), 'its content');
    await t.refuses(() => client.getTask({ id: t.id('missing') }), { status: 404, code: 16 }, 'a missing task');
    await t.refuses(() => chat.exportChannels({ channels: [{ type: 'messaging', id: t.id('missing') }] }), {}, 'a missing channel');
  });

  await t.step('imports', async () => {
    const { path, upload_url } = await client.createImportURL({ filename: 'import.json' });
    t.ok(path && upload_url, 'where to upload to');
    const id = t.id('imported');
    const body = JSON.stringify([{ type: 'user', item: { id, role: 'user', name: 'Imported' } }]);
    const uploaded = await fetch(upload_url, { method: 'PUT', body });
    t.equal(uploaded.ok, true, 'the upload');
    const { import_task } = await client.createImport({ path, mode: 'upsert' });
    t.ok(import_task?.id, 'a task');
    t.equal([import_task?.mode, import_task?.path], ['upsert', path], 'its fields');
    await t.until(async () => (await client.getImport({ id: import_task.id })).import_task?.state === 'completed', 'it completes');
    const { users } = await client.queryUsers({ payload: { filter_conditions: { id } } });
    t.equal(users.map(({ name }) => name), ['Imported'], 'the user');
    const { import_tasks } = await client.listImports();
    t.includes(import_tasks.map((found) => found.id), import_task.id, 'the list');
    await t.refuses(() => client.createImport({ path, mode: 'sideways' }), { status: 400, code: 4 }, 'an unknown mode');
    await t.refuses(() => client.getImport({ id: '4f5a2b5e-0000-4000-8000-000000000000' }), { status: 404, code: 16 }, 'a missing import');
  });
}
