"""`score-model arena serve` as a process of its own."""

import json
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cli.commands import start


@dataclass(frozen=True)
class ServedArena:
    """A process that serves an arena, what it said when it was ready, and its database."""

    process: Process
    urls: dict[str, Any]
    database: Path


@asynccontextmanager
async def served_arena(folder: Path, *flags: str, **variables: str) -> AsyncIterator[ServedArena]:
    """An arena on free ports, with its data in `folder`; it is killed at the end of the block."""
    database = folder / "arena.sqlite"
    words = ["arena", "serve", "--port", "0", "--database", str(database), *flags]
    process = await start(words, folder, variables=variables)
    try:
        assert process.stdout is not None
        assert process.stderr is not None
        ready = await process.stdout.readline()
        assert ready, (await process.stderr.read()).decode()
        yield ServedArena(process, json.loads(ready), database)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()
