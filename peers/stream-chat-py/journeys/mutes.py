def travel(t, api):
    client = api.client
    john, loud, noisy = api.users(t, "john", "loud", "noisy")
    channel = api.channel(t, [john, loud])

    def muted_users():
        return [mute["target"]["id"] for mute in client.query_users({"id": john})["users"][0].get("mutes") or []]

    def listed(muted):
        return len(client.query_channels({"cid": channel.cid, "muted": muted}, user_id=john)["channels"])

    with t.step("mutes users"):
        response = client.mute_user(loud, john)
        t.equal((response["mute"]["target"]["id"], response["mute"]["user"]["id"]), (loud, john), "who mutes whom")
        t.ok(not response["mute"].get("expires"), "without a timeout it has no end")
        response = client.mute_user(loud, john, timeout=10)
        t.ok(response["mute"]["expires"], "a timeout gives it one")
        response = client.mute_users([loud, noisy], john)
        t.same_set([mute["target"]["id"] for mute in response["mutes"]], [loud, noisy], "several at once")
        t.same_set(muted_users(), [loud, noisy], "in a later read")
        client.unmute_user(loud, john)
        t.equal(muted_users(), [noisy], "one is left")
        client.unmute_users([noisy], john)
        t.equal(muted_users(), [], "none is left")

    with t.step("mutes a channel"):
        response = channel.mute(john, expiration=30_000)
        t.equal(response["channel_mute"]["channel"]["cid"], channel.cid, "the muted channel")
        t.equal(response["channel_mute"]["user"]["id"], john, "who muted it")
        t.ok(response["channel_mute"].get("expires"), "its end")
        t.equal((listed(True), listed(False)), (1, 0), "the filter `muted`")
        channel.unmute(john)
        t.equal((listed(True), listed(False)), (0, 1), "the filter after unmuting")
