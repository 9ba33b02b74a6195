"""Older forms that published v1 clients still send, and that no document lists."""


def travel(t, api):
    john, jane, kate = (t.id(name) for name in ("john", "jane", "kate"))
    api.post("/users", {"users": {id: {"id": id} for id in (john, jane, kate)}})
    room = t.id("room")
    path = f"/channels/messaging/{room}"
    api.post(f"{path}/query", {"data": {"created_by": {"id": john}, "members": [john, jane]}})
    message = api.post(f"{path}/message", {"message": {"text": "hello", "user_id": john}})["message"]

    with t.step("mutes by `target_id` and `channel_cid`"):
        body = api.post("/moderation/mute", {"target_id": jane, "user_id": john})
        t.equal(body["mute"]["target"]["id"], jane, "one id as text")
        t.equal(body["own_user"]["id"], john, "the user who muted")
        body = api.post("/moderation/mute", {"target_id": [jane, kate], "user_id": john})
        t.same_set([mute["target"]["id"] for mute in body["mutes"]], [jane, kate], "a list of ids")
        api.post("/moderation/unmute", {"target_id": [jane, kate], "user_id": john})
        body = api.post("/moderation/mute/channel", {"channel_cid": f"messaging:{room}", "user_id": john})
        t.equal(body["channel_mute"]["channel"]["cid"], f"messaging:{room}", "a channel")
        api.post("/moderation/unmute/channel", {"channel_cid": f"messaging:{room}", "user_id": john})

    with t.step("bans by type and id, and lifts the ban by query"):
        ban = {"target_user_id": jane, "type": "messaging", "id": room, "banned_by": {"id": john}}
        api.post("/moderation/ban", ban)
        payload = '{"filter_conditions":{"channel_cid":"messaging:%s"}}' % room
        bans = api.get("/query_banned_users", query={"payload": payload})["bans"]
        t.equal([(found["user"]["id"], found["banned_by"]["id"]) for found in bans], [(jane, john)], "the ban")
        api.delete("/moderation/ban", query={"target_user_id": jane, "type": "messaging", "id": room})
        t.equal(api.get("/query_banned_users", query={"payload": payload})["bans"], [], "no ban is left")

    with t.step("flags and unflags"):
        body = api.post("/moderation/flag", {"target_message_id": message["id"], "user_id": jane})
        t.equal(body["flag"]["target_message_id"], message["id"], "the flag of a message")
        status, _, _ = api.call("POST", "/moderation/unflag", {"target_message_id": message["id"], "user_id": jane})
        t.equal(status, 201, "unflagging")

    with t.step("updates a member by path"):
        body = api.patch(f"{path}/member/{jane}", {"set": {"pinned": True}})
        t.ok(body["channel_member"].get("pinned_at"), "pinning")
        body = api.patch(f"{path}/member", {"set": {"color": "pink"}}, query={"user_id": jane})
        t.equal(body["channel_member"].get("color"), "pink", "the newer form")

    with t.step("reads pinned messages by payload"):
        api.put(f"/messages/{message['id']}", {"set": {"pinned": True, "pin_expires": 60}, "user": {"id": john}})
        body = api.get(f"{path}/pinned_messages", query={"payload": '{"limit":10,"sort":[]}'})
        t.equal([found["id"] for found in body["messages"]], [message["id"]], "the pinned messages")

    with t.step("renders reminders in both forms"):
        other = t.id("reminders")
        data = {"created_by_id": john, "members": [john], "config_overrides": {"user_message_reminders": True}}
        api.post(f"/channels/messaging/{other}/query", {"data": data})
        sent = api.post(f"/channels/messaging/{other}/message", {"message": {"text": "do", "user_id": john}})["message"]
        body = api.post(f"/messages/{sent['id']}/reminders", {"user_id": john})
        t.equal(body.get("message_id"), sent["id"], "flat")
        t.equal(body.get("reminder", {}).get("message_id"), sent["id"], "under `reminder`")

    with t.step("deletes a user by path"):
        body = api.delete(f"/users/{kate}", query={"mark_messages_deleted": "true"})
        t.equal(body["user"]["id"], kate, "the user")
        payload = '{"filter_conditions":{"id":"%s"}}' % kate
        t.equal(api.get("/users", query={"payload": payload})["users"], [], "the user is not listed")

    with t.step("makes a guest by the misspelt path"):
        id = t.id("guest")
        t.ok(id in api.post("/guests", {"user": {"id": id}})["user"]["id"], "the guest")

    with t.step("takes null for absent"):
        body = api.post(path, {"add_members": [jane], "message": None, "data": None})
        t.ok("channel" in body, "a body with nulls")
        api.post(f"{path}/hide", {"user_id": john, "clear_history": None})

    with t.step("responds to the warm-up request"):
        status, _, _ = api.call("GET", "/hi")
        t.ok(status < 500, "without an error of the server")

    with t.step("responds to preflight requests"):
        headers = {
            "Origin": "https://example.com",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization, stream-auth-type, x-stream-client, content-type",
        }
        for target in ("/channels", "/users", "/no/such/path"):
            status, received, _ = api.call("OPTIONS", target, token="", headers=headers)
            t.ok(status in (200, 204), f"{target}: the status")
            t.ok(received.get("Access-Control-Allow-Origin") in ("*", "https://example.com"), f"{target}: the origin")
            allowed = (received.get("Access-Control-Allow-Headers") or "").lower()
            t.includes(allowed, "authorization", f"{target}: the headers")
