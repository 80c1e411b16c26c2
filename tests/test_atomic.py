"""Promises of files that appear whole or not at all, and of one writer at a time, also against killed writers."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from score_model.atomic import atomic_folder, atomic_write, discard, lock_output
from score_model.errors import UsageError

WRITE = """
with atomic_write(path) as file:
    file.write(b"x" * 100_000)
    file.flush()
    ready()
"""
WRITE_FOLDER = """
with atomic_folder(path) as folder:
    (folder / "deep").mkdir()
    (folder / "deep" / "x").touch()
    (folder / "link").symlink_to("deep")
    ready()
"""
LOCK = """
with lock_output(path):
    ready()
"""
COUNT = """
ready()
won = 0
while won < 50:
    try:
        with lock_output(path):
            path.write_text(str(int(path.read_text()) + 1))
            won += 1
    except UsageError:
        pass
"""


@contextmanager
def at_work(code: str, path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that runs `code` on `path` and waits, where it is `ready()`, until its stdin is closed."""
    beginning = (
        "import sys; from pathlib import Path\n"
        "from score_model.atomic import atomic_folder, atomic_write, lock_output\n"
        "from score_model.errors import UsageError\n"
        "def ready(): print(flush=True); sys.stdin.read()\n"
        f"path = Path({str(path)!r})\n"
    )
    words = [sys.executable, "-c", beginning + code]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"\n"
        try:
            yield process
        finally:
            process.kill()


def end(process: subprocess.Popen[bytes]) -> int:
    """Lets the process go on, to its end."""
    process.communicate()
    return process.returncode


