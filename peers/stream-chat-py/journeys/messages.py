def travel(t, api):
    client = api.client
    john, jane = api.users(t, "john", "jane")
    channel = api.channel(t, [john, jane])

    def read(id):
        return client.get_message(id)["message"]

    with t.step("replaces and updates"):
        id = api.send(channel, john, "one", color="red", size=3)["id"]
        client.update_message({"id": id, "text": "two", "color": "blue", "user": {"id": john}})
        found = read(id)
        t.equal((found["text"], found.get("color"), found.get("size")), ("two", "blue", None), "what was not sent is removed")
        client.update_message_partial(id, {"set": {"text": "three", "size": 4}, "unset": ["color"]}, john)
        found = read(id)
        t.equal((found["text"], found.get("color"), found.get("size")), ("three", None, 4), "a partial update")
        history = client.query_message_history({"message_id": id}, [{"message_updated_at": -1}])["message_history"]
        t.equal([entry["text"] for entry in history], ["two", "one"], "the former versions, newest first")

    with t.step("pins"):
        id = api.send(channel, john, "important")["id"]
        message = client.pin_message(id, jane, expiration=60)["message"]
        t.equal((message["pinned"], message["pinned_by"]["id"]), (True, jane), "who pinned it")
        t.ok(message["pin_expires"], "a number of seconds is an expiration")
        t.equal([found["id"] for found in channel.query()["pinned_messages"]], [id], "the pinned messages")
        message = client.unpin_message(id, jane)["message"]
        t.equal((message["pinned"], message["pinned_at"]), (False, None), "it is unpinned")

    with t.step("replies"):
        parent = api.send(channel, john, "a question")["id"]
        replies = [api.send(channel, jane, text, parent_id=parent) for text in ("first", "second", "third")]
        t.equal([reply["type"] for reply in replies], ["reply"] * 3, "their type")
        found = channel.get_replies(parent)["messages"]
        t.equal([message["text"] for message in found], ["first", "second", "third"], "oldest first")
        found = channel.get_replies(parent, limit=2, id_lte=replies[2]["id"])["messages"]
        t.equal([message["text"] for message in found], ["second", "third"], "a page")
        t.equal(read(parent)["reply_count"], 3, "their number")

    with t.step("deletes and restores"):
        id = api.send(channel, john, "soft")["id"]
        t.equal(client.delete_message(id)["message"]["type"], "deleted", "a soft delete")
        client.undelete_message(id, john)
        t.equal((read(id)["type"], read(id)["text"]), ("regular", "soft"), "it is undeleted")
        client.delete_message(id, hard=True)
        t.refuses(lambda: read(id), "after a hard delete", status=404, code=16)
        id = api.send(channel, john, "for me")["id"]
        message = client.delete_message(id, delete_for_me=True, deleted_by=jane)["message"]
        t.equal(message.get("deleted_for_me"), True, "for one user")

    with t.step("reads many"):
        sent = [api.send(channel, john, text) for text in "abc"]
        found = channel.get_messages([sent[0]["id"], sent[2]["id"]])["messages"]
        t.same_set([message["text"] for message in found], ["a", "c"], "those that were asked for")
        page = channel.query(messages={"limit": 1, "id_lt": sent[2]["id"]})["messages"]
        t.equal([message["text"] for message in page], ["b"], "a page")

    with t.step("sends in special ways"):
        t.equal(api.send(channel, john, "shh", silent=True)["silent"], True, "silently")
        pending = channel.send_message({"text": "not yet"}, john, pending=True)["message"]
        t.equal(client.commit_message(pending["id"])["message"]["id"], pending["id"], "a pending message is committed")
        t.equal(api.send(channel, john, "/giphy hello")["type"], "ephemeral", "a command")

    with t.step("translates"):
        id = api.send(channel, john, "Hello, world")["id"]
        t.includes(client.translate_message(id, "hu")["message"].get("i18n"), "hu_text", "the translation")
