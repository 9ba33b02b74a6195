def travel(t, api):
    client = api.client
    john, jane, kate = api.users(t, "john", "jane", "kate")

    def find(conditions, sort=None, **options):
        return [state["channel"]["id"] for state in client.query_channels(conditions, sort, **options)["channels"]]

    def member(response, user_id):
        return next(found for found in response["members"] if found["user_id"] == user_id)

    with t.step("makes a channel of its members"):
        first = client.channel("messaging", data={"members": [john, jane]})
        first.create(john)
        t.ok(first.id.startswith("!members-"), "the id says that it is distinct")
        second = client.channel("messaging", data={"members": [jane, john]})
        second.create(john)
        t.equal(second.id, first.id, "the same members give the same channel")
        t.refuses(
            lambda: client.channel("messaging", data={"members": [john]}).create(john),
            "one member",
            status=400,
            code=4,
            says="at least 2 members",
        )

    channel = api.channel(t, [john, jane], topic="trips", score=1)
    id = channel.id

    with t.step("updates"):
        found = channel.update_partial(to_set={"color": "blue"}, to_unset=["topic"])["channel"]
        t.equal((found.get("color"), found.get("topic"), found.get("score")), ("blue", None, 1), "partially")
        found = channel.update({"color": "green"})["channel"]
        t.equal((found.get("color"), found.get("score")), ("green", None), "wholly")
        t.equal(find({"id": id, "color": "green"}), [id], "a query by it")
        rooms = [id, *(api.channel(t, [john]).id for _ in range(2))]
        t.equal(find({"id": {"$in": rooms}}, {"created_at": -1}), rooms[::-1], "newest first")
        t.equal(find({"id": {"$in": rooms}}, {"created_at": 1}, limit=1, offset=2), [rooms[2]], "a page")

    with t.step("hides and shows"):
        channel.hide(jane)
        t.equal(find({"id": id}, user_id=jane), [], "hidden channels are not listed")
        t.equal(find({"id": id, "hidden": True}, user_id=jane), [id], "unless they are asked for")
        channel.show(jane)
        t.equal(find({"id": id}, user_id=jane), [id], "it is shown again")

    with t.step("pins and archives for a member"):
        t.ok(channel.pin(jane)["channel_member"].get("pinned_at"), "the time of pinning")
        t.equal(find({"id": id, "pinned": True}, user_id=jane), [id], "the filter `pinned`")
        t.ok(not channel.unpin(jane)["channel_member"].get("pinned_at"), "it is unpinned")
        t.ok(channel.archive(jane)["channel_member"].get("archived_at"), "the time of archiving")
        t.equal(find({"id": id, "archived": True}, user_id=jane), [id], "the filter `archived`")
        t.ok(not channel.unarchive(jane)["channel_member"].get("archived_at"), "it is unarchived")
        found = channel.update_member_partial(jane, to_set={"color": "pink"})["channel_member"]
        t.equal(found.get("color"), "pink", "custom data of a member is flat")
        found = channel.update_member_partial(jane, to_unset=["color"])["channel_member"]
        t.excludes(found, "color", "it is unset")

    with t.step("invites"):
        invited = member(channel.invite_members([kate]), kate)
        t.equal((invited["invited"], invited["status"]), (True, "pending"), "the invited member")
        t.ok(member(channel.reject_invite(kate), kate).get("invite_rejected_at"), "the time of the rejection")
        t.ok(member(channel.accept_invite(kate), kate).get("invite_accepted_at"), "the time of acceptance")

    with t.step("assigns roles"):
        roles = [{"user_id": kate, "channel_role": "channel_moderator"}]
        t.equal(member(channel.assign_roles(roles), kate)["channel_role"], "channel_moderator", "the role")

    with t.step("tags"):
        t.same_set(channel.add_filter_tags(["vip", "new"])["channel"].get("filter_tags"), ["vip", "new"], "the tags")
        t.equal(find({"id": id, "filter_tags": {"$in": ["vip"]}}), [id], "a query by tag")
        t.equal(channel.remove_filter_tags(["new"])["channel"].get("filter_tags"), ["vip"], "what is left")

    with t.step("sends events"):
        event = channel.send_event({"type": "typing.start"}, john)["event"]
        t.equal((event["type"], event["user"]["id"]), ("typing.start", john), "the event")

    with t.step("truncates"):
        api.send(channel, john, "old news")
        response = channel.truncate(message={"text": "All gone", "user_id": john})
        t.ok(response["channel"].get("truncated_at"), "the time")
        texts = [message["text"] for message in channel.query()["messages"]]
        t.equal(texts, ["All gone"], "nothing else is left")

    with t.step("updates and deletes batches"):
        rooms = [api.channel(t, [john]), api.channel(t, [john])]
        cids = [room.cid for room in rooms]
        updater = client.channel_batch_updater()
        api.task(t, updater.add_members({"cids": {"$in": cids}}, [{"user_id": kate}])["task_id"])
        for room in rooms:
            t.same_set([found["user_id"] for found in room.query()["members"]], [john, kate], "the members")
        api.task(t, client.delete_channels(cids, hard_delete=True)["task_id"])
        t.equal(find({"cid": {"$in": cids}}), [], "they are deleted")

    with t.step("deletes"):
        t.ok(channel.delete()["channel"].get("deleted_at"), "the time")
        t.equal(find({"id": id}), [], "it is not listed")
