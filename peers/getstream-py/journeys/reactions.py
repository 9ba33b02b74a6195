from getstream.models import ReactionRequest, SortParamRequest


def travel(t, api):
    chat = api.chat
    john, jane = api.users(t, "john", "jane")
    channel = api.channel(t, [john, jane])
    id = api.send(channel, john, "react to this").id

    def react(type, user_id, enforce_unique=None, **more):
        reaction = ReactionRequest(type=type, user_id=user_id, **more)
        return chat.send_reaction(id=id, reaction=reaction, enforce_unique=enforce_unique).data

    def counts():
        return chat.get_message(id=id).data.message.reaction_counts

    with t.step("reacts"):
        response = react("love", jane, custom={"skin": 3})
        t.equal((response.reaction.type, response.reaction.score), ("love", 1), "the reaction")
        t.equal(response.reaction.custom, {"skin": 3}, "its custom data")
        react("love", jane, score=5)
        react("love", john)
        message = chat.get_message(id=id).data.message
        t.equal((message.reaction_counts, message.reaction_scores), ({"love": 2}, {"love": 6}), "counts and scores")
        group = message.reaction_groups["love"]
        t.equal((group.count, group.sum_scores), (2, 6), "the group")
        react("wow", john, enforce_unique=True)
        t.equal(counts(), {"love": 1, "wow": 1}, "`enforce_unique`")

    with t.step("lists and queries"):
        found = chat.get_reactions(id=id).data.reactions
        t.same_set([(each.type, each.user_id) for each in found], [("love", jane), ("wow", john)], "all")
        t.equal(len(chat.get_reactions(id=id, limit=1).data.reactions), 1, "a page")
        found = chat.query_reactions(id=id, filter={"type": {"$in": ["wow"]}}).data.reactions
        t.equal([each.user_id for each in found], [john], "by type")
        sort = [SortParamRequest(field="created_at", direction=-1)]
        first = chat.query_reactions(id=id, sort=sort, limit=1).data
        t.equal([each.type for each in first.reactions], ["wow"], "the newest")
        second = chat.query_reactions(id=id, sort=sort, limit=1, next=first.next).data
        t.equal([each.type for each in second.reactions], ["love"], "the next page")

    with t.step("deletes"):
        chat.delete_reaction(id=id, type="wow", user_id=john)
        t.equal(counts(), {"love": 1}, "one is left")
        t.refuses(lambda: chat.delete_reaction(id=id, type="wow", user_id=john), "deleting it again", status=404, code=16)
        t.refuses(lambda: react("x" * 31, john), "too long a type", status=400, code=4)
