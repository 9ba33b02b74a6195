"""The same steps on the v2 paths, written by hand."""


def travel(t, api):
    john, jane = t.id("john"), t.id("jane")
    room = t.id("room")
    path = f"/api/v2/chat/channels/messaging/{room}"

    with t.step("upserts users"):
        users = {id: {"id": id, "custom": {"level": 3}} for id in (john, jane)}
        status, _, body = api.call("POST", "/api/v2/users", {"users": users})
        t.equal(status, 201, "the status")
        t.equal(body["users"][john]["custom"], {"level": 3}, "custom data is nested")
        t.ok(isinstance(body["users"][john]["created_at"], int), "times are integers")
        t.ok(body["users"][john]["created_at"] > 10**18, "in nanoseconds")

    with t.step("creates a channel"):
        members = [{"user_id": john}, {"user_id": jane}]
        data = {"created_by_id": john, "members": members, "custom": {"name": "Trips"}}
        body = api.post(f"{path}/query", {"data": data})
        t.equal(body["channel"]["custom"], {"name": "Trips"}, "custom data is nested")
        t.equal(body["channel"]["member_count"], 2, "the number of members")

    with t.step("updates the channel with a message"):
        body = api.post(path, {"data": {"custom": {"color": "green"}}, "message": {"text": "green", "user_id": john}})
        t.equal(body["channel"]["custom"], {"color": "green"}, "custom data")
        t.equal(body["message"]["text"], "green", "the message")

    with t.step("sends and reads a message"):
        body = api.post(f"{path}/message", {"message": {"text": "hello", "user_id": jane, "custom": {"a": [1, None]}}})
        id = body["message"]["id"]
        read = api.get(f"/api/v2/chat/messages/{id}")["message"]
        t.equal(read["text"], "hello", "the text")
        t.equal(read["custom"], {"a": [1, None]}, "custom data, null and all")
        state = api.post(f"{path}/query", {"messages": {"limit": 1}})
        t.equal([message["id"] for message in state["messages"]], [id], "the newest message alone")

    with t.step("accepts null as an empty body"):
        status, _, body = api.call("POST", f"{path}/query", raw=b"null")
        t.equal(status, 201, "the status")
        t.equal(body["channel"]["id"], room, "the channel")

    with t.step("updates a user partially"):
        body = api.patch(
            "/api/v2/users",
            {"users": [{"id": john, "set": {"color": "red", "privacy_settings": {"typing_indicators": {"enabled": False}}}, "unset": ["level"]}]},
        )
        user = body["users"][john]
        t.equal(user["custom"], {"color": "red"}, "custom data")
        t.equal(user["privacy_settings"]["typing_indicators"]["enabled"], False, "a nested setting")

    with t.step("deletes the users"):
        task = api.post("/api/v2/users/delete", {"user_ids": [john, jane], "user": "hard"})["task_id"]

        def completed():
            return api.get(f"/api/v2/tasks/{task}")["status"] == "completed"

        t.until(completed, "the task completes")
        payload = '{"filter_conditions":{"id":{"$in":["%s","%s"]}}}' % (john, jane)
        t.equal(api.get("/api/v2/users", query={"payload": payload})["users"], [], "they are gone")
