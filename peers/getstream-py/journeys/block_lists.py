def travel(t, api):
    client = api.client
    name = t.id("words")

    with t.step("creates a block list"):
        client.create_block_list(name=name, words=["fudge", "cream"], type="word")
        found = client.get_block_list(name=name).data.blocklist
        t.equal((found.name, found.type, found.words), (name, "word", ["fudge", "cream"]), "the list")
        t.includes([each.name for each in client.list_block_lists().data.blocklists], name, "the list of lists")
        t.refuses(lambda: client.create_block_list(name=name, words=["a"]), "a name that is taken", status=400, code=4)
        t.refuses(
            lambda: client.create_block_list(name=t.id("many"), words=["w"] * 10_001), "too many words", status=400, code=4
        )

    with t.step("updates it"):
        client.update_block_list(name=name, words=["sugar"])
        t.equal(client.get_block_list(name=name).data.blocklist.words, ["sugar"], "in a later read")

    with t.step("imports words"):
        id = client.get_block_list(name=name).data.blocklist.id
        task = client.import_block_list(id=id, items=["honey", "syrup"]).data.task_id
        api.task(t, task)
        words = client.get_block_list(name=name).data.blocklist.words
        t.ok({"honey", "syrup"} <= set(words), "the imported words")

    with t.step("deletes it"):
        client.delete_block_list(name=name)
        t.refuses(lambda: client.get_block_list(name=name), "the deleted list", status=404, code=16)
