def travel(t, api):
    client = api.client
    name, command = t.id("type"), t.id("command")

    with t.step("keeps commands"):
        client.create_command({"name": command, "description": "Does things"})
        t.equal(client.get_command(command)["description"], "Does things", "the command")
        client.update_command(command, description="Does more")
        t.equal(client.get_command(command)["description"], "Does more", "the update")
        t.includes([each["name"] for each in client.list_commands()["commands"]], command, "the list")

    with t.step("keeps types"):
        created = client.create_channel_type({"name": name, "commands": ["all"]})
        t.includes(created["commands"], "giphy", "`all` stands for the built-in commands")
        client.update_channel_type(name, max_message_length=300, commands=["unban", command])
        found = client.get_channel_type(name)
        t.equal(found["max_message_length"], 300, "the update")
        t.same_set([each["name"] for each in found["commands"]], ["unban", command], "its commands are objects")
        t.includes(client.list_channel_types()["channel_types"], name, "the list")

    with t.step("deletes both"):
        client.delete_channel_type(name)
        t.refuses(lambda: client.get_channel_type(name), "the deleted type", status=404, code=16)
        client.delete_command(command)
        t.refuses(lambda: client.get_command(command), "the deleted command", status=404, code=16)
