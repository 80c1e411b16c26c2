"""Promises to two commands with one output: the second ends in one line and touches nothing, whatever the first does.

The first is a process that stops itself (SIGSTOP) at a chosen moment, as a busy machine might stop it anywhere.
"""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.commands import Ran, environment
from tests.dataset.factories import entry, raw_line, write_raw
from tests.fakes.entries import make_entries
from tests.fakes.leaderboard import FakeLeaderboard
from tests.model.factories import dataset_of, make_samples

_BEHIND_ITS_LOCK = """
import os, signal
from contextlib import contextmanager
from score_model import atomic
lock_output = atomic.lock_output
@contextmanager
def stopping(path):
    with lock_output(path):
        os.kill(os.getpid(), signal.SIGSTOP)
        yield
atomic.lock_output = stopping
"""
_BEFORE_ITS_RENAME = """
import os, signal
fsync, to_stop = os.fsync, True
def stopping(descriptor):
    global to_stop
    if to_stop and os.path.exists("data/datasets/.p.jsonl.tmp"):
        to_stop = False
        os.kill(os.getpid(), signal.SIGSTOP)
    fsync(descriptor)
os.fsync = stopping
"""
_RUN = "from score_model.cli.main import main; main()"


@dataclass(frozen=True)
class Command:
    """A command line, the output that it locks, and what it says where nobody is in its way; "" if all goes well."""

    words: tuple[str, ...]
    output: str
    says: str = ""


COMMANDS = {
    "dataset build": Command(
        ("dataset", "build", "raw.jsonl", "--output-prefix", "p", "--data-dir", "data"), "data/datasets/p.jsonl"
    ),
    # what the others read is missing, which they find out behind the lock
    "dataset relabel": Command(("dataset", "relabel", "p.jsonl", "--traces-dir", "none"), "p.jsonl", "no folder"),
    "features": Command(("features", "--dataset", "none.jsonl", "--output-dir", "out"), "out/features.json", "no data"),
    "train": Command(("train", "--dataset", "none.jsonl", "--output", "out"), "out", "no data"),
    "evaluate": Command(
        ("evaluate", "--dataset", "none.jsonl", "--model", "none", "--output", "out"), "out/metrics.json", "no model"
    ),
    "score": Command(("score", "none.jsonl", "--model", "none", "--output", "out.jsonl"), "out.jsonl", "no model"),
    "rank": Command(("rank", "none.jsonl", "--model", "none", "--output", "out.jsonl"), "out.jsonl", "no model"),
    "replay": Command(("replay", "--dataset", "x.jsonl", "--output-dir", "out"), "out/failed.ndjson", "no browser"),
}


def raw(path: Path, name: str, rows: int) -> Path:
    """A raw dump whose rows tell whose they are."""
    return write_raw(
        path,
        (raw_line(entry(task__taskId=f"{name}{n}", solution__taskSolutionId=f"{name}s{n}")) for n in range(rows)),
    )


