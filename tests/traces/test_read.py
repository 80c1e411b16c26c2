"""Promises of reading: whole traces come back, and torn, foreign or malicious files are refused in one line."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

import score_model
from score_model.errors import ContractError, UsageError
from score_model.traces import Trace, iter_traces, load_trace, read_trace
from score_model.traces._records import encode_line
from tests.cli.commands import environment
from tests.traces.factories import FOOTER, HEADER, frame, make_trace, records_of, step, write_trace
from tests.traces.test_records import FOOTERS, HEADERS, STEPS

STEP = b'{"action_index":0,"action":{}}\n'
HEAD = b'{"kind":"header"}\n'
FOOT = b'{"kind":"footer"}\n'


def refusal(path: Path) -> str:
    """The one line that refuses to load the file."""
    with pytest.raises(ContractError) as refused:
        load_trace(path)
    assert str(refused.value).startswith(str(path))
    assert "\n" not in str(refused.value)
    return str(refused.value).removeprefix(str(path))


@settings(max_examples=25, deadline=None)
@given(st.builds(Trace, HEADERS, st.lists(STEPS, max_size=3).map(tuple), FOOTERS), st.booleans())
def test_what_is_written_is_read(trace: Trace, compressed: bool) -> None:
    """Any trace comes back as it was, whole and record by record, compressed or not."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_trace(Path(folder) / ("t.jsonl.zst" if compressed else "t.jsonl"), trace)
        assert score_model.load_trace(str(path)) == trace
        assert list(read_trace(path)) == records_of(trace)


def test_long_lines_span_chunks(tmp_path: Path) -> None:
    """Lines longer than any chunk that is read come back whole, compressed or not."""
    long = step(0, error="é" * 1_000_000)
    for name in ("t.jsonl", "t.jsonl.zst"):
        trace = Trace(HEADER, (long, step(1), long), FOOTER)
        assert load_trace(write_trace(tmp_path / name, trace)) == trace


def test_a_trace_without_footer(tmp_path: Path) -> None:
    """A file that ends after a step, with or without an end of line, is a trace without a footer."""
    path = tmp_path / "t.jsonl"
    for content in (HEAD + STEP, (HEAD + STEP)[:-1]):
        path.write_bytes(content)
        assert load_trace(path).footer is None
        assert len(load_trace(path).steps) == 1


def test_every_cut_of_a_compressed_trace_is_refused(tmp_path: Path) -> None:
    """A compressed file that was torn anywhere, even between two lines, is refused."""
    whole = write_trace(tmp_path / "whole.jsonl.zst", make_trace(1)).read_bytes()
    torn = tmp_path / "torn.jsonl.zst"
    for length in range(0, len(whole), 3):
        torn.write_bytes(whole[:length])
        refusal(torn)


def test_a_cut_line_is_refused(tmp_path: Path) -> None:
    """A plain file that was torn inside a line is refused with the line's number."""
    lines = [encode_line(record) for record in records_of(make_trace(2))]
    torn = tmp_path / "torn.jsonl"
    for cut in (1, 17, len(lines[2]) - 2):
        torn.write_bytes(b"".join(lines[:2]) + lines[2][:cut])
        assert refusal(torn).startswith(": line 3: ")


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_a_flipped_byte_never_lies(data: st.DataObject) -> None:
    """A compressed trace with one damaged byte is refused or reads as it was."""
    trace = make_trace()
    with tempfile.TemporaryDirectory() as folder:
        path = write_trace(Path(folder) / "t.jsonl.zst", trace)
        content = bytearray(path.read_bytes())
        content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
        path.write_bytes(content)
        try:
            read = load_trace(path)
        except ContractError:
            return
        assert read == trace


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (STEP, "line 1: .*header must be the first"),
        (FOOT, "line 1: .*header must be the first"),
        (HEAD + HEAD, "line 2: .*header must be the first"),
        (HEAD + FOOT + STEP, "line 3: something follows the footer"),
        (HEAD + FOOT + FOOT, "line 3: something follows the footer"),
        (HEAD + b"\n" + STEP, "line 2: not JSON"),
        (b"\n" * 1_000_000, "line 1: not JSON"),
        (b'{"entry":{},"filters":{},"page":1,"fetched_at":"2026"}\n', "line 1: not a line of a trace"),
        (b"<html>", "line 1: not JSON"),
        (HEAD + STEP * 10_001, "line 10002: more than 10,000 steps"),
    ],
    ids=range(11),
)
@pytest.mark.parametrize("compressed", [False, True])
def test_foreign_files_are_refused(tmp_path: Path, content: bytes, reason: str, compressed: bool) -> None:
    """What is no trace is refused with path, line and reason, whether it is compressed or not."""
    path = tmp_path / ("t.jsonl.zst" if compressed else "t.jsonl")
    path.write_bytes(frame(content) if compressed else content)
    with pytest.raises(ContractError, match=reason):
        load_trace(path)
    refusal(path)


