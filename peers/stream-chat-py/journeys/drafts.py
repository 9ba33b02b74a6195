def travel(t, api):
    client = api.client
    john, jane = api.users(t, "john", "jane")
    channel = api.channel(t, [john, jane])

    with t.step("keeps drafts"):
        draft = channel.create_draft({"text": "almost"}, jane)["draft"]
        t.equal((draft["message"]["text"], draft["channel_cid"]), ("almost", channel.cid), "the draft")
        t.equal(channel.get_draft(jane)["draft"]["message"]["text"], "almost", "in a later read")
        parent = api.send(channel, john, "a question")["id"]
        channel.create_draft({"text": "an answer", "parent_id": parent}, jane)
        t.equal(channel.get_draft(jane, parent_id=parent)["draft"]["message"]["text"], "an answer", "of a thread")
        drafts = client.query_drafts(jane, sort=[{"field": "created_at", "direction": 1}])["drafts"]
        t.equal([draft["message"]["text"] for draft in drafts], ["almost", "an answer"], "a query, oldest first")
        first = client.query_drafts(jane, sort=[{"field": "created_at", "direction": 1}], options={"limit": 1})
        t.equal([draft["message"]["text"] for draft in first["drafts"]], ["almost"], "a page")

    with t.step("deletes drafts"):
        channel.delete_draft(jane)
        t.refuses(lambda: channel.get_draft(jane), "the deleted draft", status=404, code=16)
        channel.delete_draft(jane, parent_id=parent)
        t.equal(client.query_drafts(jane)["drafts"], [], "none is left")
