"""Running score-model in a test as a user does: a process of its own, with nothing of the tester's environment."""

import asyncio
import os
import resource
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

DOCUMENTED = "autoppia_iwa.src.rl.score_model.cli.build_score_model_training_dataset"


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it said."""

    code: int
    stdout: str
    stderr: str

    @property
    def last_line(self) -> str:
        """The last thing it said."""
        return self.stderr.strip().splitlines()[-1]


def environment(**changes: str) -> dict[str, str]:
    """A small environment: no credentials, no settings of ours, a fixed clock."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "SOURCE_DATE_EPOCH": "1762900000", "NO_COLOR": "1", **changes}


async def start(
    arguments: Sequence[str | Path],
    cwd: Path,
    module: str = "score_model",
    variables: Mapping[str, str] | None = None,
    most_file_bytes: int | None = None,
) -> Process:
    """Starts a command line in the folder `cwd`; no file of it can grow beyond `most_file_bytes`, like a full disk."""

    changes = dict(variables or {})
    if most_file_bytes is not None:
        changes["PYTHONDONTWRITEBYTECODE"] = "1"  # cut short, a cached file would fail every later run

    def limit() -> None:
        if most_file_bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most_file_bytes, most_file_bytes))

    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *map(str, arguments),
        cwd=cwd,
        env=environment(**changes),
        stdout=PIPE,
        stderr=PIPE,
        preexec_fn=limit,
    )


async def run(*arguments: str | Path, cwd: Path, module: str = "score_model", **variables: str) -> Ran:
    """Runs a command line to its end."""
    return await _ended(await start(arguments, cwd, module, variables))


async def run_on_a_small_disk(*arguments: str | Path, cwd: Path, most_file_bytes: int) -> Ran:
    """Runs a command line whose files can't grow beyond `most_file_bytes`."""
    return await _ended(await start(arguments, cwd, most_file_bytes=most_file_bytes))


async def _ended(process: Process) -> Ran:
    stdout, stderr = await process.communicate()
    assert process.returncode is not None
    return Ran(process.returncode, stdout.decode(), stderr.decode())
