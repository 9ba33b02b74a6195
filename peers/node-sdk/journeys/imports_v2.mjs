export default async function (t, api) {
  const { client } = api;
  const gone = { status: 404, code: 16 };

  await t.step('keeps the storage of the importer', async () => {
    const aws_s3 = { bucket: 'bucket', region: 'us-east-1', role_arn: 'arn:aws:iam::1:role/r' };
    await client.upsertImporterExternalStorage({ type: 'aws_s3', aws_s3 });
    const found = await client.getImporterExternalStorage();
    t.equal([found.type, found.aws_s3?.bucket, found.aws_s3?.region], ['aws_s3', 'bucket', 'us-east-1'], 'it');
    await client.validateImporterExternalStorage();
    await client.deleteImporterExternalStorage();
    await t.refuses(() => client.getImporterExternalStorage(), gone, 'the deleted storage');
  });

  await t.step('keeps tasks', async () => {
    const create = () => client.createImportV2Task({ product: 'chat', settings: { mode: 'upsert', path: 'import.json' } });
    const task = await create();
    t.equal([task.product, task.settings?.path, task.settings?.mode], ['chat', 'import.json', 'upsert'], 'a task');
    t.equal((await client.getImportV2Task({ id: task.id })).id, task.id, 'in a later read');
    t.includes((await client.listImportV2Tasks()).import_tasks.map(({ id }) => id), task.id, 'the list');
    await client.deleteImportV2Task({ id: task.id });
    await t.refuses(() => client.getImportV2Task({ id: task.id }), gone, 'the deleted task');
  });

  await t.step('checks a storage', async () => {
    const name = t.id('storage');
    await client.createExternalStorage({
      name, bucket: 'bucket', storage_type: 's3', aws_s3: { s3_region: 'us-east-1', s3_api_key: 'key', s3_secret: 'secret' },
    });
    const checked = await client.checkExternalStorage({ name });
    t.ok(typeof checked.duration === 'string', 'the check of a storage out of reach is answered');
    await client.deleteExternalStorage({ name });
  });
}
