def travel(t, api):
    client = api.client
    name = t.id("words")

    with t.step("keeps a block list"):
        client.create_blocklist(name=name, words=["fudge", "cream"], type="word")
        found = client.get_blocklist(name)["blocklist"]
        t.equal((found["name"], found["type"], found["words"]), (name, "word", ["fudge", "cream"]), "the list")
        t.includes([each["name"] for each in client.list_blocklists()["blocklists"]], name, "the list of lists")
        t.includes([each["name"] for each in client.list_blocklists()["blocklists"]], "profanity_en_2020_v1", "the built-in one")
        client.update_blocklist(name, words=["sugar"])
        t.equal(client.get_blocklist(name)["blocklist"]["words"], ["sugar"], "the update")
        t.refuses(lambda: client.update_blocklist("profanity_en_2020_v1", words=["sugar"]), "the built-in list", status=400, code=4)
        client.delete_blocklist(name)
        t.refuses(lambda: client.get_blocklist(name), "the deleted list", status=404, code=16)
