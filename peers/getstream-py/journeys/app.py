from getstream.models import FileUploadConfig, PushProviderRequest


def travel(t, api):
    client = api.client

    def app():
        return client.get_app().data.app

    with t.step("changes settings"):
        client.update_app(webhook_url="https://example.com/hook")
        client.update_app(reminders_interval=120)
        t.equal((app().webhook_url, app().reminders_interval), ("https://example.com/hook", 120), "one at a time")
        client.update_app(webhook_url="")
        t.equal(app().webhook_url, "", "it is cleared")
        client.update_app(file_upload_config=FileUploadConfig(size_limit=1000, blocked_file_extensions=[".exe"]))
        config = app().file_upload_config
        t.equal((config.size_limit, config.blocked_file_extensions), (1000, [".exe"]), "limits of uploads")

    with t.step("keeps push providers"):
        name = t.id("push")
        credentials = '{"type": "service_account", "project_id": "p", "private_key": "k", "client_email": "a@example.com"}'
        provider = PushProviderRequest(name=name, type="firebase", firebase_credentials=credentials)
        t.equal(client.upsert_push_provider(push_provider=provider).data.push_provider.name, name, "the provider")
        t.includes([each.name for each in client.list_push_providers().data.push_providers], name, "the list")
        client.delete_push_provider(type="firebase", name=name)
        t.excludes([each.name for each in client.list_push_providers().data.push_providers], name, "it is deleted")

    with t.step("checks"):
        t.equal(client.check_sqs(sqs_url="https://example.com/q", sqs_key="k", sqs_secret="s").data.status, "error", "SQS")
        t.equal(client.check_sns(sns_topic_arn="arn:aws:sns:a:1:t", sns_key="k", sns_secret="s").data.status, "error", "SNS")
