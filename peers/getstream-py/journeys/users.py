import httpx
import jwt
from getstream.models import (
    QueryUsersPayload,
    SortParamRequest,
    UpdateUserPartialRequest,
    UserCustomEventRequest,
    UserRequest,
)


def travel(t, api):
    client, chat = api.client, api.chat

    def find(conditions, **options):
        payload = QueryUsersPayload(filter_conditions=conditions, **options)
        return client.query_users(payload=payload).data.users

    def one(id, **options):
        return next(iter(find({"id": id}, **options)), None)

    john, jane = api.users(t, "john", "jane")

    with t.step("replaces and merges"):
        client.upsert_users(UserRequest(id=john, name="John", custom={"color": "red"}))
        client.upsert_users(UserRequest(id=john, custom={"size": 3}))
        t.equal((one(john).name, one(john).custom), (None, {"size": 3}), "an upsert replaces")
        update = UpdateUserPartialRequest(id=john, set={"name": "Johnny", "color": "blue"}, unset=["size"])
        client.update_users_partial(users=[update])
        t.equal((one(john).name, one(john).custom), ("Johnny", {"color": "blue"}), "a partial update merges")

    with t.step("queries"):
        ids = [t.id(name) for name in ("a", "b", "c")]
        client.upsert_users(*[UserRequest(id=id, name=f"Query {id}", custom={"group": t.name}) for id in ids])
        sort = [SortParamRequest(field="id", direction=-1)]
        t.equal([user.id for user in find({"group": t.name}, sort=sort)], ids[::-1], "by custom data, sorted")
        t.equal([user.id for user in find({"group": t.name}, sort=sort, limit=1, offset=1)], [ids[1]], "a page")
        t.equal(len(find({"name": {"$autocomplete": "query"}, "group": t.name})), 3, "by the beginning of the name")

    with t.step("deactivates and reactivates"):
        [gone] = api.users(t, "gone")
        t.ok(client.deactivate_user(user_id=gone).data.user.deactivated_at, "the time")
        t.equal(one(gone), None, "the user is not listed")
        t.equal(one(gone, include_deactivated_users=True).id, gone, "unless deactivated ones are asked for")
        t.equal(client.reactivate_user(user_id=gone, name="Back").data.user.name, "Back", "the user is active again")
        t.refuses(lambda: client.reactivate_user(user_id=gone), "once more", status=400, says="is not deactivated")
        api.task(t, client.deactivate_users(user_ids=[gone]).data.task_id)
        t.equal(one(gone), None, "in a batch")

    with t.step("deletes and restores"):
        soft, hard = api.users(t, "soft", "hard")
        api.task(t, client.delete_users(user_ids=[soft], user="soft").data.task_id)
        t.equal(one(soft), None, "a soft delete")
        client.restore_users(user_ids=[soft])
        t.equal(one(soft).id, soft, "it is undone")
        api.task(t, client.delete_users(user_ids=[hard], user="hard", messages="hard").data.task_id)
        t.equal(one(hard), None, "a hard delete")
        t.refuses(lambda: client.restore_users(user_ids=[hard]), "undoing that")

    with t.step("exports"):
        channel = api.channel(t, [jane])
        api.send(channel, jane, "export me")
        data = client.export_user(user_id=jane).data
        t.equal((data.user.id, [message.text for message in data.messages]), (jane, ["export me"]), "a user")
        task = api.task(t, client.export_users(user_ids=[jane]).data.task_id)
        t.includes(httpx.get(task.result["url"]).text, jane, "the file of a task")

    with t.step("makes guests"):
        id = t.id("guest")
        guest = client.create_guest(user=UserRequest(id=id, name="Guest")).data
        t.includes(guest.user.id, id, "the id")
        t.equal(guest.user.role, "guest", "the role")
        claims = jwt.decode(guest.access_token, options={"verify_signature": False})
        t.equal(claims["user_id"], guest.user.id, "the token")

    with t.step("blocks"):
        client.block_users(blocked_user_id=jane, user_id=john)
        blocks = client.get_blocked_users(user_id=john).data.blocks
        t.equal([(each.user_id, each.blocked_user_id) for each in blocks], [(john, jane)], "the blocked users")
        t.equal(one(john).blocked_user_ids, [jane], "those of the user")
        client.unblock_users(blocked_user_id=jane, user_id=john)
        t.equal(client.get_blocked_users(user_id=john).data.blocks, [], "none is left")

    with t.step("keeps devices"):
        client.create_device(id="phone-of-john", push_provider="firebase", user_id=john)
        devices = client.list_devices(user_id=john).data.devices
        t.equal([(each.id, each.push_provider) for each in devices], [("phone-of-john", "firebase")], "the devices")
        client.delete_device(id="phone-of-john", user_id=john)
        t.equal(client.list_devices(user_id=john).data.devices, [], "none is left")

    with t.step("sends custom events"):
        event = UserCustomEventRequest(type="friendship_request", custom={"text": "hi"})
        t.equal(chat.send_user_custom_event(user_id=jane, event=event).status_code(), 201, "the status")
