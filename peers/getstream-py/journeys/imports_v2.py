from getstream.models import ImportV2TaskSettings, UpsertExternalStorageAWSS3Request


def travel(t, api):
    client = api.client

    with t.step("keeps the storage of the importer"):
        client.upsert_importer_external_storage(
            type="aws_s3",
            aws_s3=UpsertExternalStorageAWSS3Request(bucket="bucket", region="us-east-1", role_arn="arn:aws:iam::1:role/r"),
        )
        found = client.get_importer_external_storage().data
        t.equal((found.type, found.aws_s3.bucket, found.aws_s3.region), ("aws_s3", "bucket", "us-east-1"), "it")
        client.delete_importer_external_storage()
        t.refuses(client.get_importer_external_storage, "the deleted storage", status=404, code=16)

    with t.step("keeps tasks"):
        settings = ImportV2TaskSettings(mode="upsert", path="import.json")
        task = client.create_import_v2_task(product="chat", settings=settings).data
        t.equal((task.product, task.settings.path, task.settings.mode), ("chat", "import.json", "upsert"), "a task")
        t.equal(client.get_import_v2_task(id=task.id).data.id, task.id, "in a later read")
        t.includes([each.id for each in client.list_import_v2_tasks().data.import_tasks], task.id, "the list")
        client.delete_import_v2_task(id=task.id)
        t.refuses(lambda: client.get_import_v2_task(id=task.id), "the deleted task", status=404, code=16)
