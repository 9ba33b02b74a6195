"""Methods of the client that objects such as campaigns and segments usually call."""

import datetime

from stream_chat.types.segment import SegmentType


def travel(t, api):
    client = api.client
    john, jane = api.users(t, "john", "jane")
    channel = api.channel(t, [john, jane])

    with t.step("keeps segments"):
        id = client.create_segment(SegmentType.USER, data={"name": "Friends"})["segment"]["id"]
        client.add_segment_targets(id, [john, jane])
        found = client.query_segment_targets(id, {"target_id": {"$eq": jane}})["targets"]
        t.equal([target["target_id"] for target in found], [jane], "a query of targets")
        client.remove_segment_targets(id, [jane])
        t.refuses(lambda: client.segment_target_exists(id, jane), "a removed target", status=404, code=16)
        client.update_segment(id, {"name": "Old friends"})
        t.equal(client.get_segment(id)["segment"]["name"], "Old friends", "the update")
        client.delete_segment(id)
        t.refuses(lambda: client.get_segment(id), "the deleted segment", status=404, code=16)

    with t.step("keeps campaigns"):
        data = {"name": "News", "sender_id": john, "user_ids": [jane], "message_template": {"text": "Hello"}}
        id = client.create_campaign(data=data)["campaign"]["id"]
        t.equal(client.update_campaign(id, {**data, "name": "More"})["campaign"]["name"], "More", "an update")
        soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
        later = soon + datetime.timedelta(hours=1)
        started = client.start_campaign(id, scheduled_for=soon, stop_at=later)["campaign"]
        t.equal(started["status"], "scheduled", "a start")
        t.equal(datetime.datetime.fromisoformat(started["scheduled_for"]), soon, "its time")
        t.equal(client.stop_campaign(id)["campaign"]["status"], "stopped", "a stop")
        t.equal(client.get_campaign(id)["campaign"]["status"], "stopped", "a read")
        client.delete_campaign(id)
        t.refuses(lambda: client.get_campaign(id), "the deleted campaign", status=404, code=16)

    with t.step("changes many at once"):
        users = client.update_users_partial([{"id": id, "set": {"mood": "good"}} for id in (john, jane)])["users"]
        t.equal([users[id]["mood"] for id in (john, jane)], ["good", "good"], "users")
        before = datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc)
        users = client.revoke_users_token([john, jane], before)["users"]
        t.includes(users[jane]["revoke_tokens_issued_before"], "2024-01-01", "revoked tokens")
        task = client.export_channels([{"type": "messaging", "id": channel.id}])["task_id"]
        t.ok(api.task(t, task)["result"]["url"], "an export")
        t.equal(client.get_export_channel_status(task)["status"], "completed", "its status under the old path")
        task = client.update_channels_batch(
            {"operation": "removeMembers", "filter": {"cids": {"$in": [channel.cid]}}, "members": [{"user_id": jane}]}
        )["task_id"]
        api.task(t, task)
        t.equal([member["user_id"] for member in channel.query()["members"]], [john], "the members of a channel")

    with t.step("chooses what a command offers"):
        offer = api.send(channel, john, "/giphy hello")
        t.equal((offer["type"], offer["command"]), ("ephemeral", "giphy"), "the offer")
        action = {"user": {"id": john}, "form_data": {"image_action": "shuffle"}}
        t.equal(client.run_message_action(offer["id"], action)["message"]["type"], "ephemeral", "another offer")
        action["form_data"] = {"image_action": "send"}
        t.equal(client.run_message_action(offer["id"], action)["message"]["type"], "regular", "the message")

    with t.step("pages by the time of a message"):
        ids = [api.send(channel, john, text)["id"] for text in ("one", "two", "three")]
        at = client.get_message(ids[1])["message"]["created_at"]
        # Python's timestamps have the same precision as those of the service.
        at = datetime.datetime.fromisoformat(at).isoformat()
        for bound, expected in (
            ("created_at_before_or_equal", ids[:2]),
            ("created_at_after_or_equal", ids[1:]),
            ("created_at_after", ids[2:]),
        ):
            messages = channel.query(messages={bound: at, "limit": 10})["messages"]
            t.equal([each["id"] for each in messages if each["id"] in ids], expected, bound)
