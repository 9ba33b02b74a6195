import json
import re
import time

import jwt
import requests

RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT.*Z$")


def travel(t, api):
    client = api.client
    john, jane, kate = (t.id(name) for name in ("john", "jane", "kate"))

    with t.step("upserts users"):
        response = client.upsert_users(
            [
                {"id": john, "name": "John", "role": "admin", "level": 3},
                {"id": jane, "image": "https://example.com/jane.png"},
                {"id": kate},
            ]
        )
        t.equal(response.status_code(), 201, "the status of POST /users")
        users = response["users"]
        t.same_set(users, [john, jane, kate], "the users of the response")
        t.equal(users[john]["role"], "admin", "the role that was set")
        t.equal(users[kate]["role"], "user", "the default role")
        t.equal(users[john].get("level"), 3, "custom data is flat")
        found = client.query_users({"id": {"$in": [john, jane]}}, {"id": 1})["users"]
        t.equal([user["id"] for user in found], sorted([john, jane]), "the users that a query finds, sorted")
        byid = {user["id"]: user for user in found}
        t.equal(byid[john].get("name"), "John", "the name")
        t.ok(RFC_3339.match(byid[john]["created_at"]), "the creation time is RFC 3339")

    def as_user(token):
        return requests.get(
            f"{api.base_url}/users",
            params={"api_key": api.key, "payload": json.dumps({"filter_conditions": {"id": john}})},
            headers={"Authorization": token, "stream-auth-type": "jwt"},
        )

    with t.step("mints user tokens"):
        lasting = client.create_token(john)
        t.equal(jwt.decode(lasting, api.secret, algorithms=["HS256"])["user_id"], john, "the user of the token")
        t.equal(as_user(lasting).status_code, 200, "the token is accepted")
        now = int(time.time())
        expiring = client.create_token(john, exp=now + 60)
        t.equal(jwt.decode(expiring, api.secret, algorithms=["HS256"])["exp"], now + 60, "the expiration")
        t.equal(as_user(expiring).status_code, 200, "the expiring token is accepted")
        refused = as_user(client.create_token(john, exp=now - 100))
        t.equal(refused.status_code, 401, "an expired token is refused")
        t.equal(refused.json()["code"], 40, "the code of an expired token")

    room = t.id("room")
    channel = client.channel("messaging", room, {"members": [john, jane], "topic": "trips"})

    with t.step("creates a channel"):
        state = channel.create(john)
        t.equal(state["channel"]["cid"], f"messaging:{room}", "the cid")
        t.equal(state["channel"]["created_by"]["id"], john, "the creator")
        t.equal(state["channel"].get("topic"), "trips", "custom data is flat")
        t.equal(state["channel"]["member_count"], 2, "the number of members")
        members = channel.query()["members"]
        t.same_set([member["user_id"] for member in members], [john, jane], "the members in a later read")

    with t.step("updates the channel with a message"):
        updated = channel.update({"color": "green"}, {"text": "Kate made it green", "user": {"id": kate}})
        t.equal(updated["channel"].get("color"), "green", "the new custom data")
        t.excludes(updated["channel"], "topic", "an update replaces custom data")
        t.equal(updated["message"]["text"], "Kate made it green", "the message")
        state = channel.query()
        t.equal([message["user"]["id"] for message in state["messages"]], [kate], "the author in a later read")
        t.ok(RFC_3339.match(state["channel"]["last_message_at"]), "the time of the last message")

    with t.step("adds members and moderators"):

        def roles(response):
            return {member["user_id"]: member["channel_role"] for member in response["members"]}

        t.includes(roles(channel.add_members([kate])), kate, "the new member")
        t.equal(roles(channel.add_moderators([kate])).get(kate), "channel_moderator", "the role of the moderator")
        t.equal(roles(channel.demote_moderators([kate])).get(kate), "channel_member", "the role after the demotion")
        found = channel.query_members({"user_id": {"$in": [kate, jane]}}, [{"created_at": 1}])
        t.same_set([member["user_id"] for member in found], [kate, jane], "a query of members")
        channel.remove_members([kate])
        t.same_set(roles(channel.query()), [john, jane], "the members after the removal")

    with t.step("sends a message with an attachment and custom data"):
        response = channel.send_message(
            {
                "text": "@Jane, the photos are here",
                "mentioned_users": [jane],
                "attachments": [
                    {"type": "image", "thumb_url": "https://example.com/trip.jpg", "myCustomField": 123}
                ],
                "anotherCustomField": 234,
            },
            john,
        )
        t.ok(response.rate_limit().limit > 0, "a rate limit is reported")
        message = client.get_message(response["message"]["id"])["message"]
        t.equal(message["text"], "@Jane, the photos are here", "the text")
        t.equal(message["user"]["id"], john, "the author")
        attachment = message["attachments"][0]
        t.equal(attachment.get("thumb_url"), "https://example.com/trip.jpg", "the attachment")
        t.equal(attachment.get("myCustomField"), 123, "custom data of the attachment is flat")
        t.equal(message.get("anotherCustomField"), 234, "custom data of the message is flat")
        t.equal([user["id"] for user in message["mentioned_users"]], [jane], "the mention")
        t.refuses(lambda: client.get_message(t.id("missing")), "a missing message", status=404, code=16)

    with t.step("changes app settings"):
        client.update_app_settings(enforce_unique_usernames="app")
        t.equal(client.get_app_settings()["app"]["enforce_unique_usernames"], "app", "the setting in a later read")
        client.upsert_user({"id": jane, "name": "Jane alone"})
        t.refuses(
            lambda: client.upsert_user({"id": kate, "name": "Jane alone"}), "a name that is taken", status=400, code=6
        )
        client.update_app_settings(enforce_unique_usernames="no")
