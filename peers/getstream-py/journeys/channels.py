import datetime

from getstream.models import (
    ChannelBatchMemberRequest,
    ChannelInput,
    ChannelInputRequest,
    ChannelMemberRequest,
    EventRequest,
    MessageRequest,
    QueryMembersPayload,
    SortParamRequest,
)


def travel(t, api):
    chat = api.chat
    john, jane, kate = api.users(t, "john", "jane", "kate")

    def find(conditions, **options):
        channels = chat.query_channels(filter_conditions=conditions, **options).data.channels
        return [state.channel.id for state in channels]

    def member(members, user_id):
        return next(found for found in members if found.user_id == user_id)

    with t.step("makes a channel of its members"):
        members = [ChannelMemberRequest(user_id=john), ChannelMemberRequest(user_id=jane)]
        data = ChannelInput(created_by_id=john, members=members)
        first = chat.get_or_create_distinct_channel(type="messaging", data=data).data.channel
        t.ok(first.id.startswith("!members-"), "the id says that it is distinct")
        second = chat.get_or_create_distinct_channel(type="messaging", data=data).data.channel
        t.equal(second.cid, first.cid, "the same members give the same channel")
        t.equal(find({"members": {"$eq": [jane, john]}}), [first.id], "it is found by its exact members")

    channel = api.channel(t, [john, jane], custom={"topic": "trips", "score": 1})
    id = channel.channel_id

    with t.step("updates partially"):
        updated = channel.update_channel_partial(set={"color": "blue"}, unset=["topic"]).data.channel
        t.equal(updated.custom, {"color": "blue", "score": 1}, "custom data")
        t.equal(channel.get_or_create().data.channel.custom, {"color": "blue", "score": 1}, "in a later read")

    with t.step("reads"):
        found = channel.get(state=True).data
        t.equal((found.channel.id, found.channel.custom.get("color")), (id, "blue"), "an existing channel")
        t.same_set([each.user_id for each in found.members], [john, jane], "its members")
        t.refuses(chat.channel("messaging", t.id("missing")).get, "a missing channel", status=404, code=16)

    with t.step("queries"):
        t.equal(find({"id": id, "color": "blue"}), [id], "by custom data")
        t.equal(find({"id": id, "created_by_id": jane}), [], "by another creator")
        past = (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=1)).isoformat()
        t.equal(find({"id": id, "created_at": {"$gt": past}}), [id], "by the creation time")
        rooms = [id, *(api.channel(t, [john]).channel_id for _ in range(2))]
        sort = [SortParamRequest(field="created_at", direction=-1)]
        t.equal(find({"id": {"$in": rooms}}, sort=sort), rooms[::-1], "newest first")
        t.equal(find({"id": {"$in": rooms}}, sort=sort, limit=1, offset=1), [rooms[1]], "a page")

    with t.step("hides and shows"):
        api.send(channel, john, "old news")
        channel.hide(user_id=jane, clear_history=True)
        t.equal(find({"id": id}, user_id=jane), [], "hidden channels are not listed")
        t.equal(find({"id": id, "hidden": True}, user_id=jane), [id], "unless they are asked for")
        t.equal(find({"id": id}, user_id=john), [id], "others see it")
        channel.show(user_id=jane)
        t.equal(find({"id": id}, user_id=jane), [id], "it is shown again")
        [state] = chat.query_channels(filter_conditions={"id": id}, user_id=jane).data.channels
        t.equal(state.messages, [], "the history stays cleared")

    with t.step("pins and archives for a member"):

        def set(**values):
            return channel.update_member_partial(user_id=jane, set=values).data.channel_member

        pinned = set(pinned=True)
        t.ok(pinned.pinned_at, "the time of pinning")
        t.excludes(pinned.custom, "pinned", "it is not custom data")
        t.equal(find({"id": id, "pinned": True}, user_id=jane), [id], "the filter `pinned`")
        t.equal(set(pinned=False).pinned_at, None, "it is unpinned")
        t.ok(set(archived=True).archived_at, "the time of archiving")
        t.equal(find({"id": id, "archived": True}, user_id=jane), [id], "the filter `archived`")
        t.equal(set(archived=False).archived_at, None, "it is unarchived")
        t.equal(set(color="pink").custom.get("color"), "pink", "custom data of a member")
        payload = QueryMembersPayload(type="messaging", id=id, filter_conditions={"color": "pink"})
        found = chat.query_members(payload=payload).data.members
        t.equal([each.user_id for each in found], [jane], "a query by it")

    with t.step("invites"):
        invited = member(channel.update(invites=[ChannelMemberRequest(user_id=kate)]).data.members, kate)
        t.equal((invited.invited, invited.status), (True, "pending"), "the invited member")
        t.equal(find({"id": id, "invite": "pending"}, user_id=kate), [id], "the filter `invite`")
        rejected = member(channel.update(reject_invite=True, user_id=kate).data.members, kate)
        t.ok(rejected.invite_rejected_at, "the time of the rejection")
        accepted = member(channel.update(accept_invite=True, user_id=kate).data.members, kate)
        t.ok(accepted.invite_accepted_at, "the time of acceptance")
        t.equal(find({"id": id, "joined": True}, user_id=kate), [id], "she has joined")

    with t.step("assigns roles"):
        roles = [ChannelMemberRequest(user_id=kate, channel_role="channel_moderator")]
        t.equal(member(channel.update(assign_roles=roles).data.members, kate).channel_role, "channel_moderator", "the role")

    with t.step("tags and slows down"):
        t.equal(channel.update(add_filter_tags=["vip"]).data.channel.filter_tags, ["vip"], "a tag")
        t.equal(find({"id": id, "filter_tags": {"$in": ["vip"]}}), [id], "a query by it")
        channel.update(remove_filter_tags=["vip"])
        t.equal(find({"id": id, "filter_tags": {"$in": ["vip"]}}), [], "it is removed")
        t.equal(channel.update(cooldown=20).data.channel.cooldown, 20, "a cooldown")
        t.ok(not channel.update(cooldown=0).data.channel.cooldown, "it ends")

    with t.step("freezes"):
        channel.update(data=ChannelInputRequest(frozen=True))
        t.equal(find({"id": id, "frozen": True}), [id], "the filter `frozen`")
        channel.update_channel_partial(set={"frozen": False})
        t.equal(channel.get_or_create().data.channel.frozen, False, "it thaws")

    with t.step("sends custom events"):
        event = channel.send_event(event=EventRequest(type="game.move", user_id=john, custom={"to": "e4"})).data.event
        t.equal(event.type, "game.move", "the event")

    with t.step("truncates"):
        response = channel.truncate(user_id=john, message=MessageRequest(text="All gone", user_id=john)).data
        t.ok(response.channel.truncated_at, "the time")
        t.equal(response.message.text, "All gone", "the message")
        texts = [message.text for message in channel.get_or_create(state=True).data.messages]
        t.equal(texts, ["All gone"], "nothing else is left")

    with t.step("updates and deletes batches"):
        rooms = [api.channel(t, [john]), api.channel(t, [john])]
        cids = [f"messaging:{room.channel_id}" for room in rooms]
        task = chat.channel_batch_update(
            operation="addMembers", filter={"cids": {"$in": cids}}, members=[ChannelBatchMemberRequest(user_id=kate)]
        ).data.task_id
        api.task(t, task)
        for room in rooms:
            users = [found.user_id for found in room.get_or_create().data.members]
            t.same_set(users, [john, kate], "the members")
        api.task(t, chat.delete_channels(cids=cids, hard_delete=True).data.task_id)
        t.equal(find({"cid": {"$in": cids}}), [], "they are deleted")

    with t.step("deletes"):
        t.ok(channel.delete().data.channel.deleted_at, "the time")
        t.equal(find({"id": id}), [], "it is not listed")
        t.refuses(lambda: chat.channel("messaging", t.id("missing")).delete(), "a missing channel", status=404, code=16)
