from getstream.models import Attachment, SearchPayload, SortParamRequest


def travel(t, api):
    chat = api.chat
    john, jane = api.users(t, "john", "jane")
    channel = api.channel(t, [john, jane])
    cid = f"messaging:{channel.channel_id}"
    api.send(channel, john, "a ripe pineapple")
    api.send(channel, jane, "another pineapple, and a melon", custom={"mood": "hungry"})
    api.send(channel, john, "only a melon", attachments=[Attachment(type="image", image_url="https://example.com/m.jpg", custom={})])

    def search(**payload):
        return chat.search(payload=SearchPayload(filter_conditions={"cid": cid}, **payload)).data

    def texts(**payload):
        return [result.message.text for result in search(**payload).results]

    with t.step("searches"):
        t.same_set(texts(query="pineapple"), ["a ripe pineapple", "another pineapple, and a melon"], "by a word")
        t.equal(texts(message_filter_conditions={"text": {"$q": "ripe"}}), ["a ripe pineapple"], "by a filter")
        t.equal(texts(message_filter_conditions={"user.id": jane}), ["another pineapple, and a melon"], "by the author")
        t.equal(texts(message_filter_conditions={"attachments": {"$exists": True}}), ["only a melon"], "with attachments")
        t.equal(texts(message_filter_conditions={"mood": "hungry"}), ["another pineapple, and a melon"], "by custom data")
        t.equal(search(query="ripe").results[0].message.channel.cid, cid, "the channel of a result")

    with t.step("pages"):
        query = {
            "message_filter_conditions": {"text": {"$q": "melon"}},
            "sort": [SortParamRequest(field="created_at", direction=1)],
            "limit": 1,
        }
        first = search(**query)
        t.equal([each.message.text for each in first.results], ["another pineapple, and a melon"], "the oldest")
        t.equal(texts(**query, next=first.next), ["only a melon"], "the next page")

    with t.step("refuses what does not fit together"):
        refused = {"status": 400, "code": 4}
        t.refuses(lambda: search(), "neither a query nor a filter", **refused)
        t.refuses(lambda: search(query="a", message_filter_conditions={"text": "a"}), "both of them", **refused)
        sort = [SortParamRequest(field="created_at", direction=1)]
        t.refuses(lambda: search(query="a", offset=1, sort=sort), "an offset with a sort", **refused)
