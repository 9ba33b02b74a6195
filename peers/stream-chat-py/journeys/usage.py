def travel(t, api):
    client = api.client

    with t.step("reads rate limits"):
        limits = client.get_rate_limits()
        t.ok(all(limits.get(platform) for platform in ("server_side", "android", "ios", "web")), "of all platforms")
        limits = client.get_rate_limits(server_side=True, endpoints=["GetRateLimits", "SendMessage"])
        t.same_set(limits["server_side"], ["GetRateLimits", "SendMessage"], "of two endpoints")

    with t.step("reads usage by team"):
        t.ok(isinstance(client.query_team_usage_stats(month="2026-01")["teams"], list), "of a month")
        t.ok(isinstance(client.query_team_usage_stats()["teams"], list), "of this month")
        t.refuses(lambda: client.query_team_usage_stats(month="garbage"), "a malformed month", status=400, code=4)
