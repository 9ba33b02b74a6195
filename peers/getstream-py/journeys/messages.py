import datetime

from getstream.models import MessagePaginationParams, MessageRequest


def travel(t, api):
    chat = api.chat
    john, jane = api.users(t, "john", "jane")
    channel = api.channel(t, [john, jane])

    def read(id):
        return chat.get_message(id=id).data.message

    with t.step("keeps the id that the sender chose"):
        id = t.id("message")
        t.equal(api.send(channel, john, "first", id=id).id, id, "the id")
        t.refuses(lambda: api.send(channel, john, "again", id=id), "an id that is taken", status=400, code=4, says="already exists")

    with t.step("replaces and updates"):
        id = api.send(channel, john, "one", custom={"color": "red", "size": 3}).id
        chat.update_message(id=id, message=MessageRequest(text="two", user_id=john, custom={"color": "blue"}))
        t.equal((read(id).text, read(id).custom), ("two", {"color": "blue"}), "what was not sent is removed")
        chat.update_message_partial(id=id, user_id=john, set={"text": "three", "size": 4}, unset=["color"])
        t.equal((read(id).text, read(id).custom), ("three", {"size": 4}), "a partial update")
        history = chat.query_message_history(filter={"message_id": id}).data.message_history
        t.equal([entry.text for entry in history], ["two", "one"], "the former versions, newest first")

    with t.step("pins"):
        id = api.send(channel, john, "important").id
        until = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
        message = chat.update_message_partial(
            id=id, user_id=jane, set={"pinned": True, "pin_expires": until.isoformat()}
        ).data.message
        t.equal((message.pinned, message.pinned_by.id), (True, jane), "who pinned it")
        t.ok(abs((message.pin_expires - until).total_seconds()) < 1, "until when")
        found = chat.get_pinned_messages(type="messaging", id=channel.channel_id).data.messages
        t.equal([each.id for each in found], [id], "the pinned messages")
        chat.update_message_partial(id=id, user_id=jane, set={"pinned": False})
        t.equal(chat.get_pinned_messages(type="messaging", id=channel.channel_id).data.messages, [], "it is unpinned")

    with t.step("replies and quotes"):
        parent = api.send(channel, john, "a question").id
        replies = [api.send(channel, jane, text, parent_id=parent) for text in ("first", "second")]
        t.equal(replies[0].type, "reply", "the type of a reply")
        t.equal(read(parent).reply_count, 2, "the number of replies")
        found = chat.get_replies(parent_id=parent).data.messages
        t.equal([message.text for message in found], ["first", "second"], "the replies, oldest first")
        t.refuses(
            lambda: api.send(channel, jane, "deeper", parent_id=replies[0].id), "a reply to a reply", status=400, code=21
        )
        quote = api.send(channel, john, "as you said", quoted_message_id=replies[0].id)
        t.equal(read(quote.id).quoted_message.text, "first", "a quoted message")

    with t.step("deletes and restores"):
        id = api.send(channel, john, "soft").id
        t.equal(chat.delete_message(id=id).data.message.type, "deleted", "a soft delete")
        chat.undelete_message(id=id, undeleted_by=john)
        t.equal((read(id).type, read(id).text), ("regular", "soft"), "it is undeleted")
        chat.delete_message(id=id, hard=True)
        t.refuses(lambda: read(id), "after a hard delete", status=404, code=16)
        id = api.send(channel, john, "mine").id
        t.equal(
            chat.delete_message(id=id, delete_for_me=True, deleted_by=jane).data.message.deleted_for_me,
            True,
            "a delete for one user",
        )

    with t.step("reads many"):
        sent = [api.send(channel, john, text) for text in "abc"]
        found = chat.get_many_messages(type="messaging", id=channel.channel_id, ids=[sent[0].id, sent[2].id]).data.messages
        t.same_set([message.text for message in found], ["a", "c"], "those that were asked for")
        page = channel.get_or_create(messages=MessagePaginationParams(limit=1, id_lt=sent[2].id)).data.messages
        t.equal([message.text for message in page], ["b"], "a page before one")

    with t.step("sends in special ways"):
        t.equal(api.send(channel, john, "shh", silent=True).silent, True, "silently")
        t.equal(api.send(channel, john, "whisper", restricted_visibility=[jane]).restricted_visibility, [jane], "to some")
        pending = channel.send_message(message=MessageRequest(text="not yet", user_id=john), pending=True).data.message
        t.equal(chat.commit_message(id=pending.id).data.message.id, pending.id, "a pending message is committed")
        html = api.send(channel, john, "see https://example.com").html
        t.ok("<a href=" in html, "a link in HTML")

    with t.step("runs commands"):
        giphy = api.send(channel, john, "/giphy hello")
        t.equal((giphy.type, giphy.command), ("ephemeral", "giphy"), "a preview")
        sent = chat.run_message_action(id=giphy.id, user_id=john, form_data={"image_action": "send"}).data.message
        t.equal(sent.type, "regular", "it is sent")

    with t.step("translates"):
        id = api.send(channel, john, "Hello, world").id
        t.includes(chat.translate_message(id=id, language="de").data.message.i18n, "de_text", "the translation")
        t.includes(read(id).i18n, "de_text", "in a later read")
