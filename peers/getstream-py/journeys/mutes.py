from getstream.models import QueryUsersPayload


def travel(t, api):
    client, chat, moderation = api.client, api.chat, api.moderation
    john, loud, noisy = api.users(t, "john", "loud", "noisy")
    channel = api.channel(t, [john, loud])
    cid = f"messaging:{channel.channel_id}"

    def muted_users():
        payload = QueryUsersPayload(filter_conditions={"id": john})
        return [mute.target.id for mute in client.query_users(payload=payload).data.users[0].mutes]

    def listed(muted):
        found = chat.query_channels(filter_conditions={"cid": cid, "muted": muted}, user_id=john).data.channels
        return len(found)

    with t.step("mutes users"):
        response = moderation.mute(target_ids=[loud, noisy], user_id=john, timeout=10).data
        t.same_set([mute.target.id for mute in response.mutes], [loud, noisy], "the mutes of the response")
        t.ok(all(mute.expires > mute.created_at for mute in response.mutes), "they expire")
        t.same_set(muted_users(), [loud, noisy], "in a later read")
        response = moderation.mute(target_ids=[loud], user_id=john).data
        t.equal([mute.expires for mute in response.mutes], [None], "a mute without a timeout replaces the one with")
        moderation.unmute(target_ids=[loud], user_id=john)
        t.equal(muted_users(), [noisy], "one is left")
        moderation.unmute(target_ids=[noisy], user_id=john)
        t.equal(muted_users(), [], "none is left")

    with t.step("mutes a channel"):
        response = chat.mute_channel(channel_cids=[cid], user_id=john).data
        t.equal((response.channel_mute.channel.cid, response.channel_mute.user.id), (cid, john), "the mute")
        t.equal(response.channel_mute.expires, None, "it does not expire")
        t.equal((listed(True), listed(False)), (1, 0), "the filter `muted`")
        api.send(channel, loud, "unheard")
        t.equal(chat.unread_counts(user_id=john).data.total_unread_count, 0, "its messages are not unread")
        chat.unmute_channel(channel_cids=[cid], user_id=john)
        t.equal((listed(True), listed(False)), (0, 1), "the filter after unmuting")
        t.refuses(
            lambda: chat.mute_channel(channel_cids=["messaging:missing"], user_id=john),
            "a missing channel",
            status=400,
            code=4,
            says="some channels do not exist or were deleted",
        )
