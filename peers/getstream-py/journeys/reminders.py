import datetime

from getstream.models import ChannelConfigOverrides, SortParamRequest


def travel(t, api):
    chat = api.chat
    john, jane = api.users(t, "john", "jane")
    channel = api.channel(t, [john, jane], config_overrides=ChannelConfigOverrides(user_message_reminders=True))
    one, two = (api.send(channel, john, text).id for text in ("do this", "remember this"))
    soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)

    def ids(**options):
        return [each.message_id for each in chat.query_reminders(user_id=jane, **options).data.reminders]

    with t.step("creates and queries"):
        reminder = chat.create_reminder(message_id=one, user_id=jane, remind_at=soon).data.reminder
        t.equal((reminder.message_id, reminder.user_id), (one, jane), "the reminder")
        t.ok(abs((reminder.remind_at - soon).total_seconds()) < 1, "its time")
        chat.create_reminder(message_id=two, user_id=jane)
        t.same_set(ids(), [one, two], "all")
        t.equal(ids(filter={"remind_at": {"$exists": False}}), [two], "the bookmarks")
        t.equal(ids(filter={"message_id": {"$in": [one]}}), [one], "by message")
        sort = [SortParamRequest(field="created_at", direction=-1)]
        t.equal(ids(sort=sort), [two, one], "newest first")
        t.refuses(
            lambda: chat.create_reminder(message_id=one, user_id=jane),
            "a second one",
            status=400,
            says="already has reminder created for this message_id",
        )

    with t.step("updates and deletes"):
        later = soon + datetime.timedelta(hours=1)
        updated = chat.update_reminder(message_id=one, user_id=jane, remind_at=later).data.reminder
        t.ok(abs((updated.remind_at - later).total_seconds()) < 1, "the new time")
        chat.delete_reminder(message_id=one, user_id=jane)
        t.equal(ids(), [two], "one is left")
        t.refuses(lambda: chat.delete_reminder(message_id=one, user_id=jane), "deleting it again", says="reminder does not exist")
