"""The client of PyPI `stream-chat`: the older server SDK for Python, on the v1 paths."""

import requests
from stream_chat import StreamChat


class Api:
    def __init__(self, base_url, key, secret):
        self.base_url = base_url
        self.key = key
        self.secret = secret
        self.client = StreamChat(api_key=key, api_secret=secret, base_url=base_url, timeout=20)

    def users(self, t, *names):
        """Creates a user for each name and returns the ids."""
        ids = [t.id(name) for name in names]
        self.client.upsert_users([{"id": id} for id in ids])
        return ids

    def channel(self, t, members, **data):
        """Creates a channel whose first member is its creator."""
        channel = self.client.channel("messaging", t.id("room"), {"members": members, **data})
        channel.create(members[0])
        return channel

    def send(self, channel, user_id, text, **more):
        return channel.send_message({"text": text, **more}, user_id)["message"]

    def task(self, t, id):
        """Waits for a task to end well, and returns it."""

        def completed():
            task = self.client.get_task(id)
            return task if task["status"] == "completed" else None

        return t.until(completed, "the task completes")


def connect(base_url, key, secret, exchanges):
    send = requests.Session.send

    def recorded(self, request, **options):
        response = send(self, request, **options)
        sent = request.body if "multipart" not in request.headers.get("content-type", "") else None
        exchanges.add(request.method, request.url, sent, response.status_code, response.text)
        return response

    requests.Session.send = recorded
    return Api(base_url, key, secret)
