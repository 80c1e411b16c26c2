"""Promises about the extra `replay`: it is loaded when it is needed, and where it is missing one line says so."""

import subprocess
import sys
from pathlib import Path

import pytest

from score_model.errors import MissingExtraError
from score_model.traces import TraceWriter, clean_html, load_trace, read_trace
from tests.cli.commands import environment
from tests.traces.factories import HEADER, make_trace, write_trace


def test_import_is_light() -> None:
    """Neither the room nor the package's load_trace loads a compressor, a parser or a matcher."""
    code = "import sys, score_model\nscore_model.load_trace\nimport score_model.traces\nprint(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment())
    assert not {"zstandard", "rapidfuzz", "selectolax", "aiohttp", "pyarrow"} & set(ran.stdout.split())


def test_without_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it plain traces and cleaning work; compressed traces and diffs say what to install, and leave nothing."""
    compressed = write_trace(tmp_path / "a" / "t.jsonl.zst", make_trace())
    for name in [name for name in sys.modules if name.partition(".")[0] in {"zstandard", "rapidfuzz"}]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delitem(sys.modules, "score_model.traces._html_diff", raising=False)
    monkeypatch.setitem(sys.modules, "zstandard", None)
    monkeypatch.setitem(sys.modules, "rapidfuzz", None)
    plain = write_trace(tmp_path / "b" / "t.jsonl", make_trace())
    assert load_trace(plain) == make_trace()
    assert clean_html("<!-- -->a") == "a"
    install = r"pip install 'score-model\[replay\]'"
    with pytest.raises(MissingExtraError, match=install):
        read_trace(compressed)
    with pytest.raises(MissingExtraError, match=install):
        TraceWriter(tmp_path / "c" / "t.jsonl.zst", HEADER)
    assert not (tmp_path / "c").exists()
    with pytest.raises(MissingExtraError, match=install):
        from score_model.traces import diff_html  # noqa: F401  (importing it is what fails)
