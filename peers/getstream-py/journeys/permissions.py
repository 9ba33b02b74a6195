def travel(t, api):
    client = api.client

    with t.step("reads built-in permissions"):
        t.includes([each.id for each in client.list_permissions().data.permissions], "create-channel", "the list")
        found = client.get_permission(id="create-channel").data.permission
        t.equal((found.id, found.action, found.custom), ("create-channel", "CreateChannel", False), "one of them")

    with t.step("keeps custom permissions"):
        id = t.id("permission")
        condition = {"$subject.magic_custom_field": {"$eq": "true"}}
        client.create_permission(id=id, name="Mine", action="DeleteChannel", condition=condition)
        found = client.get_permission(id=id).data.permission
        t.equal((found.action, found.custom, found.condition), ("DeleteChannel", True, condition), "the permission")
        client.update_permission(id=id, name="Mine", action="ReadChannel", condition=condition)
        t.equal(client.get_permission(id=id).data.permission.action, "ReadChannel", "the update")
        t.refuses(
            lambda: client.create_permission(id=id, name="Mine", action="DeleteChannel", condition=condition),
            "an id that is taken",
            status=400,
            code=4,
            says="already exists",
        )
        client.delete_permission(id=id)
        t.refuses(lambda: client.get_permission(id=id), "the deleted permission", status=404, code=16)

    with t.step("keeps roles"):
        name = t.id("role")
        role = client.create_role(name=name).data.role
        t.equal((role.name, role.custom), (name, True), "the role")
        roles = {role.name: role for role in client.list_roles().data.roles}
        t.includes(roles, name, "the list")
        t.equal(roles["user"].custom, False, "a built-in role")
        t.refuses(lambda: client.delete_role(name="user"), "deleting a built-in role", status=400, code=4)
        client.delete_role(name=name)
        t.excludes([role.name for role in client.list_roles().data.roles], name, "it is deleted")
