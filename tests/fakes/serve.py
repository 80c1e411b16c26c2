"""The fake export as a process of its own: `python -m tests.fakes.serve --rows 1000 --port 0`.

Prints one line of JSON with its URL when it is ready, and serves until it is terminated.
"""

import argparse
import asyncio
import json
import signal

from tests.fakes.entries import make_entries
from tests.fakes.envelopes import DIALECTS, Envelope
from tests.fakes.leaderboard import FakeLeaderboard


async def serve(options: argparse.Namespace) -> None:
    """Serve until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    api = FakeLeaderboard(
        rows=make_entries(options.rows),
        envelope=Envelope(dialect=options.dialect),
        bearer=options.bearer,
        key=options.key,
        demands=tuple(options.demand),
        clamp=options.clamp,
        latency_s=options.latency_ms / 1000,
        port=options.port,
    )
    async with api:
        print(json.dumps({"url": api.url, "origin": api.origin}), flush=True)
        await stop.wait()


def main() -> None:
    """Read the flags and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--dialect", choices=DIALECTS, default="total_pages")
    parser.add_argument("--bearer")
    parser.add_argument("--key")
    parser.add_argument("--demand", action="append", default=[])
    parser.add_argument("--clamp", type=int)
    parser.add_argument("--latency-ms", type=float, default=0.0)
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
