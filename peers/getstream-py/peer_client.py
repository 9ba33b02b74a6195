"""The client of PyPI `getstream`: the generated server SDK for Python, on the v2 paths."""

import httpx
from getstream import Stream
from getstream.models import ChannelInput, ChannelMemberRequest, MessageRequest, UserRequest


class Api:
    def __init__(self, base_url, key, secret):
        self.base_url = base_url
        self.key = key
        self.secret = secret
        self.client = Stream(api_key=key, api_secret=secret, base_url=base_url)
        self.chat = self.client.chat
        self.moderation = self.client.moderation

    def users(self, t, *names):
        """Creates a user for each name, and returns the IDs."""
        ids = [t.id(name) for name in names]
        self.client.upsert_users(*[UserRequest(id=id) for id in ids])
        return ids

    def channel(self, t, members, **data):
        """Creates a channel whose first member is its creator."""
        channel = self.chat.channel("messaging", t.id("room"))
        wanted = [ChannelMemberRequest(user_id=member) for member in members]
        channel.get_or_create(data=ChannelInput(created_by_id=members[0], members=wanted, **data))
        return channel

    def send(self, channel, user_id, text, **more):
        message = MessageRequest(text=text, user_id=user_id, **more)
        return channel.send_message(message=message).data.message

    def task(self, t, id):
        """Waits until a task has succeeded, and returns it."""

        def completed():
            task = self.client.get_task(id=id).data
            return task if task.status == "completed" else None

        return t.until(completed, "the task completes")


def connect(base_url, key, secret, exchanges):
    send = httpx.Client.send

    def recorded(self, request, **options):
        response = send(self, request, **options)
        sent = request.content if "multipart" not in request.headers.get("content-type", "") else None
        exchanges.add(request.method, str(request.url), sent, response.status_code, response.text)
        return response

    httpx.Client.send = recorded
    return Api(base_url, key, secret)
