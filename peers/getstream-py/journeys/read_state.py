from getstream.models import DeliveredMessagePayload, ReactionRequest


def travel(t, api):
    chat = api.chat
    john, jane = api.users(t, "john", "jane")
    channel = api.channel(t, [john, jane])
    cid = f"messaging:{channel.channel_id}"

    def total(user_id):
        return chat.unread_counts(user_id=user_id).data.total_unread_count

    def read(user_id):
        states = channel.get_or_create(state=True).data.read
        return next(state for state in states if state.user.id == user_id)

    one, two, three = (api.send(channel, john, text) for text in ("one", "two", "three"))

    with t.step("counts unread messages"):
        counts = chat.unread_counts(user_id=jane).data
        t.equal(counts.total_unread_count, 3, "all of the reader")
        t.equal([(each.channel_id, each.unread_count) for each in counts.channels], [(cid, 3)], "by channel")
        t.equal(
            [(each.channel_type, each.channel_count, each.unread_count) for each in counts.channel_type],
            [("messaging", 1, 3)],
            "by channel type",
        )
        t.equal((read(jane).unread_messages, read(john).unread_messages), (3, 0), "the read states")
        batch = chat.unread_counts_batch(user_ids=[john, jane]).data.counts_by_user
        t.equal((batch[john].total_unread_count, batch[jane].total_unread_count), (0, 3), "in a batch")

    with t.step("leaves out what does not count"):
        api.send(channel, john, "shh", silent=True)
        api.send(channel, john, "in a thread", parent_id=one.id)
        chat.send_reaction(id=one.id, reaction=ReactionRequest(type="like", user_id=john))
        t.equal(total(jane), 3, "silent messages, replies and reactions")

    with t.step("marks as read and unread"):
        event = channel.mark_read(user_id=jane).data.event
        t.equal((event.type, event.user.id, event.cid), ("message.read", jane, cid), "the event")
        t.equal((total(jane), read(jane).unread_messages), (0, 0), "nothing is unread")
        channel.mark_unread(user_id=jane, message_id=two.id)
        t.equal(total(jane), 2, "from a message on")
        channel.mark_read(user_id=jane, message_id=two.id)
        t.equal(total(jane), 1, "read up to a message")
        chat.mark_channels_read(user_id=jane)
        t.equal(total(jane), 0, "all channels")
        t.refuses(lambda: channel.mark_read(), "the reader must be named", status=400, code=4)

    with t.step("filters by it"):
        channel.mark_unread(user_id=jane, message_id=three.id)
        found = chat.query_channels(filter_conditions={"has_unread": True, "cid": cid}, user_id=jane).data.channels
        t.equal([state.channel.cid for state in found], [cid], "unread channels")
        chat.delete_message(id=three.id, hard=True)
        t.equal(total(jane), 0, "a hard delete takes one away")

    with t.step("counts unread threads"):
        parent = api.send(channel, jane, "a question")
        api.send(channel, john, "an answer", parent_id=parent.id)
        counts = chat.unread_counts(user_id=jane).data
        t.equal(counts.total_unread_threads_count, 1, "the number of threads")
        t.equal([each.parent_message_id for each in counts.threads], [parent.id], "by thread")
        channel.mark_read(user_id=jane, thread_id=parent.id)
        t.equal(chat.unread_counts(user_id=jane).data.total_unread_threads_count, 0, "after reading it")

    with t.step("reports deliveries"):
        latest = [DeliveredMessagePayload(cid=cid, id=one.id)]
        response = chat.mark_delivered(user_id=jane, latest_delivered_messages=latest)
        t.equal(response.status_code(), 201, "the status")
