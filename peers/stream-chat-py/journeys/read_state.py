def travel(t, api):
    client = api.client
    john, jane = api.users(t, "john", "jane")
    channel = api.channel(t, [john, jane])

    def total(user_id):
        return client.unread_counts(user_id)["total_unread_count"]

    def read(user_id):
        return next(state for state in channel.query()["read"] if state["user"]["id"] == user_id)

    messages = [api.send(channel, john, text) for text in ("one", "two", "three")]

    with t.step("counts unread messages"):
        counts = client.unread_counts(jane)
        t.equal(counts["total_unread_count"], 3, "all of the reader")
        t.equal([(each["channel_id"], each["unread_count"]) for each in counts["channels"]], [(channel.cid, 3)], "by channel")
        t.equal([each["channel_type"] for each in counts["channel_type"]], ["messaging"], "by channel type")
        batch = client.unread_counts_batch([john, jane])["counts_by_user"]
        t.equal((batch[john]["total_unread_count"], batch[jane]["total_unread_count"]), (0, 3), "in a batch")
        batch = client.unread_counts_batch([jane, t.id("nobody")])["counts_by_user"]
        t.same_set(batch, [jane], "users who do not exist are left out")
        t.equal(read(jane)["unread_messages"], 3, "the read state")

    with t.step("marks as read and unread"):
        t.equal(channel.mark_read(jane)["event"]["type"], "message.read", "the event")
        t.equal(total(jane), 0, "nothing is unread")
        channel.mark_unread(jane, message_id=messages[1]["id"])
        t.equal(total(jane), 2, "from a message on")
        client.mark_all_read(jane)
        t.equal(total(jane), 0, "all channels")

    with t.step("counts unread threads"):
        parent = api.send(channel, jane, "a question")["id"]
        api.send(channel, john, "an answer", parent_id=parent)
        counts = client.unread_counts(jane)
        t.equal([each["parent_message_id"] for each in counts["threads"]], [parent], "by thread")
        channel.mark_read(jane, thread_id=parent)
        t.equal(client.unread_counts(jane)["total_unread_threads_count"], 0, "after reading it")

    with t.step("reports deliveries"):
        response = client.mark_delivered_simple(jane, messages[0]["id"], channel.cid)
        t.equal(response.status_code(), 201, "the status")
