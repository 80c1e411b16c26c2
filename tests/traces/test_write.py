"""Promises of TraceWriter: a trace is there whole or not at all, whatever happens to its writer."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import zstandard

from score_model.errors import ContractError, UsageError
from score_model.traces import BrowserSnapshot, TraceStep, TraceWriter, iter_traces, load_trace
from score_model.traces import _write as write_module
from tests.cli.commands import environment
from tests.traces.factories import FOOTER, HEADER, make_trace, page, step, write_trace

ROOT = Path(__file__).parents[2]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def write_some(path: Path, steps: int, *, then: BaseException | None = None) -> None:
    """Writes steps, then raises."""
    with TraceWriter(path, HEADER) as writer:
        for number in range(steps):
            writer.write(step(number))
        if then:
            raise then


@pytest.mark.parametrize("name", ["t.jsonl", "t.jsonl.zst"])
def test_only_finish_gives_the_name(tmp_path: Path, name: str) -> None:
    """Until finish no file has the trace's name; afterwards there is that file and no other."""
    path = tmp_path / "deep" / "er" / name
    with TraceWriter(path, HEADER) as writer:
        writer.write(step(0))
        assert not path.exists()
        assert list(iter_traces(tmp_path)) == []
        writer.finish(FOOTER)
        assert len(load_trace(path).steps) == 1
    assert names(tmp_path) == [name]


@pytest.mark.parametrize("name", ["t.jsonl", "t.jsonl.zst"])
def test_a_block_that_ends_early_leaves_nothing(tmp_path: Path, name: str) -> None:
    """Without finish, by an exception or not, no file is left, and what had the name before is still there."""
    path = tmp_path / name
    with TraceWriter(path, HEADER) as writer:
        writer.write(step(0))
    assert names(tmp_path) == []
    write_trace(path, make_trace(2))
    with pytest.raises(KeyboardInterrupt):
        write_some(path, 1, then=KeyboardInterrupt())
    assert load_trace(path) == make_trace(2)
    assert names(tmp_path) == [name]


def test_the_frame(tmp_path: Path) -> None:
    """A compressed trace is one frame with a window of 2^27 and a checksum, and repeated pages cost almost nothing."""
    noise = random.Random(1)
    html = "".join(f"<p>{noise.randbytes(30).hex()}</p>" for _ in range(15_000))  # about 1 MB, hardly compressible
    path = tmp_path / "t.jsonl.zst"
    sizes = []
    for steps in (1, 20):
        with TraceWriter(path, HEADER) as writer:
            for number in range(steps):
                snapshot = BrowserSnapshot(prev_html=html, current_html=html)
                writer.write(TraceStep(action_index=number, action={}, browser_snapshot=snapshot))
            writer.finish(FOOTER)
        sizes.append(path.stat().st_size)
    assert sizes[1] < 1.05 * sizes[0]
    declared = zstandard.get_frame_parameters(path.read_bytes()[:32])
    assert (declared.window_size, declared.has_checksum) == (1 << 27, True)


def test_the_same_steps_give_the_same_bytes(tmp_path: Path) -> None:
    """A trace's bytes depend on nothing but its records."""
    files = [write_trace(tmp_path / f"{number}.jsonl.zst", make_trace()) for number in range(2)]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_names_that_are_no_traces(tmp_path: Path) -> None:
    """A path that no reader would take is refused before anything is made."""
    with pytest.raises(UsageError, match=r"ends in \.jsonl\.zst or \.jsonl"):
        TraceWriter(tmp_path / "x" / "t.json", HEADER)
    assert list(tmp_path.iterdir()) == []


