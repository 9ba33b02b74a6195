import datetime


def travel(t, api):
    client = api.client
    john, jane = api.users(t, "john", "jane")
    channel = api.channel(t, [john, jane], config_overrides={"user_message_reminders": True})
    one, two = (api.send(channel, john, text)["id"] for text in ("do this", "remember this"))
    soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)

    def ids(filter=None, sort=None):
        return [each["message_id"] for each in client.query_reminders(jane, filter, sort)["reminders"]]

    with t.step("creates and queries"):
        response = client.create_reminder(one, jane, soon)
        t.equal(response["reminder"]["message_id"], one, "the reminder")
        client.create_reminder(two, jane)
        t.same_set(ids(), [one, two], "all")
        t.equal(ids({"message_id": one}), [one], "by message")
        t.equal(ids(sort=[{"field": "created_at", "direction": -1}]), [two, one], "newest first")
        t.refuses(
            lambda: client.create_reminder(one, jane),
            "a second one",
            status=400,
            says="already has reminder created for this message_id",
        )

    with t.step("updates and deletes"):
        later = soon + datetime.timedelta(hours=1)
        reminder = client.update_reminder(one, jane, later)["reminder"]
        t.includes(reminder["remind_at"], later.strftime("%Y-%m-%dT%H:%M:%S"), "the new time")
        client.delete_reminder(one, jane)
        t.equal(ids(), [two], "one is left")
