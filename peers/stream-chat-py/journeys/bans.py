def travel(t, api):
    client = api.client
    mod, bad = api.users(t, "mod", "bad")
    channel = api.channel(t, [mod, bad])

    def bans(**conditions):
        return client.query_banned_users({"filter_conditions": conditions})["bans"]

    def user():
        return client.query_users({"id": bad})["users"][0]

    with t.step("bans a user from the app"):
        client.ban_user(bad, banned_by_id=mod, reason="spam", timeout=60)
        t.equal(user()["banned"], True, "the user is banned")
        [ban] = bans(user_id=bad)
        t.equal((ban["user"]["id"], ban["banned_by"]["id"], ban["reason"]), (bad, mod, "spam"), "the ban")
        t.ok(ban["expires"] > ban["created_at"], "it has an end, in RFC 3339")
        found = client.query_banned_users({"filter_conditions": {"reason": "spam", "user_id": bad}})["bans"]
        t.equal(len(found), 1, "by the reason")
        client.unban_user(bad, banned_by_id=mod)
        t.equal((user()["banned"], bans(user_id=bad)), (False, []), "no ban is left")

    with t.step("bans a user from a channel"):
        channel.ban_user(bad, banned_by_id=mod, reason="rude")
        t.equal(user()["banned"], False, "the user is not banned from the app")
        [ban] = bans(channel_cid=channel.cid)
        t.equal((ban["user"]["id"], ban["channel"]["cid"]), (bad, channel.cid), "the ban of the channel")
        found = channel.query_members({"banned": True})
        t.equal([member["user_id"] for member in found], [bad], "the banned members")
        channel.unban_user(bad)
        t.equal(bans(channel_cid=channel.cid), [], "no ban is left")

    with t.step("bans in the shadow"):
        before = api.send(channel, bad, "before")
        client.shadow_ban(bad, banned_by_id=mod)
        hidden = api.send(channel, bad, "hidden")
        t.equal(hidden["shadowed"], False, "the author is not told")
        t.equal(client.get_message(before["id"])["message"]["shadowed"], False, "an older message is not hidden")
        t.equal(client.get_message(hidden["id"])["message"]["shadowed"], True, "a newer one is")
        client.remove_shadow_ban(bad, banned_by_id=mod)
        seen = api.send(channel, bad, "seen")
        t.equal(client.get_message(seen["id"])["message"]["shadowed"], False, "the next one is not")

    with t.step("lists future channel bans"):
        t.equal(client.query_future_channel_bans(user_id=mod)["bans"], [], "a list, and not null")
