"""Promises of trace_path: ids from outside are safe, distinct file names."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from score_model.traces import trace_path

IDS = st.text(st.characters(), max_size=300) | st.sampled_from(["..", ".", "", "/", "a/../b", "%2F", "~", "A" * 300])
OUT = Path("out")


def test_ordinary_ids_stay_readable() -> None:
    """Ids as production makes them are file names as they are."""
    path = trace_path(OUT, "autobooks", "02876f6d-8a8c-4831-b22e-5f41dab2525b", "task_solution_80_d3c2b96cc8b3")
    assert path == Path("out/autobooks/02876f6d-8a8c-4831-b22e-5f41dab2525b/task_solution_80_d3c2b96cc8b3.jsonl.zst")
    assert trace_path(OUT, None, "t", "s", compressed=False) == Path("out/unknown/t/s.jsonl")


@pytest.mark.parametrize(
    ("identity", "name"),
    [
        ("", "%"),
        (".", "%2E"),
        ("..", "%2E."),
        (".hidden", "%2Ehidden"),
        ("-rf", "%2Drf"),
        ("../../etc/passwd", "%2E.%2F..%2Fetc%2Fpasswd"),
        ("a\x00b\nc", "a%00b%0Ac"),
        ("back\\slash", "back%5Cslash"),
        ("Ab", "%41b"),
        ("é", "%C3%A9"),
        ("\ud800", "%ED%A0%80"),
        ("100%", "100%25"),
    ],
)
def test_hostile_ids(identity: str, name: str) -> None:
    """Separators, leading dots, control characters, capitals and what is not ASCII are percent-encoded."""
    assert trace_path(OUT, identity, identity, identity).parts == ("out", name, name, f"{name}.jsonl.zst")


@given(IDS, IDS, IDS)
def test_a_path_never_leaves_its_folder(website: str, task_id: str, solution_id: str) -> None:
    """Three names below the output folder, each of plain characters, not hidden, and short enough with every suffix."""
    parts = trace_path(OUT, website, task_id, solution_id).parts
    assert len(parts) == 4
    for part in parts[1:]:
        assert part.isascii()
        assert part.isprintable()
        assert not set(part) & set("/\\ :*?\"<>|'$`")
        assert part[0] not in ".-"
        assert len(part) <= 210


@given(IDS, IDS)
def test_different_ids_never_meet(one: str, other: str) -> None:
    """Different ids have names that differ even where a file system ignores case or normalises Unicode."""
    names = {unicodedata.normalize("NFD", str(trace_path(OUT, "w", "t", text))).casefold() for text in (one, other)}
    assert len(names) == len({one, other})


def test_long_ids_end_in_a_digest() -> None:
    """Two long ids with the same beginning stay apart, and an id that looks like a shortened name is not mistaken."""
    long = trace_path(OUT, "w", "t", "a" * 201)
    assert long != trace_path(OUT, "w", "t", "a" * 202)
    assert len(long.name) == 200 + len(".jsonl.zst")
    assert trace_path(OUT, "w", "t", "a" * 200).name == "a" * 200 + ".jsonl.zst"
    assert trace_path(OUT, "w", "t", long.name.removesuffix(".jsonl.zst")) != long
