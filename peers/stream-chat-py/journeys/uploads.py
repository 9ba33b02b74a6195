import base64
import pathlib
import tempfile

import requests

# One transparent pixel.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def travel(t, api):
    [john] = api.users(t, "john")
    channel = api.channel(t, [john])

    with tempfile.TemporaryDirectory() as folder, t.step("uploads to a channel"):
        text = pathlib.Path(folder) / "hello.txt"
        text.write_text("hello world")
        image = pathlib.Path(folder) / "pixel.png"
        image.write_bytes(PNG)
        url = channel.send_file(str(text), "hello.txt", {"id": john}, content_type="text/plain")["file"]
        t.includes(url, "hello", "the URL holds the name")
        t.equal(requests.get(url).text, "hello world", "the content of a file")
        channel.delete_file(url)
        t.equal(requests.get(url).status_code, 404, "it is gone after the deletion")
        url = channel.send_image(str(image), "pixel.png", {"id": john}, content_type="image/png")["file"]
        t.equal(requests.get(url).content, PNG, "the content of an image")
        channel.delete_image(url)
        t.equal(requests.get(url).status_code, 404, "it is gone after the deletion")
