from getstream.models import QueryBannedUsersPayload, QueryFutureChannelBansPayload, QueryMembersPayload, QueryUsersPayload


def travel(t, api):
    client, chat, moderation = api.client, api.chat, api.moderation
    mod, bad = api.users(t, "mod", "bad")
    channel = api.channel(t, [mod, bad])
    cid = f"messaging:{channel.channel_id}"

    def bans(**conditions):
        return chat.query_banned_users(payload=QueryBannedUsersPayload(filter_conditions=conditions)).data.bans

    def user():
        return client.query_users(payload=QueryUsersPayload(filter_conditions={"id": bad})).data.users[0]

    with t.step("bans a user from the app"):
        moderation.ban(target_user_id=bad, banned_by_id=mod, reason="spam", timeout=30)
        t.equal(user().banned, True, "the user is banned")
        [ban] = bans(user_id=bad)
        t.equal((ban.user.id, ban.banned_by.id, ban.reason), (bad, mod, "spam"), "the ban")
        t.ok(1740 < (ban.expires - ban.created_at).total_seconds() < 1860, "it lasts half an hour")
        t.equal(len(bans(user_id=bad, reason={"$autocomplete": "spa"})), 1, "by reason")
        t.equal(len(bans(banned_by_id=mod)), 1, "by who banned")

    with t.step("bans again, and lifts the ban"):
        moderation.ban(target_user_id=bad, banned_by_id=mod, reason="worse")
        t.equal([ban.reason for ban in bans(user_id=bad)], ["worse"], "the ban is replaced")
        moderation.unban(target_user_id=bad, unbanned_by_id=mod)
        t.equal(user().banned, False, "the user is not banned")
        t.equal(bans(user_id=bad), [], "no ban is left")

    with t.step("bans a user from a channel"):
        moderation.ban(target_user_id=bad, banned_by_id=mod, channel_cid=cid)
        t.equal(user().banned, False, "the user is not banned from the app")
        [ban] = bans(channel_cid=cid)
        t.equal((ban.user.id, ban.channel.cid), (bad, cid), "the ban of the channel")
        payload = QueryMembersPayload(type="messaging", id=channel.channel_id, filter_conditions={"banned": True})
        found = chat.query_members(payload=payload).data.members
        t.equal([member.user_id for member in found], [bad], "the banned members")
        moderation.unban(target_user_id=bad, channel_cid=cid)
        t.equal(bans(channel_cid=cid), [], "no ban is left")

    with t.step("bans a user in the shadow"):
        moderation.ban(target_user_id=bad, banned_by_id=mod, shadow=True)
        t.equal((user().banned, user().shadow_banned), (False, True), "the user does not notice")
        t.equal([ban.shadow for ban in bans(user_id=bad)], [True], "the ban says so")
        hidden = api.send(channel, bad, "hidden")
        t.equal(chat.get_message(id=hidden.id).data.message.shadowed, True, "the message is hidden")
        moderation.unban(target_user_id=bad)
        t.equal(chat.get_message(id=api.send(channel, bad, "seen").id).data.message.shadowed, False, "the next one is not")

    with t.step("deletes the messages of a banned user"):
        message = api.send(channel, bad, "spam, spam")
        moderation.ban(target_user_id=bad, banned_by_id=mod, delete_messages="soft")

        def deleted():
            return chat.get_message(id=message.id).data.message.type == "deleted"

        t.until(deleted, "the message is deleted")
        moderation.unban(target_user_id=bad)

    with t.step("lists future channel bans"):
        payload = QueryFutureChannelBansPayload(user_id=mod)
        t.equal(chat.query_future_channel_bans(payload=payload).data.bans, [], "a list, and not null")
