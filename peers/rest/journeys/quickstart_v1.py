"""The requests of the product's own quick start, as its curl samples write them: v1 paths, flat data."""

import re

RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT.*Z$")


def travel(t, api):
    seetha, viswa, john = "Seetha", "Viswa", t.id("john")

    with t.step("upserts users"):
        users = {id: {"id": id, "role": "user", "nickname": f"{id} the first"} for id in (seetha, viswa, john)}
        status, _, body = api.call("POST", "/users", {"users": users})
        t.equal(status, 201, "the status")
        t.same_set(body["users"], [seetha, viswa, john], "the users of the response")
        t.equal(body["users"][john].get("nickname"), f"{john} the first", "custom data is flat")
        t.ok(RFC_3339.match(str(body["users"][john]["created_at"])), "times are RFC 3339")
        t.ok(re.match(r"[\d.]+m?s$|[\d.]+µs$", body["duration"]), "a duration such as 7.61ms")

    room = t.id("room")
    with t.step("creates a channel"):
        data = {"created_by_id": john, "name": "Founder Chat"}
        status, _, body = api.call("POST", f"/channels/messaging/{room}/query", {"data": data, "state": True})
        t.equal(status, 201, "the status")
        t.equal(body["channel"]["cid"], f"messaging:{room}", "the cid")
        t.equal(body["channel"].get("name"), "Founder Chat", "the name is flat")
        t.equal(body["channel"]["created_by"]["id"], john, "the creator")
        t.equal(body["members"], [], "no members yet")

    with t.step("adds members as plain strings"):
        body = api.post(f"/channels/messaging/{room}", {"add_members": [seetha, viswa]})
        t.same_set([member["user_id"] for member in body["members"]], [seetha, viswa], "the members")
        t.equal(body["channel"]["member_count"], 2, "the number of members")

    with t.step("updates the channel with fields at the top"):
        body = api.post(f"/channels/messaging/{room}", {"name": "myspecialchannel", "color": "green"})
        t.equal(body["channel"].get("name"), "myspecialchannel", "the name")
        t.equal(body["channel"].get("color"), "green", "the color")
        state = api.post(f"/channels/messaging/{room}/query", {"state": True})
        t.equal(state["channel"].get("name"), "myspecialchannel", "the name in a later read")
        t.equal(state["channel"].get("color"), "green", "the color in a later read")
        t.same_set([member["user_id"] for member in state["members"]], [seetha, viswa], "the members stay")

    with t.step("updates the channel with data and a message"):
        body = api.post(
            f"/channels/messaging/{room}",
            {
                "data": {"name": "myspecialchannel", "color": "blue"},
                "message": {"text": "The color is blue now", "user": {"id": john}},
            },
        )
        t.equal(body["channel"].get("color"), "blue", "the color")
        t.equal(body["message"]["text"], "The color is blue now", "the message")

    with t.step("promotes and demotes a moderator"):
        body = api.post(f"/channels/messaging/{room}", {"add_moderators": [viswa]})
        roles = {member["user_id"]: member["channel_role"] for member in body["members"]}
        t.equal(roles.get(viswa), "channel_moderator", "the moderator")
        body = api.post(f"/channels/messaging/{room}", {"demote_moderators": [viswa]})
        roles = {member["user_id"]: member["channel_role"] for member in body["members"]}
        t.equal(roles.get(viswa), "channel_member", "the member")

    with t.step("sends a message with a user object"):
        status, headers, body = api.call(
            "POST",
            f"/channels/messaging/{room}/message",
            {
                "message": {
                    "text": "Hello from the command line",
                    "user": {"id": viswa},
                    "attachments": [{"type": "image", "asset_url": "https://example.com/a.png", "priceTag": 12}],
                    "mood": "good",
                }
            },
        )
        t.equal(status, 201, "the status")
        t.ok(int(headers["X-RateLimit-Limit"]) > 0, "the rate limit header")
        message = body["message"]
        t.equal(message["user"]["id"], viswa, "the author")
        t.equal(message.get("mood"), "good", "custom data is flat")
        t.equal(message["attachments"][0].get("priceTag"), 12, "custom data of the attachment is flat")
        state = api.post(f"/channels/messaging/{room}/query", {"state": True})
        texts = [message["text"] for message in state["messages"]]
        t.equal(texts, ["The color is blue now", "Hello from the command line"], "the messages, oldest first")
        read = api.get(f"/messages/{message['id']}")["message"]
        t.equal(read.get("mood"), "good", "custom data in a later read")
        t.ok(RFC_3339.match(str(read["created_at"])), "times are RFC 3339")

    with t.step("reads as a user"):
        token = api.user_token(viswa)
        body = api.post("/channels", {"filter_conditions": {"members": {"$in": [viswa]}}}, token=token)
        t.equal([state["channel"]["id"] for state in body["channels"]], [room], "the user's channels")
        status, _, body = api.call("POST", "/channels", {}, token=api.user_token(viswa, exp=1_000_000_000))
        t.equal((status, body["code"]), (401, 40), "an expired token")

    with t.step("changes app settings"):
        api.patch("/app", {"enforce_unique_usernames": "team"})
        t.equal(api.get("/app")["app"]["enforce_unique_usernames"], "team", "the setting in a later read")
        api.patch("/app", {"enforce_unique_usernames": "no"})
        t.equal(api.get("/app")["app"]["enforce_unique_usernames"], "no", "the setting is back")

    with t.step("deletes the channel"):
        body = api.delete(f"/channels/messaging/{room}")
        t.equal(body["channel"]["cid"], f"messaging:{room}", "the deleted channel")
        t.ok(RFC_3339.match(str(body["channel"].get("deleted_at"))), "the time of the deletion")
        found = api.post("/channels", {"filter_conditions": {"cid": f"messaging:{room}"}})
        t.equal(found["channels"], [], "it is not found any more")
