from getstream.models import GetDraftResponse


def travel(t, api):
    chat = api.chat
    john, jane = api.users(t, "john", "jane")
    channel = api.channel(t, [john, jane])
    place = {"type": "messaging", "id": channel.channel_id}

    def create(**message):
        # The SDK has no method for it, since the server-side document does not list it.
        path = "/api/v2/chat/channels/{type}/{id}/draft"
        return chat.post(path, GetDraftResponse, path_params=place, json={"message": {"user_id": jane, **message}}).data

    def read(**options):
        return chat.get_draft(**place, user_id=jane, **options).data.draft

    with t.step("keeps drafts"):
        t.equal(create(text="almost").draft.message.text, "almost", "the draft")
        create(text="nearly")
        t.equal(read().message.text, "nearly", "a second one replaces it")
        parent = api.send(channel, john, "a question").id
        create(text="an answer", parent_id=parent)
        t.equal(read(parent_id=parent).message.text, "an answer", "the draft of a thread")
        found = chat.query_drafts(user_id=jane, filter={"channel_cid": {"$in": [f"messaging:{channel.channel_id}"]}})
        t.same_set([draft.message.text for draft in found.data.drafts], ["nearly", "an answer"], "a query")
        t.equal(chat.query_drafts(user_id=john).data.drafts, [], "of someone else")

    with t.step("deletes drafts"):
        chat.delete_draft(**place, user_id=jane, parent_id=parent)
        t.refuses(lambda: read(parent_id=parent), "the deleted draft", status=404, code=16)
        t.equal(read().message.text, "nearly", "the other one stays")
        api.send(channel, jane, "nearly")
        t.refuses(read, "sending the message deletes it", status=404, code=16)
