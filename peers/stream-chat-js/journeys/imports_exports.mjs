export default async function (t, api) {
  const { client } = api;

  await t.step('exports a channel', async () => {
    const [john] = await api.users(t, 'john');
    const channel = await api.channel(t, [john]);
    await api.send(channel, john, 'take me along');
    const { task_id } = await client.exportChannel({ type: 'messaging', id: channel.id });
    const task = await api.task(t, task_id);
    t.ok((await (await fetch(task.result.url)).text()).includes('take me along'), 'the file');
    const status = await client.getExportChannelStatus(task_id);
    t.equal(status.status, 'completed', 'the older path of its status');
  });

  await t.step('imports', async () => {
    const { path, upload_url } = await client._createImportURL('import.json');
    const id = t.id('imported');
    const body = JSON.stringify([{ type: 'user', item: { id, role: 'user', name: 'Imported' } }]);
    t.equal((await fetch(upload_url, { method: 'PUT', body })).ok, true, 'the upload');
    const { import_task } = await client._createImport(path, { mode: 'upsert' });
    await t.until(async () => (await client._getImport(import_task.id)).import_task.state === 'completed', 'it completes');
    t.equal((await client.queryUsers({ id })).users.map(({ name }) => name), ['Imported'], 'the user');
    t.includes((await client._listImports({ limit: 10 })).import_tasks.map((found) => found.id), import_task.id, 'the list');
  });
}
