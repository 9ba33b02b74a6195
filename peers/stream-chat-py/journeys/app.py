def travel(t, api):
    client = api.client

    def app():
        return client.get_app_settings()["app"]

    with t.step("changes settings"):
        client.update_app_settings(webhook_url="https://example.com/hook")
        client.update_app_settings(custom_action_handler_url="https://example.com/commands")
        t.equal(app()["webhook_url"], "https://example.com/hook", "a later update leaves it")
        client.update_app_settings(webhook_url="", custom_action_handler_url="")
        t.equal(app()["webhook_url"], "", "it is cleared")

    with t.step("revokes tokens"):
        client.revoke_tokens("2024-01-01T00:00:00+00:00")
        t.includes(app().get("revoke_tokens_issued_before") or "", "2024-01-01T00:00:00", "in a later read")
        client.revoke_tokens(None)
        t.ok(not app().get("revoke_tokens_issued_before"), "taken back")

    with t.step("keeps push providers"):
        name = t.id("push")
        credentials = '{"type": "service_account", "project_id": "p", "private_key": "k", "client_email": "a@example.com"}'
        client.upsert_push_provider({"name": name, "type": "firebase", "firebase_credentials": credentials})
        t.includes([each["name"] for each in client.list_push_providers()["push_providers"]], name, "the list")
        client.delete_push_provider("firebase", name)
        t.excludes([each["name"] for each in client.list_push_providers()["push_providers"]], name, "it is deleted")

    with t.step("checks"):
        sqs = client.check_sqs("key", "secret", "https://example.com/q")
        t.equal(sqs["status"], "error", "SQS")
        t.includes(sqs["error"], "invalid SQS url", "what is wrong with it")
        sns = client.check_sns("key", "secret", "arn:aws:sns:a:1:t")
        t.equal(sns["status"], "error", "SNS")
        t.includes(sns["error"], "publishing the message failed.", "what is wrong with it")
        [john] = api.users(t, "john")
        channel = api.channel(t, [john])
        id = api.send(channel, john, "push me")["id"]
        response = client.check_push(
            {
                "message_id": id,
                "user_id": john,
                "skip_devices": True,
                "firebase_template": '{"title": "From {{ sender.id }}"}',
            }
        )
        t.includes(response.get("rendered_firebase_template"), john, "a template is rendered")
        response = client.check_push({"message_id": id, "user_id": john, "skip_devices": True})
        t.equal(response["rendered_message"]["message_id"], id, "the data without a template")

    with t.step("tells rate limits"):
        limits = client.get_rate_limits(server_side=True, android=True, endpoints=["GetRateLimits", "SendMessage"])
        t.same_set(limits["android"], ["GetRateLimits", "SendMessage"], "the endpoints")
        t.excludes(limits, "web", "the platforms")
        own, other = limits["server_side"]["GetRateLimits"], limits["android"]["GetRateLimits"]
        t.ok(own["remaining"] < own["limit"], "the call counts")
        t.equal(other["remaining"], other["limit"], "on its own platform alone")
