from getstream.models import PollOptionInput, PollOptionRequest, VoteData


def travel(t, api):
    client, chat = api.client, api.chat
    john, jane, kate = api.users(t, "john", "jane", "kate")
    channel = api.channel(t, [john, jane, kate])

    def read():
        return client.get_poll(poll_id=poll_id, user_id=john).data.poll

    with t.step("creates and sends a poll"):
        poll = client.create_poll(
            name="Which color?",
            options=[PollOptionInput(text="red"), PollOptionInput(text="blue")],
            allow_answers=True,
            enforce_unique_vote=True,
            custom={"place": "office"},
            user_id=john,
        ).data.poll
        poll_id = poll.id
        red, blue = (option.id for option in poll.options)
        t.equal((poll.name, poll.vote_count, poll.custom), ("Which color?", 0, {"place": "office"}), "the poll")
        message = api.send(channel, john, "please vote", poll_id=poll_id)
        t.equal(message.poll.id, poll_id, "the message holds the poll")

    def vote(user_id, **vote):
        return chat.cast_poll_vote(
            message_id=message.id, poll_id=poll_id, user_id=user_id, vote=VoteData(**vote)
        ).data

    with t.step("votes and answers"):
        t.equal(vote(jane, option_id=red).vote.option_id, red, "a vote")
        vote(jane, option_id=blue)
        t.equal((read().vote_count, read().vote_counts_by_option.get(blue)), (1, 1), "a unique vote is replaced")
        answer = vote(kate, answer_text="green").vote
        t.equal((answer.is_answer, answer.answer_text), (True, "green"), "an answer")
        t.equal((read().answers_count, read().vote_count), (1, 1), "the counts")
        votes = client.query_poll_votes(poll_id=poll_id, user_id=john, filter={"is_answer": False}).data.votes
        t.equal([each.user_id for each in votes], [jane], "a query of votes")
        chat.delete_poll_vote(message_id=message.id, poll_id=poll_id, vote_id=votes[0].id, user_id=jane)
        t.equal(read().vote_count, 0, "a vote is taken back")

    with t.step("changes options"):
        option = client.create_poll_option(poll_id=poll_id, text="pink", user_id=john).data.poll_option
        client.update_poll_option(poll_id=poll_id, id=option.id, text="purple", user_id=john)
        found = client.get_poll_option(poll_id=poll_id, option_id=option.id).data.poll_option
        t.equal(found.text, "purple", "in a later read")
        client.delete_poll_option(poll_id=poll_id, option_id=option.id, user_id=john)
        t.equal([each.text for each in read().options], ["red", "blue"], "it is deleted")

    with t.step("updates and queries"):
        client.update_poll_partial(poll_id=poll_id, user_id=john, set={"description": "Choose well"})
        t.equal((read().name, read().description), ("Which color?", "Choose well"), "a partial update")
        options = [PollOptionRequest(id=red, text="red")]
        client.update_poll(id=poll_id, name="Just red", options=options, user_id=john)
        t.equal((read().name, read().description), ("Just red", ""), "a full update resets what is left out")
        found = client.query_polls(user_id=john, filter={"id": poll_id}).data.polls
        t.equal([poll.name for poll in found], ["Just red"], "a query")

    with t.step("closes and deletes"):
        client.update_poll_partial(poll_id=poll_id, user_id=john, set={"is_closed": True})
        t.equal(read().is_closed, True, "it is closed")
        t.refuses(lambda: vote(kate, option_id=red), "a vote on it", status=400, code=4)
        client.delete_poll(poll_id=poll_id, user_id=john)
        t.refuses(read, "the deleted poll", status=404, code=16)
