def travel(t, api):
    client = api.client
    john, jane = api.users(t, "john", "jane")
    channel = api.channel(t, [john, jane])
    for text in ("a ripe pineapple", "another pineapple", "only a melon"):
        api.send(channel, john, text)

    def texts(query, **options):
        results = client.search({"cid": channel.cid}, query, **options)["results"]
        return [result["message"]["text"] for result in results]

    with t.step("searches"):
        t.same_set(texts("pineapple"), ["a ripe pineapple", "another pineapple"], "by a word")
        t.equal(texts({"text": {"$q": "ripe"}}), ["a ripe pineapple"], "by a filter")
        t.equal(texts("melon", limit=2, offset=0), ["only a melon"], "with an offset")
        t.equal(texts("rhubarb"), [], "nothing is found")
        t.equal(texts("apple"), [], "the end of a word")

    with t.step("pages"):
        first = client.search({"cid": channel.cid}, "pineapple", sort=[{"created_at": -1}], limit=1)
        t.equal([each["message"]["text"] for each in first["results"]], ["another pineapple"], "the newest")
        t.equal(texts("pineapple", sort=[{"created_at": -1}], limit=1, next=first["next"]), ["a ripe pineapple"], "the next page")
