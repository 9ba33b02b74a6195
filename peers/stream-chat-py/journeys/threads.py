def travel(t, api):
    client = api.client
    john, jane = api.users(t, "john", "jane")
    channel = api.channel(t, [john, jane])
    parents = [api.send(channel, john, text)["id"] for text in ("one", "two")]
    for parent in parents:
        api.send(channel, jane, "a reply", parent_id=parent)

    with t.step("queries threads"):
        filter = {"channel_cid": channel.cid}
        found = client.query_threads(filter, {"created_at": 1}, user_id=john)["threads"]
        t.equal([thread["parent_message_id"] for thread in found], parents, "of a channel, oldest first")
        t.equal([reply["text"] for reply in found[0]["latest_replies"]], ["a reply"], "the latest replies")
        t.equal(found[0]["channel"]["cid"], channel.cid, "the channel")
        first = client.query_threads(filter, {"created_at": 1}, user_id=john, limit=1)
        t.ok(first["next"], "there is a next page")
        second = client.query_threads(filter, {"created_at": 1}, user_id=john, limit=1, next=first["next"])
        t.equal([thread["parent_message_id"] for thread in second["threads"]], [parents[1]], "the next page")
