def travel(t, api):
    chat = api.chat
    john, jane = api.users(t, "john", "jane")
    channel = api.channel(t, [john])
    name = t.id("filter")
    filter = {"members": {"$in": ["{{user_id}}"]}}

    def names():
        return [found.name for found in chat.get_predefined_filters().data.predefined_filters]

    with t.step("keeps a filter"):
        chat.create_predefined_filter(name=name, operation="QueryChannels", filter=filter, description="Mine")
        found = chat.get_predefined_filter(name=name).data.predefined_filter
        t.equal((found.name, found.operation, found.filter), (name, "QueryChannels", filter), "the filter")
        t.includes(names(), name, "the list")

    with t.step("queries with it"):

        def query(user_id):
            channels = chat.query_channels(predefined_filter=name, filter_values={"user_id": user_id}).data.channels
            return [state.channel.id for state in channels]

        t.equal(query(john), [channel.channel_id], "the values are filled in")
        t.equal(query(jane), [], "with another value")

    with t.step("updates and deletes it"):
        other = {"type": "messaging", "created_by_id": "{{user_id}}"}
        chat.update_predefined_filter(name=name, operation="QueryChannels", filter=other)
        t.equal(chat.get_predefined_filter(name=name).data.predefined_filter.filter, other, "the update")
        chat.delete_predefined_filter(name=name)
        t.refuses(lambda: chat.get_predefined_filter(name=name), "the deleted filter", status=404, code=16)
        t.excludes(names(), name, "the list")