@pytest.mark.parametrize("compressed", [False, True])
def test_endless_lines_are_refused(tmp_path: Path, compressed: bool) -> None:
    """A line of more than 32 MiB is refused when the bound is reached."""
    path = tmp_path / ("t.jsonl.zst" if compressed else "t.jsonl")
    content = HEAD + b'{"action_index":0,"action":"' + b"a" * (33 << 20)
    path.write_bytes(frame(content) if compressed else content)
    assert "a line of more than 33,554,432 bytes" in refusal(path)


def test_files_that_are_no_single_frame(tmp_path: Path) -> None:
    """Plain text, two frames, rubbish behind the frame and a skippable frame are not compressed traces."""
    path = tmp_path / "t.jsonl.zst"
    whole = frame(HEAD + STEP + FOOT)
    for content, reason in (
        (HEAD + STEP, "not a zstd frame"),
        (whole + whole, "something follows the zstd frame"),
        (whole + b"\0", "something follows the zstd frame"),
        (whole + b"\0" * 5000, "something follows the zstd frame"),
        (b"\x50\x2a\x4d\x18\x02\0\0\0ab", ""),
        (b"PK\x03\x04" + bytes(40), "not a zstd frame"),
    ):
        path.write_bytes(content)
        assert reason in refusal(path)


def test_wide_windows_and_declared_sizes_are_refused(tmp_path: Path) -> None:
    """A frame that wants more than 128 MiB of window, or declares more than may be read, is refused by its header."""
    path = tmp_path / "t.jsonl.zst"
    wide = zstandard.ZstdCompressionParameters.from_level(3, window_log=28)
    compressor = zstandard.ZstdCompressor(compression_params=wide).compressobj()
    path.write_bytes(compressor.compress(HEAD) + compressor.flush())
    assert "wants a window of 268,435,456 bytes" in refusal(path)
    compressor = zstandard.ZstdCompressor().compressobj(size=3 << 30)
    path.write_bytes(compressor.compress(HEAD) + compressor.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK))
    assert "declares 3,221,225,472 bytes; 536,870,912 is the most" in refusal(path)


def test_the_bound_on_bytes_holds(tmp_path: Path) -> None:
    """A trace of more bytes than the caller allows is refused, compressed or not, and one of just as many is read."""
    for name in ("t.jsonl", "t.jsonl.zst"):
        path = write_trace(tmp_path / name, make_trace())
        size = sum(len(encode_line(record)) for record in records_of(make_trace()))
        assert load_trace(path, max_bytes=size) == make_trace()
        with pytest.raises(ContractError, match="holds more than"):
            list(read_trace(path, max_bytes=size - 1))


def test_a_bomb_costs_little_memory(tmp_path: Path) -> None:
    """A file of a few KB that swells to 256 MiB is refused long before it has swollen."""
    path = tmp_path / "bomb.jsonl.zst"
    compressor = zstandard.ZstdCompressor(1).compressobj()
    with path.open("wb") as file:
        for _ in range(16):
            file.write(compressor.compress(bytes(16 << 20)))
        file.write(compressor.flush())
    assert path.stat().st_size < 100_000
    code = (
        "import pathlib, sys, score_model\n"
        "from score_model.errors import ContractError\n"
        "try: score_model.load_trace(sys.argv[1])\n"
        "except ContractError as error: print(error)\n"
        "print(pathlib.Path('/proc/self/status').read_text().partition('VmHWM:')[2].split()[0])"
    )
    command = [sys.executable, "-c", code, str(path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, env=environment())
    reason, peak_kib = ran.stdout.splitlines()
    assert "a line of more than" in reason
    assert int(peak_kib) < 200 * 1024


def test_missing_files(tmp_path: Path) -> None:
    """A missing trace or folder is the user's mistake; a name that is no trace's is refused at once."""
    with pytest.raises(UsageError, match="no trace at"):
        load_trace(tmp_path / "t.jsonl.zst")
    with pytest.raises(UsageError, match="no trace at"):
        read_trace(tmp_path)
    with pytest.raises(UsageError, match="no folder of traces at"):
        iter_traces(tmp_path / "none")
    (tmp_path / "t.txt").write_bytes(HEAD)
    with pytest.raises(ContractError, match="its name ends neither"):
        read_trace(tmp_path / "t.txt")


def test_a_folder_is_listed_in_order(tmp_path: Path) -> None:
    """Traces come in the order of their names; hidden and other files and links to folders are passed over."""
    for name in (
        "b/2.jsonl",
        "b/1.jsonl.zst",
        "a/z/1.jsonl.zst",
        "c.jsonl",
        "b/.3.jsonl.zst.tmp",
        "b/x.txt",
        ".h/1.jsonl",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "d").symlink_to(tmp_path)
    found = [str(path.relative_to(tmp_path)) for path in iter_traces(tmp_path)]
    assert found == ["a/z/1.jsonl.zst", "b/1.jsonl.zst", "b/2.jsonl", "c.jsonl"]
