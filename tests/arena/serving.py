"""One web application on a free port of loopback, for tests of parts of the arena."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from litestar import Litestar


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def running_app(app: Litestar) -> AsyncIterator[str]:
    """The application's origin, `http://127.0.0.1:PORT`, while it runs on this event loop."""
    config = uvicorn.Config(app, port=0, loop="none", ws="none", lifespan="on", log_config=None, access_log=False)
    server = _Server(config)
    serving = asyncio.create_task(server.serve())
    try:
        while not server.started:
            assert not serving.done(), "the application did not start"
            await asyncio.sleep(0.002)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving
