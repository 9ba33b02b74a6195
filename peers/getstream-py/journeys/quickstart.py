import datetime
import json
import time

import httpx
import jwt
from getstream.models import (
    Attachment,
    ChannelInput,
    ChannelInputRequest,
    ChannelMemberRequest,
    MessageRequest,
    QueryMembersPayload,
    QueryUsersPayload,
    UserRequest,
)


def travel(t, api):
    client, chat = api.client, api.chat
    john, jane, kate = (t.id(name) for name in ("john", "jane", "kate"))

    with t.step("upserts users"):
        response = client.upsert_users(
            UserRequest(id=john, name="John", role="admin", custom={"level": 3, "nested": {"deep": ["a"]}}),
            UserRequest(id=jane, image="https://example.com/jane.png"),
            UserRequest(id=kate),
        )
        t.equal(response.status_code(), 201, "the status of UpdateUsers")
        users = response.data.users
        t.same_set(users, [john, jane, kate], "the users of the response")
        t.equal(users[john].role, "admin", "the role that was set")
        t.equal(users[kate].role, "user", "the default role")
        t.equal(users[john].custom, {"level": 3, "nested": {"deep": ["a"]}}, "custom data")
        payload = QueryUsersPayload(filter_conditions={"id": {"$in": [john, jane]}})
        found = {user.id: user for user in client.query_users(payload=payload).data.users}
        t.same_set(found, [john, jane], "the users that a query finds")
        t.equal(found[john].name, "John", "the name")
        age = datetime.datetime.now(datetime.timezone.utc) - found[john].created_at
        t.ok(abs(age.total_seconds()) < 3600, "the creation time is about now")

    def as_user(token):
        payload = json.dumps({"filter_conditions": {"id": john}})
        return httpx.get(
            f"{api.base_url}/api/v2/users",
            params={"api_key": api.key, "payload": payload},
            headers={"Authorization": token, "stream-auth-type": "jwt"},
        )

    with t.step("mints user tokens"):
        lasting = client.create_token(john)
        claims = jwt.decode(lasting, api.secret, algorithms=["HS256"])
        t.equal(claims["user_id"], john, "the user of the token")
        t.excludes(claims, "exp", "a token without expiration")
        t.equal(as_user(lasting).status_code, 200, "the token is accepted")
        expiring = client.create_token(john, expiration=60)
        left = jwt.decode(expiring, api.secret, algorithms=["HS256"])["exp"] - time.time()
        t.ok(0 < left <= 60, "the token expires within a minute")
        t.equal(as_user(expiring).status_code, 200, "the expiring token is accepted")
        refused = as_user(client.create_token(john, expiration=-1000))
        t.equal(refused.status_code, 401, "an expired token is refused")
        t.equal(refused.json()["code"], 40, "the code of an expired token")

    room = t.id("room")
    channel = chat.channel("messaging", room)

    with t.step("creates a channel"):
        members = [ChannelMemberRequest(user_id=john), ChannelMemberRequest(user_id=jane)]
        state = channel.get_or_create(
            data=ChannelInput(created_by_id=john, members=members, custom={"topic": "trips"})
        ).data
        t.equal(state.channel.cid, f"messaging:{room}", "the cid")
        t.equal(state.channel.created_by.id, john, "the creator")
        t.equal(state.channel.custom, {"topic": "trips"}, "custom data")
        t.equal(state.channel.member_count, 2, "the number of members")
        t.same_set([member.user_id for member in state.members], [john, jane], "the members")
        t.equal(state.messages, [], "no messages yet")

    with t.step("updates the channel with a message"):
        updated = channel.update(
            data=ChannelInputRequest(custom={"color": "green"}),
            message=MessageRequest(text="Kate made it green", user_id=kate),
        ).data
        t.equal(updated.channel.custom, {"color": "green"}, "the new custom data")
        t.equal(updated.message.text, "Kate made it green", "the message")
        state = channel.get_or_create().data
        t.equal(state.channel.custom, {"color": "green"}, "custom data in a later read")
        t.equal([message.user.id for message in state.messages], [kate], "the author in a later read")
        t.ok(isinstance(state.channel.last_message_at, datetime.datetime), "the time of the last message")

    with t.step("adds members and moderators"):

        def roles(members):
            return {member.user_id: member.channel_role for member in members}

        added = channel.update(add_members=[ChannelMemberRequest(user_id=kate)]).data
        t.includes(roles(added.members), kate, "the new member")
        promoted = channel.update(add_moderators=[kate]).data
        t.equal(roles(promoted.members).get(kate), "channel_moderator", "the role of the moderator")
        demoted = channel.update(demote_moderators=[kate]).data
        t.equal(roles(demoted.members).get(kate), "channel_member", "the role after the demotion")
        payload = QueryMembersPayload(type="messaging", id=room, filter_conditions={"user_id": kate})
        found = chat.query_members(payload=payload).data
        t.equal([member.user_id for member in found.members], [kate], "a query of members")
        channel.update(remove_members=[kate])
        t.same_set(roles(channel.get_or_create().data.members), [john, jane], "the members after the removal")

    with t.step("sends a message with an attachment and custom data"):
        response = channel.send_message(
            message=MessageRequest(
                text="@Jane, the photos are here",
                user_id=john,
                mentioned_users=[jane],
                attachments=[
                    Attachment(
                        type="image",
                        image_url="https://example.com/trip.jpg",
                        custom={"myCustomField": 123},
                    )
                ],
                custom={"anotherCustomField": 234},
            )
        )
        t.equal(response.status_code(), 201, "the status of SendMessage")
        t.ok(response.rate_limit().limit > 0, "a rate limit is reported")
        message = chat.get_message(id=response.data.message.id).data.message
        t.equal(message.text, "@Jane, the photos are here", "the text")
        t.equal(message.attachments[0].image_url, "https://example.com/trip.jpg", "the attachment")
        t.equal(message.attachments[0].custom, {"myCustomField": 123}, "custom data of the attachment")
        t.equal(message.custom, {"anotherCustomField": 234}, "custom data of the message")
        t.equal([user.id for user in message.mentioned_users], [jane], "the mention")
        t.refuses(lambda: chat.get_message(id=t.id("missing")), "a missing message", status=404, code=16)

    with t.step("changes app settings"):
        client.update_app(enforce_unique_usernames="app")
        t.equal(client.get_app().data.app.enforce_unique_usernames, "app", "the setting in a later read")
        client.upsert_users(UserRequest(id=jane, name="Jane herself"))
        t.refuses(
            lambda: client.upsert_users(UserRequest(id=kate, name="Jane herself")),
            "a name that is taken",
            status=400,
            code=6,
        )
        client.update_app(enforce_unique_usernames="no")
        t.equal(client.get_app().data.app.enforce_unique_usernames, "no", "the setting is back")
