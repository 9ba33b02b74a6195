"""What a user's own token may do."""


def travel(t, api):
    john, jane, kate, admin = (t.id(name) for name in ("john", "jane", "kate", "admin"))
    api.post("/users", {"users": {id: {"id": id} for id in (john, jane, kate)}})
    api.post("/users", {"users": {admin: {"id": admin, "role": "admin"}}})
    tokens = {id: api.user_token(id) for id in (john, jane, kate, admin)}
    room = t.id("room")
    path = f"/channels/messaging/{room}"
    api.post(f"{path}/query", {"data": {"created_by_id": john, "members": [john, jane]}})

    def as_user(id, method, target, body=None):
        status, _, response = api.call(method, target, body, token=tokens[id])
        return status, response.get("code") if isinstance(response, dict) else response

    def send(id, text):
        return api.post(f"{path}/message", {"message": {"text": text}}, token=tokens[id])["message"]

    with t.step("speaks for itself"):
        message = send(john, "hello")
        t.equal(message["user"]["id"], john, "the author is the user of the token")
        t.equal(as_user(john, "POST", f"/messages/{message['id']}", {"message": {"text": "hello!"}})[0], 201, "its own message")
        t.equal(as_user(jane, "POST", f"/messages/{message['id']}", {"message": {"text": "x"}}), (403, 17), "another's message")
        t.equal(as_user(jane, "DELETE", f"/messages/{message['id']}"), (403, 17), "deleting another's message")
        t.equal(as_user(admin, "DELETE", f"/messages/{message['id']}")[0], 200, "as an admin")

    with t.step("stays out of others' channels"):
        t.equal(as_user(kate, "POST", f"{path}/query", {"state": True}), (403, 17), "reading")
        t.equal(as_user(kate, "POST", f"{path}/message", {"message": {"text": "x"}}), (403, 17), "writing")
        body = api.post("/channels", {"filter_conditions": {"id": room}}, token=tokens[jane])
        t.equal([state["channel"]["id"] for state in body["channels"]], [room], "a member lists it")

    with t.step("stays a member"):
        t.equal(as_user(jane, "POST", path, {"add_moderators": [jane]})[0], 403, "promoting oneself")
        t.equal(as_user(jane, "PATCH", path, {"set": {"color": "red"}}), (403, 17), "changing the channel of another")
        t.equal(as_user(john, "PATCH", path, {"set": {"color": "red"}})[0], 200, "changing one's own channel")
        t.equal(as_user(jane, "DELETE", path), (403, 17), "deleting the channel of another")

    with t.step("leaves administration alone"):
        t.equal(as_user(jane, "POST", "/channeltypes", {"name": "mine"})[0], 403, "channel types")
        t.equal(as_user(jane, "PATCH", "/app", {"webhook_url": ""})[0], 403, "app settings")
        t.equal(as_user(jane, "POST", "/users", {"users": {john: {"id": john, "name": "x"}}})[0], 403, "other users")
        t.equal(as_user(jane, "POST", "/users", {"users": {jane: {"id": jane, "role": "admin"}}})[0], 403, "one's own role")
        t.equal(as_user(jane, "POST", "/users/delete", {"user_ids": [john], "user": "soft"})[0], 403, "deleting users")

    with t.step("obeys a ban"):
        api.post("/moderation/ban", {"target_user_id": jane, "banned_by_id": john, "channel_cid": f"messaging:{room}"})
        t.equal(as_user(jane, "POST", f"{path}/message", {"message": {"text": "x"}}), (403, 17), "a banned member")
        api.delete("/moderation/ban", query={"target_user_id": jane, "channel_cid": f"messaging:{room}"})
        t.equal(as_user(jane, "POST", f"{path}/message", {"message": {"text": "x"}})[0], 201, "after the ban")

    with t.step("obeys slow mode"):
        api.post(path, {"cooldown": 60})
        send(jane, "one")
        t.equal(as_user(jane, "POST", f"{path}/message", {"message": {"text": "two"}}), (403, 60), "too soon")
        api.post(path, {"cooldown": 0})

    with t.step("obeys revocation"):
        token = api.sign({"user_id": jane, "iat": 1_700_000_000})
        t.equal(api.call("POST", "/channels", {"filter_conditions": {"id": room}}, token=token)[0], 201, "before")
        set = {"revoke_tokens_issued_before": "2024-01-01T00:00:00Z"}
        api.patch("/users", {"users": [{"id": jane, "set": set}]})
        status, _, _ = api.call("POST", "/channels", {"filter_conditions": {"id": room}}, token=token)
        t.equal(status, 401, "a token that was issued earlier")
        api.patch("/users", {"users": [{"id": jane, "unset": ["revoke_tokens_issued_before"]}]})

    with t.step("obeys a deactivation"):
        api.post(f"/users/{jane}/deactivate", {})
        status, _, body = api.call("POST", f"{path}/message", {"message": {"text": "x"}}, token=tokens[jane])
        t.ok(400 <= status < 500, "the user is refused")
        t.includes(body.get("message", ""), "deactivated", "the reason")
