def travel(t, api):
    chat = api.chat
    name, command = t.id("type"), t.id("command")
    required = {"automod": "disabled", "automod_behavior": "flag", "max_message_length": 500}

    with t.step("keeps commands"):
        chat.create_command(name=command, description="Does things", args="[thing]")
        found = chat.get_command(name=command).data
        t.equal((found.name, found.description, found.args), (command, "Does things", "[thing]"), "the command")
        chat.update_command(name=command, description="Does more")
        t.equal(chat.get_command(name=command).data.description, "Does more", "the update")
        t.includes([each.name for each in chat.list_commands().data.commands], command, "the list")

    with t.step("keeps types"):
        chat.create_channel_type(name=name, **required, typing_events=False, commands=[command])
        found = chat.get_channel_type(name=name).data
        t.equal((found.name, found.max_message_length, found.typing_events), (name, 500, False), "the type")
        t.equal([each.name for each in found.commands], [command], "its commands are objects")
        updated = chat.update_channel_type(name=name, **{**required, "max_message_length": 300}, commands=["giphy"]).data
        t.equal((updated.max_message_length, updated.commands), (300, ["giphy"]), "an update gives strings")
        t.equal(chat.get_channel_type(name=name).data.typing_events, False, "what was not named stays")
        t.includes(chat.list_channel_types().data.channel_types, name, "the list")
        t.refuses(lambda: chat.create_channel_type(name=name, **required), "a name that is taken", status=400, code=4)

    with t.step("deletes both"):
        chat.delete_channel_type(name=name)
        t.refuses(lambda: chat.get_channel_type(name=name), "the deleted type", status=404, code=16)
        chat.delete_command(name=command)
        t.refuses(lambda: chat.get_command(name=command), "the deleted command", status=404, code=16)
        t.refuses(lambda: chat.delete_channel_type(name="no-such-type"), "a missing type", status=404, code=16)
