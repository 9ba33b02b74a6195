import jwt


def travel(t, api):
    client = api.client

    def one(id, **options):
        return next(iter(client.query_users({"id": id}, **options)["users"]), None)

    john, jane = api.users(t, "john", "jane")

    with t.step("replaces and merges"):
        client.upsert_user({"id": john, "name": "John", "color": "red"})
        client.upsert_user({"id": john, "size": 3})
        found = one(john)
        t.equal((found.get("name"), found.get("color"), found.get("size")), (None, None, 3), "an upsert replaces")
        client.update_user_partial({"id": john, "set": {"name": "Johnny", "color": "blue"}, "unset": ["size"]})
        found = one(john)
        t.equal((found.get("name"), found.get("color"), found.get("size")), ("Johnny", "blue", None), "a partial update merges")

    with t.step("deactivates and reactivates"):
        [gone] = api.users(t, "gone")
        t.ok(client.deactivate_user(gone, mark_messages_deleted=True)["user"].get("deactivated_at"), "the time")
        t.equal(one(gone), None, "the user is not listed")
        t.equal(client.reactivate_user(gone)["user"]["id"], gone, "the user is active again")
        t.refuses(lambda: client.reactivate_user(gone), "once more", status=400, says="is not deactivated")
        api.task(t, client.deactivate_users([gone])["task_id"])
        t.equal(one(gone), None, "in a batch")

    with t.step("deletes and restores"):
        first, soft, hard = api.users(t, "first", "soft", "hard")
        t.equal(client.delete_user(first)["user"]["id"], first, "one user by the older path")
        t.equal(one(first), None, "the user is not listed")
        api.task(t, client.delete_users([soft], "soft")["task_id"])
        t.equal(one(soft), None, "a soft delete")
        client.restore_users([soft])
        t.equal(one(soft)["id"], soft, "it is undone")
        api.task(t, client.delete_users([hard], "hard", conversations="hard", messages="hard")["task_id"])
        t.equal(one(hard), None, "a hard delete")

    with t.step("exports"):
        channel = api.channel(t, [jane])
        api.send(channel, jane, "export me")
        data = client.export_user(jane)
        t.equal((data["user"]["id"], [message["text"] for message in data["messages"]]), (jane, ["export me"]), "a user")
        t.ok(client.export_users([jane])["task_id"], "a task for several")

    with t.step("makes guests"):
        id = t.id("guest")
        response = client.set_guest_user({"id": id, "name": "Guest"})
        t.includes(response["user"]["id"], id, "the id")
        t.equal(response["user"]["role"], "guest", "the role")
        claims = jwt.decode(response["access_token"], options={"verify_signature": False})
        t.equal(claims["user_id"], response["user"]["id"], "the token")

    with t.step("blocks"):
        client.block_user(jane, john)
        blocks = client.get_blocked_users(john)["blocks"]
        t.equal([(each["user_id"], each["blocked_user_id"]) for each in blocks], [(john, jane)], "the blocked users")
        client.unblock_user(jane, john)
        t.equal(client.get_blocked_users(john)["blocks"], [], "none is left")

    with t.step("keeps devices"):
        id = t.id("device")
        client.add_device(id, "apn", john)
        t.equal([device["id"] for device in client.get_devices(john)["devices"]], [id], "the devices")
        client.delete_device(id, john)
        t.equal(client.get_devices(john)["devices"], [], "none is left")

    with t.step("revokes tokens"):
        client.revoke_user_token(john, "2024-01-01T00:00:00+00:00")
        t.includes(one(john).get("revoke_tokens_issued_before") or "", "2024-01-01T00:00:00", "in a later read")
        client.revoke_user_token(john, None)
        t.ok(not one(john).get("revoke_tokens_issued_before"), "taken back")

    with t.step("sends custom events"):
        response = client.send_user_custom_event(jane, {"type": "friendship_request", "text": "hi"})
        t.equal(response.status_code(), 201, "the status")
