def travel(t, api):
    client, chat = api.client, api.chat

    with t.step("reads rate limits"):
        limits = client.get_rate_limits(server_side=True, endpoints="SendMessage,GetApp").data
        t.same_set(limits.server_side, ["SendMessage", "GetApp"], "of two endpoints")
        t.ok(limits.server_side["SendMessage"].limit > 0, "a limit")
        t.ok(not limits.android and not limits.ios and not limits.web, "of one platform")

    with t.step("reads usage by team"):
        t.ok(isinstance(chat.query_team_usage_stats(month="2026-01").data.teams, list), "of a month")
        t.refuses(lambda: chat.query_team_usage_stats(month="2026-1"), "a malformed month", status=400, code=4)
        t.refuses(lambda: chat.query_team_usage_stats(start_date="yesterday"), "a malformed date", status=400, code=4)

    with t.step("keeps retention policies"):
        chat.set_retention_policy(policy="inactive-channels", max_age_hours=720)
        found = chat.get_retention_policy().data.policies
        t.equal([(each.policy, each.config.max_age_hours) for each in found], [("inactive-channels", 720)], "the list")
        t.ok(isinstance(chat.get_retention_policy_runs().data.runs, list), "the runs")
        chat.delete_retention_policy(policy="inactive-channels")
        t.equal(chat.get_retention_policy().data.policies, [], "it is deleted")
