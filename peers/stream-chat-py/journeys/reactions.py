def travel(t, api):
    client = api.client
    john, jane = api.users(t, "john", "jane")
    channel = api.channel(t, [john, jane])
    id = api.send(channel, john, "react to this")["id"]

    def read():
        return client.get_message(id)["message"]

    with t.step("reacts"):
        response = channel.send_reaction(id, {"type": "love", "skin": 3}, jane)
        t.equal((response["reaction"]["type"], response["reaction"].get("skin")), ("love", 3), "the reaction, flat")
        channel.send_reaction(id, {"type": "love", "score": 5}, jane)
        channel.send_reaction(id, {"type": "clap"}, john)
        t.equal(read()["reaction_counts"], {"love": 1, "clap": 1}, "counts")
        t.equal(read()["reaction_scores"], {"love": 5, "clap": 1}, "scores")
        t.equal(len(read()["latest_reactions"]), 2, "the latest reactions")
        found = channel.get_reactions(id, offset=1)["reactions"]
        t.equal(len(found), 1, "a page")

    with t.step("deletes"):
        channel.delete_reaction(id, "clap", john)
        t.equal([reaction["user_id"] for reaction in channel.get_reactions(id)["reactions"]], [jane], "one is left")
        t.refuses(lambda: channel.delete_reaction(id, "clap", john), "deleting it again", status=404, code=16)
