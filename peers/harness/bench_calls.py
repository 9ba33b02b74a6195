"""Makes calls, 64 at a time, and prints the time of one: `python bench.py URL CALLS` of a peer."""

import asyncio
import sys
import time

TOGETHER = 64


def measure(connect):
    """`connect` takes the URL of the server and yields a coroutine function that makes a call."""
    asyncio.run(_measure(connect, sys.argv[1], int(sys.argv[2])))


async def _measure(connect, url, calls):
    async with connect(url) as call:
        # Connections exist before the measurement.
        await _run(call, -(-calls // 4))
        before = time.process_time()
        await _run(call, calls)
        print((time.process_time() - before) * 1e6 / calls)


async def _run(call, count):
    left = iter(range(count))

    async def work():
        for _ in left:
            await call()

    await asyncio.gather(*(work() for _ in range(TOGETHER)))