def started(folder: Path, words: tuple[str, ...], first: str = "") -> subprocess.Popen[str]:
    """A command as a process that runs the code `first` before; no browser is found."""
    return subprocess.Popen(
        [sys.executable, "-c", first + _RUN, *words],
        cwd=folder,
        env=environment(SCORE_MODEL_BROWSER="/nowhere"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> Ran:
    stdout, stderr = process.communicate()
    return Ran(process.returncode, stdout, stderr)


def run(folder: Path, *words: str) -> Ran:
    return ended(started(folder, words))


@contextmanager
def stopped(folder: Path, words: tuple[str, ...], moment: str) -> Iterator[subprocess.Popen[str]]:
    """The command, stopped at that moment; it is killed with the block."""
    process = started(folder, words, moment)
    state = os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
    assert state is not None
    if state.si_code != os.CLD_STOPPED:
        pytest.fail(f"it ended: {ended(process).stderr}")
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def files(folder: Path) -> dict[Path, tuple[int, int, int]]:
    """Every file below a folder, as it would tell if it were touched."""
    found = ((path, path.lstat()) for path in folder.rglob("*") if not path.is_dir())
    return {path: (status.st_ino, status.st_mtime_ns, status.st_size) for path, status in found}


def check_refused(ran: Ran, output: str, pid: int) -> None:
    """Exit code 2, and one line that names the output and who writes it."""
    assert ran.code == 2, ran.stderr
    assert ran.stdout == ""
    assert re.fullmatch(rf"score-model: \S*{output} is being written by .*\(pid {pid}\).*\n", ran.stderr), ran.stderr


def check_one_at_a_time(folder: Path, command: Command) -> None:
    """Refused beside one that is stopped; done after that was killed, and then nothing hidden is left."""
    with stopped(folder, command.words, _BEHIND_ITS_LOCK) as first:
        before = files(folder)
        check_refused(run(folder, *command.words), command.output, first.pid)
        assert files(folder) == before
        first.kill()
        first.wait()
        ran = run(folder, *command.words)
    assert ran.code == (2 if command.says else 0), ran.stderr
    assert command.says in ran.last_line
    assert not list(folder.rglob(".*"))


@pytest.mark.parametrize("name", COMMANDS)
def test_one_process_at_a_time_writes_an_output(tmp_path: Path, name: str) -> None:
    """The second of two commands of one output is refused and changes no file; a killed one is in nobody's way."""
    raw(tmp_path / "raw.jsonl", "a", 5)
    dataset_of(tmp_path / "x.jsonl", make_samples(1))
    check_one_at_a_time(tmp_path, COMMANDS[name])


def mirror(origin: str, *more: str) -> tuple[str, ...]:
    words = ("mirror", "--base-url", origin, "--output-prefix", "p", "--data-dir", "data", "--resume")
    return (*words, "--pages-per-filter", "all", "--max-requests-per-second", "0", *more)


async def test_one_process_at_a_time_mirrors_a_prefix(tmp_path: Path) -> None:
    """The same for mirror, while it crawls."""
    async with FakeLeaderboard(rows=make_entries(60)) as api:
        words = mirror(api.origin, "--limit", "5")
        await asyncio.to_thread(check_one_at_a_time, tmp_path, Command(words, "data/datasets/p.jsonl"))


def check_stopped_while_it_writes(folder: Path, words: tuple[str, ...]) -> None:
    """Stopped with its dataset not yet in place, it is in the way of every command of the prefix; then it ends."""
    dataset = folder / "data" / "datasets" / "p.jsonl"
    calm = run(folder, *words)
    assert calm.code == 0, calm.stderr
    whole = dataset.read_bytes()
    built = ("--output-prefix", "p", "--data-dir")
    assert run(folder, "dataset", "build", "raw.jsonl", *built, "data").code == 0
    other = dataset.read_bytes()
    (folder / "same").symlink_to("data")
    (folder / "overrides.csv").write_text("task_id,solution_id,passed\nt1,s1,false\n")
    with stopped(folder, words, _BEFORE_ITS_RENAME) as first:
        before = files(folder)
        for losing in (
            ("dataset", "build", "raw.jsonl", *built, str(folder / "same")),
            ("dataset", "relabel", "same/datasets/p.jsonl", "--overrides", "overrides.csv"),
            ("mirror", "--base-url", "http://127.0.0.1:9", *built, "same", "--resume"),
        ):
            check_refused(run(folder, *losing), "datasets/p.jsonl", first.pid)
        assert files(folder) == before
        assert dataset.read_bytes() == other != whole
        first.send_signal(signal.SIGCONT)
        ran = ended(first)
    assert ran.code == 0, ran.stderr
    assert dataset.read_bytes() == whole
    assert not list(folder.rglob(".*"))


def test_a_stopped_build_ends_undisturbed(tmp_path: Path) -> None:
    """A build that was stopped in the middle of its file finishes it, byte by byte, whoever came meanwhile."""
    raw(tmp_path / "raw.jsonl", "a", 30)
    raw(tmp_path / "more.jsonl", "b", 300)
    check_stopped_while_it_writes(
        tmp_path, ("dataset", "build", "more.jsonl", "--output-prefix", "p", "--data-dir", "data")
    )


async def test_a_mirror_holds_its_prefix_to_the_end(tmp_path: Path) -> None:
    """The same for a mirror whose crawl is over: build, audit and metrics are as much its own."""
    raw(tmp_path / "raw.jsonl", "a", 30)
    async with FakeLeaderboard(rows=make_entries(60)) as api:
        await asyncio.to_thread(check_stopped_while_it_writes, tmp_path, mirror(api.origin))


def test_of_builds_that_start_together_one_wins(tmp_path: Path) -> None:
    """Three at once: each is done or refused in one line, and the files are those of one that was done."""
    for name in "abc":
        raw(tmp_path / f"{name}.jsonl", name, 500)
    words = ("--output-prefix", "p", "--data-dir", "data")
    racing = {name: started(tmp_path, ("dataset", "build", f"{name}.jsonl", *words)) for name in "abc"}
    ran = {name: ended(process) for name, process in racing.items()}
    done = {name for name, one in ran.items() if one.code == 0}
    assert done
    assert all(one.code == 0 or (one.code == 2 and one.stderr.count("\n") == 1) for one in ran.values()), ran
    found = (tmp_path / "data" / "datasets" / "p.jsonl").read_bytes()
    alone = tmp_path / "alone"
    alone.mkdir()
    assert any(
        run(alone, "dataset", "build", f"../{name}.jsonl", *words).code == 0
        and (alone / "data" / "datasets" / "p.jsonl").read_bytes() == found
        for name in done
    )
    assert not list(tmp_path.rglob(".*"))
