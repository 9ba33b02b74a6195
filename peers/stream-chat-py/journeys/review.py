def travel(t, api):
    client = api.client
    bad, john = api.users(t, "bad", "john")
    channel = api.channel(t, [bad, john])
    message = api.send(channel, bad, "buy my stuff")

    with t.step("flags a message"):
        flag = client.flag_message(message["id"], user_id=john)["flag"]
        t.equal((flag["target_message_id"], flag["user"]["id"]), (message["id"], john), "the flag")
        flags = client.query_message_flags({"channel_cid": channel.cid})["flags"]
        t.equal([found["message"]["id"] for found in flags], [message["id"]], "by channel")
        flags = client.query_message_flags({"user_id": bad})["flags"]
        t.equal([found["message"]["id"] for found in flags], [message["id"]], "by author")
        t.equal(client.unflag_message(message["id"], user_id=john).status_code(), 201, "unflagging")

    with t.step("flags a user"):
        flag = client.flag_user(bad, user_id=john)["flag"]
        t.equal((flag["target_user"]["id"], flag["user"]["id"]), (bad, john), "the flag")
        t.equal(client.unflag_user(bad, user_id=john).status_code(), 201, "unflagging")