def test_bounds_of_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be read back is not written: too long a line, too many steps, too many bytes."""
    path = tmp_path / "t.jsonl.zst"
    with pytest.raises(ContractError, match="a line of 34,0"), TraceWriter(path, HEADER) as writer:
        writer.write(step(0, error="x" * 34_000_000))
    monkeypatch.setattr(write_module, "MAX_STEPS", 2)
    with pytest.raises(ContractError, match="more than 2 steps"):
        write_some(path, 3)
    monkeypatch.setattr(write_module, "MAX_BYTES", 10_000)
    with pytest.raises(ContractError, match="more than 10,000 bytes"):
        write_some(path, 2)
    assert names(tmp_path) == []


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    """A file in the way of a folder is one line that names the trace."""
    (tmp_path / "site").touch()
    with (
        pytest.raises(UsageError, match=r"can't write .*/site/t/s\.jsonl: Not a directory"),
        TraceWriter(tmp_path / "site" / "t" / "s.jsonl", HEADER),
    ):
        pass


@pytest.mark.parametrize("name", ["t.jsonl", "t.jsonl.zst"])
@pytest.mark.parametrize("limit", [10, 100_000, 700_000])
def test_a_full_disk(tmp_path: Path, name: str, limit: int) -> None:
    """A file that can't grow ends in one line with the path, at whatever byte, and leaves nothing."""
    code = (
        "import random, resource, sys\n"
        "from pathlib import Path\n"
        "from score_model.errors import UsageError\n"
        "from score_model.traces import TraceWriter\n"
        "from tests.traces.factories import FOOTER, HEADER, step\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))\n"
        "try:\n"
        "    with TraceWriter(Path(sys.argv[1]), HEADER) as writer:\n"
        "        for number in range(40): writer.write(step(number, error=random.randbytes(20000).hex()))\n"
        "        writer.finish(FOOTER)\n"
        "except UsageError as error: sys.stderr.write(str(error))"
    )
    command = [sys.executable, "-B", "-c", code, str(tmp_path / name), str(limit)]  # -B: no cached file cut short
    ran = subprocess.run(command, capture_output=True, text=True, check=True, env=environment(), cwd=ROOT)
    assert ran.stderr == f"can't write {tmp_path / name}: File too large"
    assert names(tmp_path) == []


def test_a_kill_at_any_moment_leaves_only_whole_traces(tmp_path: Path) -> None:
    """After SIGKILL every file with a trace's name loads whole, and the next writer of the torn one takes its place."""
    code = (
        "import itertools, sys\n"
        "from pathlib import Path\n"
        "from tests.traces.factories import make_trace, write_trace\n"
        "trace = make_trace(40)\n"
        "for number in itertools.count():\n"
        "    write_trace(Path(sys.argv[1]) / f'{number:05}.jsonl.zst', trace)\n"
        "    if number == 0: print('started', flush=True)"
    )
    moments = random.Random(5)
    for attempt in range(4):
        folder = tmp_path / str(attempt)
        command = [sys.executable, "-c", code, str(folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment(), cwd=ROOT) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(moments.uniform(0, 0.1))
            os.kill(process.pid, signal.SIGKILL)
        traces = list(iter_traces(folder))
        assert traces
        for path in traces[-3:]:
            assert load_trace(path) == make_trace(40)
        write_trace(folder / f"{len(traces):05}.jsonl.zst", make_trace(1))
        assert len(names(folder)) == len(traces) + 1


def test_a_kill_in_the_middle_leaves_no_name(tmp_path: Path) -> None:
    """A writer that is killed between two steps leaves nothing that a reader would take for a trace."""
    code = (
        "import signal, sys\n"
        "from pathlib import Path\n"
        "from score_model.traces import TraceWriter\n"
        "from tests.traces.factories import HEADER, step\n"
        "with TraceWriter(Path(sys.argv[1]), HEADER) as writer:\n"
        "    for number in range(200): writer.write(step(number))\n"
        "    print('written', flush=True)\n"
        "    signal.pause()"
    )
    path = tmp_path / "t.jsonl.zst"
    command = [sys.executable, "-c", code, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment(), cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"written\n"
        os.kill(process.pid, signal.SIGKILL)
    assert not path.exists()
    assert list(iter_traces(tmp_path)) == []
    write_trace(path, make_trace())
    assert names(tmp_path) == [path.name]
    assert page(0) in str(load_trace(path).steps[0].browser_snapshot.prev_html)
