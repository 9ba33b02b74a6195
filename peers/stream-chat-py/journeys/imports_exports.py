import json

import requests


def travel(t, api):
    client = api.client

    with t.step("exports a channel"):
        [john] = api.users(t, "john")
        channel = api.channel(t, [john])
        api.send(channel, john, "take me along")
        task = api.task(t, client.export_channel("messaging", channel.id)["task_id"])
        t.includes(requests.get(task["result"]["url"]).text, "take me along", "the file")
        t.equal(client.get_export_channel_status(task["task_id"])["status"], "completed", "the older path of its status")

    with t.step("imports"):
        place = client.create_import_url("import.json")
        id = t.id("imported")
        content = json.dumps([{"type": "user", "item": {"id": id, "role": "user", "name": "Imported"}}])
        t.ok(requests.put(place["upload_url"], data=content).ok, "the upload")
        task = client.create_import(place["path"], mode="upsert")["import_task"]

        def completed():
            return client.get_import(task["id"])["import_task"]["state"] == "completed"

        t.until(completed, "it completes")
        t.equal([user["name"] for user in client.query_users({"id": id})["users"]], ["Imported"], "the user")
        t.includes([each["id"] for each in client.list_imports({"limit": 10})["import_tasks"]], task["id"], "the list")
