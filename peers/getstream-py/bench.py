"""Prints the CPU time of a call in microseconds, for `cargo xtask bench peers`."""

import sys
from contextlib import asynccontextmanager
from pathlib import Path

from getstream import AsyncStream
from getstream.models import MessageRequest

sys.path.insert(0, str(Path(__file__).parent.parent / "harness"))
from bench_calls import measure  # noqa: E402


@asynccontextmanager
async def connect(url):
    async with AsyncStream(api_key="key", api_secret="a secret of at least thirty-two bytes", base_url=url) as client:
        channel = client.chat.channel("messaging", "general")
        yield lambda: channel.send_message(message=MessageRequest(text="Hello, world", user_id="john"))


measure(connect)
