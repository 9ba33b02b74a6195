from getstream.models import SortParamRequest


def travel(t, api):
    chat = api.chat
    john, jane, kate = api.users(t, "john", "jane", "kate")
    channel = api.channel(t, [john, jane, kate])
    cid = f"messaging:{channel.channel_id}"
    parents = [api.send(channel, john, text).id for text in ("one", "two")]
    for text in ("a", "b", "c"):
        api.send(channel, jane, text, parent_id=parents[0])
    api.send(channel, kate, "d", parent_id=parents[1])

    with t.step("reads a thread"):
        thread = chat.get_thread(message_id=parents[0], reply_limit=2).data.thread
        t.equal((thread.parent_message_id, thread.channel_cid), (parents[0], cid), "what it belongs to")
        t.equal((thread.created_by_user_id, thread.reply_count), (jane, 3), "who began it, and its replies")
        t.equal([message.text for message in thread.latest_replies], ["b", "c"], "the latest replies")
        t.same_set([each.user_id for each in thread.thread_participants], [john, jane], "the participants")

    with t.step("updates a thread"):
        chat.update_thread_partial(message_id=parents[0], user_id=john, set={"title": "A title", "color": "red"})
        thread = chat.get_thread(message_id=parents[0]).data.thread
        t.equal((thread.title, thread.custom), ("A title", {"color": "red"}), "in a later read")
        chat.update_thread_partial(message_id=parents[0], user_id=john, unset=["color"])
        t.equal(chat.get_thread(message_id=parents[0]).data.thread.custom, {}, "after unsetting")

    with t.step("queries threads"):

        def query(user_id=john, **options):
            return chat.query_threads(user_id=user_id, **options).data

        def ids(response):
            return [thread.parent_message_id for thread in response.threads]

        sort = [SortParamRequest(field="created_at", direction=1)]
        t.equal(ids(query(filter={"channel_cid": cid}, sort=sort)), parents, "of a channel, oldest first")
        first = query(filter={"channel_cid": cid}, sort=sort, limit=1)
        t.equal(ids(query(filter={"channel_cid": cid}, sort=sort, limit=1, next=first.next)), [parents[1]], "a page")
        t.equal(ids(query(user_id=kate)), [parents[1]], "those in which the user takes part")
        t.equal(ids(query(filter={"created_by_user_id": {"$in": [jane]}})), [parents[0]], "by who began them")
        t.equal(ids(query(filter={"reply_count": {"$gte": 2}, "channel_cid": cid})), [parents[0]], "by their replies")
        t.refuses(lambda: query(filter={"reply_count": {"$in": [1]}}), "an operator that the field does not allow", status=400, code=4)
