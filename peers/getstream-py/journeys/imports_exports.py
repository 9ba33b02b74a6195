import json

import httpx
from getstream.models import ChannelExport, QueryUsersPayload


def travel(t, api):
    client, chat = api.client, api.chat

    with t.step("exports a channel"):
        [john] = api.users(t, "john")
        channel = api.channel(t, [john])
        api.send(channel, john, "take me along")
        export = ChannelExport(type="messaging", id=channel.channel_id)
        task = api.task(t, chat.export_channels(channels=[export]).data.task_id)
        t.includes(httpx.get(task.result["url"]).text, "take me along", "the file")
        t.equal(client.wait_for_task(task.task_id).data.status, "completed", "the SDK's own way to wait")

    with t.step("imports"):
        place = client.create_import_url(filename="import.json").data
        id = t.id("imported")
        content = json.dumps([{"type": "user", "item": {"id": id, "role": "user", "name": "Imported"}}])
        t.ok(httpx.put(place.upload_url, content=content).is_success, "the upload")
        task = client.create_import(path=place.path, mode="upsert").data.import_task

        def completed():
            return client.get_import(id=task.id).data.import_task.state == "completed"

        t.until(completed, "it completes")
        users = client.query_users(payload=QueryUsersPayload(filter_conditions={"id": id})).data.users
        t.equal([user.name for user in users], ["Imported"], "the user")
        t.includes([each.id for each in client.list_imports().data.import_tasks], task.id, "the list")