def kill(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def hidden(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.startswith("."))


def test_two_writers_of_one_file_never_share_one(tmp_path: Path) -> None:
    """Each writes a file of its own; the last to finish gives it the name, and nothing else is left."""
    path = tmp_path / "out.jsonl"
    with at_work(WRITE, path) as other:
        with atomic_write(path) as file:
            file.write(b"mine")
            assert len(hidden(tmp_path)) == 2
        assert path.read_bytes() == b"mine"
        assert end(other) == 0
    assert path.read_bytes() == b"x" * 100_000
    assert hidden(tmp_path) == []


def test_a_writer_that_fails_touches_nothing_of_another(tmp_path: Path) -> None:
    """Its own file goes; the other's stays where it is, and takes the name."""
    path = tmp_path / "out.jsonl"
    with at_work(WRITE, path) as other:
        (beside,) = hidden(tmp_path)
        with pytest.raises(ZeroDivisionError), atomic_write(path) as file:
            file.write(b"%d" % (1 // 0))
        assert hidden(tmp_path) == [beside]
        assert end(other) == 0
    assert path.read_bytes() == b"x" * 100_000


def test_what_a_killed_writer_left_is_taken_over(tmp_path: Path) -> None:
    """However often writers are killed, one hidden file is left, and the next writer ends that too, to the byte."""
    path = tmp_path / "out.jsonl"
    for _ in range(3):
        with at_work(WRITE, path) as other:
            kill(other)
    assert len(hidden(tmp_path)) == 1
    assert not path.exists()
    with atomic_write(path) as file:
        file.write(b"mine")
    assert path.read_bytes() == b"mine"
    assert hidden(tmp_path) == []
    with at_work(WRITE, path) as other:
        kill(other)
    discard(path)
    assert not list(tmp_path.iterdir())
    discard(tmp_path / "nowhere" / "out.jsonl")
    assert not list(tmp_path.iterdir())


def test_a_file_beside_is_never_written_through_a_link(tmp_path: Path) -> None:
    """What somebody else put under the hidden name leads nowhere."""
    victim = tmp_path / "victim"
    victim.write_bytes(b"theirs")
    (tmp_path / ".out.jsonl.tmp").symlink_to(victim)
    with pytest.raises(OSError, match="symbolic links"), atomic_write(tmp_path / "out.jsonl") as file:
        file.write(b"mine")
    assert victim.read_bytes() == b"theirs"


def test_a_file_has_the_mode_that_the_user_asks_for(tmp_path: Path) -> None:
    """The umask decides, as for any file."""
    before = os.umask(0o027)
    try:
        with atomic_write(tmp_path / "out.jsonl"):
            pass
    finally:
        os.umask(before)
    assert (tmp_path / "out.jsonl").stat().st_mode & 0o777 == 0o640


def test_a_folder_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    """It replaces the one that was there once it is whole; what a killed writer left is not in it, and of two writers
    neither meets the other's files."""
    path = tmp_path / "model"
    with at_work(WRITE_FOLDER, path) as other:
        kill(other)
    with at_work(WRITE_FOLDER, path) as other:
        with atomic_folder(path) as folder:
            (folder / "mine").touch()
        assert [each.name for each in path.iterdir()] == ["mine"]
        with pytest.raises(FileNotFoundError), atomic_folder(path) as folder:
            (folder / "half").rename(folder / "nowhere" / "half")
        assert [each.name for each in path.iterdir()] == ["mine"]
        assert end(other) == 0
    assert sorted(each.name for each in path.iterdir()) == ["deep", "link"]
    assert hidden(tmp_path) == []


@pytest.mark.parametrize("stop", [False, True], ids=["running", "stopped"])
def test_a_locked_output_is_refused_under_every_spelling(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: bool
) -> None:
    """One line names the path as it was given and the process that is at it, be it stopped; other outputs are free."""
    (tmp_path / "data").mkdir()
    (tmp_path / "link").symlink_to("data")
    monkeypatch.chdir(tmp_path / "data")
    with at_work(LOCK, tmp_path / "data" / "out.jsonl") as other:
        if stop:
            other.send_signal(signal.SIGSTOP)
            os.waitid(os.P_PID, other.pid, os.WSTOPPED | os.WNOWAIT)
        for spelling in ("out.jsonl", "../data/out.jsonl", "../link/out.jsonl", str(tmp_path / "link" / "out.jsonl")):
            said = rf"^{spelling} is being written .* \(pid {other.pid}\)"
            with pytest.raises(UsageError, match=said), lock_output(Path(spelling)):
                pytest.fail("locked twice")
        with lock_output(Path("other.jsonl")), lock_output(None):
            pass
        other.send_signal(signal.SIGCONT)
        assert end(other) == 0
    with lock_output(Path("out.jsonl")):
        pass
    assert not list((tmp_path / "data").iterdir())


def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    """Its lock is free at once, and the file that it left goes with the next holder's."""
    path = tmp_path / "out.jsonl"
    with at_work(LOCK, path) as other:
        kill(other)
    assert len(hidden(tmp_path)) == 1
    with lock_output(path):
        pass
    assert hidden(tmp_path) == []


def test_a_lock_leaves_no_folder(tmp_path: Path) -> None:
    """Folders that were made for it go if nothing came into them, and stay otherwise."""
    with pytest.raises(ZeroDivisionError), lock_output(tmp_path / "new" / "deep" / "out.jsonl"):
        raise ZeroDivisionError
    assert not list(tmp_path.iterdir())
    with lock_output(tmp_path / "new" / "deep" / "out.jsonl"):
        (tmp_path / "new" / "deep" / "out.jsonl").touch()
    assert [path.name for path in tmp_path.rglob("*")] == ["new", "deep", "out.jsonl"]


def test_no_two_processes_are_ever_inside(tmp_path: Path) -> None:
    """Three processes take and leave one lock as fast as they can: none of their counts is lost."""
    path = tmp_path / "count"
    path.write_text("0")
    with at_work(COUNT, path) as first, at_work(COUNT, path) as second, at_work(COUNT, path) as third:
        for process in (first, second, third):
            assert process.stdin is not None
            process.stdin.close()
        for process in (first, second, third):
            assert process.wait() == 0
    assert path.read_text() == "150"
    assert hidden(tmp_path) == []
