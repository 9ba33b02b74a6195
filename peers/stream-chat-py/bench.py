"""What `cargo xtask bench peers` measures: prints the CPU time of a call in microseconds."""

import sys
from contextlib import asynccontextmanager
from pathlib import Path

from stream_chat import StreamChatAsync

sys.path.insert(0, str(Path(__file__).parent.parent / "harness"))
from bench_calls import measure  # noqa: E402


@asynccontextmanager
async def connect(url):
    async with StreamChatAsync(api_key="key", api_secret="a secret of at least thirty-two bytes", base_url=url) as client:
        channel = client.channel("messaging", "general")
        yield lambda: channel.send_message({"text": "Hello, world"}, "john")


measure(connect)
