import base64
import pathlib
import tempfile

import httpx
from getstream.models import OnlyUserID

# One transparent pixel.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def travel(t, api):
    client, chat = api.client, api.chat
    [john] = api.users(t, "john")
    channel = api.channel(t, [john])
    place = {"type": "messaging", "id": channel.channel_id}
    user = OnlyUserID(id=john)

    with tempfile.TemporaryDirectory() as folder:
        text = pathlib.Path(folder) / "hello.txt"
        text.write_text("hello world")
        image = pathlib.Path(folder) / "pixel.png"
        image.write_bytes(PNG)

        with t.step("uploads to a channel"):
            url = chat.upload_channel_file(**place, file=str(text), user=user).data.file
            t.equal(httpx.get(url).text, "hello world", "the content of a file")
            chat.delete_channel_file(**place, url=url)
            t.equal(httpx.get(url).status_code, 404, "it is gone after the deletion")
            url = chat.upload_channel_image(**place, file=str(image), user=user).data.file
            t.equal(httpx.get(url).content, PNG, "the content of an image")
            chat.delete_channel_image(**place, url=url)
            t.equal(httpx.get(url).status_code, 404, "it is gone after the deletion")

        with t.step("uploads to the app"):
            url = client.upload_file(file=str(text), user=user).data.file
            t.equal(httpx.get(url).text, "hello world", "the content of a file")
            client.delete_file(url=url)
            t.equal(httpx.get(url).status_code, 404, "it is gone after the deletion")
            url = client.upload_image(file=str(image), user=user).data.file
            t.equal(httpx.get(url).content, PNG, "the content of an image")
            client.delete_image(url=url)
            t.equal(httpx.get(url).status_code, 404, "it is gone after the deletion")
