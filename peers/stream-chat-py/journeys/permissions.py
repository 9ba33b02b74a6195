def travel(t, api):
    client = api.client

    with t.step("keeps permissions"):
        t.includes([each["id"] for each in client.list_permissions()["permissions"]], "create-channel", "built-in ones")
        id = t.id("permission")
        permission = {
            "id": id,
            "name": "Mine",
            "action": "DeleteChannel",
            "owner": False,
            "same_team": True,
            "condition": {"$subject.magic_custom_field": {"$eq": "true"}},
        }
        client.create_permission(permission)
        found = client.get_permission(id)["permission"]
        t.equal((found["id"], found["action"], found["custom"], found["owner"]), (id, "DeleteChannel", True, False), "a custom one")
        client.update_permission(id, {**permission, "owner": True})
        t.equal(client.get_permission(id)["permission"]["owner"], True, "the update")
        client.delete_permission(id)
        t.refuses(lambda: client.get_permission(id), "the deleted one", status=404, code=16)

    with t.step("keeps roles"):
        name = t.id("role")
        client.create_role(name)
        t.includes([role["name"] for role in client.list_roles()["roles"]], name, "the list")
        client.delete_role(name)
        t.excludes([role["name"] for role in client.list_roles()["roles"]], name, "it is deleted")
