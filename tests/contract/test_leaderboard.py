"""The export's records, in both generations."""

import json
from typing import Any

import msgspec
import pytest

from score_model.contract.leaderboard import EntryTask, LeaderboardEntry, RawLine, decode_entry, text_id, unknown_fields
from score_model.contract.websites import website_of_url
from score_model.errors import ContractError

ENTRY: dict[str, Any] = {
    "task": {"taskId": "t", "website": "AutoDrive", "useCase": "SELECT_DATE", "intent": "old", "startUrl": None,
             "requiredUrl": None, "createdAt": "2025-11-10T23:18:07Z"},
    "solution": {"taskSolutionId": "s", "trajectory": [], "actions": [{"type": "click"}], "createdAt": None},
    "evaluation": {"evaluationResultId": "e", "score": 1, "passed": True},
    "agentRun": {"agentRunId": "r", "minerUid": 80, "minerHotkey": "h", "validatorUid": 20, "validatorHotkey": "v"},
}  # fmt: skip


def decoded(value: Any) -> LeaderboardEntry:
    """The record of a JSON value."""
    return decode_entry(json.dumps(value).encode())


def test_both_generations_have_one_wording() -> None:
    """`intent` of 2025 and `prompt` of 2026; `intent` where a row has both."""
    assert decoded(ENTRY).task == decoded(ENTRY | {"task": ENTRY["task"]}).task
    assert EntryTask(intent="old").wording == "old"
    assert EntryTask(prompt="new").wording == "new"
    assert EntryTask(intent="old", prompt="new").wording == "old"
    assert EntryTask().wording is None


def test_the_new_generation_has_tests_and_a_version() -> None:
    """They are kept as received."""
    entry = decoded({"task": {"taskId": "t", "webVersion": "2.0", "tests": [{"type": "CheckEventTest"}]}})
    assert entry.task is not None
    assert entry.task.web_version == "2.0"
    assert bytes(entry.task.tests) == b'[{"type": "CheckEventTest"}]'


@pytest.mark.parametrize("part", ["task", "solution", "evaluation", "agentRun"])
def test_null_or_missing_parts_and_fields(part: str) -> None:
    """Every part and every field of it may be null or missing."""
    decoded(ENTRY | {part: None})
    decoded({key: value for key, value in ENTRY.items() if key != part})
    decoded(ENTRY | {part: {}})
    for field in ENTRY[part]:
        decoded(ENTRY | {part: ENTRY[part] | {field: None}})


@pytest.mark.parametrize("score", [0, 1, 0.85, 1.0])
def test_scores_are_integers_or_floats(score: float) -> None:
    """A float either way; `passed` is another fact."""
    entry = decoded({"evaluation": {"score": score, "passed": False}})
    assert entry.evaluation is not None
    assert isinstance(entry.evaluation.score, float)
    assert (entry.evaluation.score, entry.evaluation.passed) == (score, False)


def test_identity_is_text() -> None:
    """Ids that come as numbers are the same ids; what is missing is empty."""
    assert decoded(ENTRY).identity() == ("t", "s", "e")
    assert decoded({"task": {"taskId": 7}, "solution": None}).identity() == ("7", "", "")
    assert (text_id(None), text_id(7), text_id("7")) == ("", "7", "7")


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b'{"task": 5}', b'{"task": {"taskId": []}}', b'{"task": {"intent": "\xff"}}']
)
def test_what_is_no_entry_is_a_contract_error(raw: bytes) -> None:
    """With the reason, and nothing else escapes."""
    with pytest.raises(ContractError, match="not an entry"):
        decode_entry(raw)


def test_unknown_fields_are_named() -> None:
    """New fields are found wherever the export adds them; known ones are not listed."""
    raw = ENTRY | {"task": ENTRY["task"] | {"webColor": 1}, "reward": {}, "solution": None}
    assert unknown_fields(json.dumps(raw).encode()) == ["reward", "task.webColor"]
    assert unknown_fields(json.dumps(ENTRY).encode()) == []
    assert unknown_fields(b'{"agentRun": {"x": 1e999}}') == ["agentRun.x"]
    with pytest.raises(ContractError):
        unknown_fields(b"[1]")


def test_a_raw_line_keeps_its_entry_as_received() -> None:
    """Spacing, key order and number spellings included."""
    line = msgspec.json.decode(b'{"page": 1, "entry": {"b": 1.50,  "a": 2}, "filters": {"x": 1}}', type=RawLine)
    assert bytes(line.entry) == b'{"b": 1.50,  "a": 2}'


@pytest.mark.parametrize(
    ("url", "website"),
    [
        ("http://localhost:8000/?seed=1", "autocinema"), ("https://127.0.0.1:8014", "autofinance"),
        ("http://localhost/", None), ("http://localhost:99999/", None), ("http://[", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_websites_have_ports(url: str | None, website: str | None) -> None:
    """Known ports name the site; anything else names none and raises nothing."""
    assert website_of_url(url) == website
    assert EntryTask(start_url=url).site == website
    assert EntryTask(start_url=url, website="AutoX").site == "autox"
