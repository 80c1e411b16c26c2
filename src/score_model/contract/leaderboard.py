"""Records of the leaderboard export: what one row holds, in both generations (contract section 1).

Every field may be null or missing. Fields that we don't know are not lost: they stay in the raw dump, and
`unknown_fields` names them.
"""

from functools import cache
from typing import Any

import msgspec

from score_model.contract.websites import website_of_url
from score_model.errors import ContractError


class _Record(msgspec.Struct, frozen=True, kw_only=True, rename="camel", gc=False):
    """Base of the export's records: camelCase on the wire, unknown fields ignored."""


class EntryTask(_Record, frozen=True):
    """What was asked. The 2025 export calls the wording `intent`, the 2026 one `prompt`."""

    task_id: str | int | None = None
    website: str | None = None
    use_case: str | None = None
    intent: str | None = None
    prompt: str | None = None
    start_url: str | None = None
    required_url: str | None = None
    web_version: str | int | float | None = None
    tests: msgspec.Raw = msgspec.Raw(b"null")
    created_at: str | None = None

    @property
    def wording(self) -> str | None:
        """The task's text under either of its names."""
        return self.intent if self.intent is not None else self.prompt

    @property
    def site(self) -> str | None:
        """The website's lower-case name; where the export leaves it out, derived from the start URL's port."""
        return self.website.lower() if self.website else website_of_url(self.start_url)


class EntrySolution(_Record, frozen=True):
    """What an agent answered; `actions` and `trajectory` are kept as received."""

    task_solution_id: str | int | None = None
    trajectory: msgspec.Raw = msgspec.Raw(b"null")
    actions: list[msgspec.Raw] | None = None
    created_at: str | None = None


class Evaluation(_Record, frozen=True):
    """What the validator said. `score` and `passed` are independent facts; neither is derived from the other."""

    evaluation_result_id: str | int | None = None
    score: float | None = None
    passed: bool | None = None


class AgentRun(_Record, frozen=True):
    """Who answered (miner) and who judged (validator)."""

    agent_run_id: str | int | None = None
    miner_uid: int | None = None
    miner_hotkey: str | None = None
    validator_uid: int | None = None
    validator_hotkey: str | None = None


class LeaderboardEntry(_Record, frozen=True):
    """One row of the export."""

    task: EntryTask | None = None
    solution: EntrySolution | None = None
    evaluation: Evaluation | None = None
    agent_run: AgentRun | None = None

    def identity(self) -> tuple[str, str, str]:
        """Task id, solution id and evaluation id, empty where there is none: what makes two rows the same row."""
        return (
            text_id(self.task.task_id if self.task else None),
            text_id(self.solution.task_solution_id if self.solution else None),
            text_id(self.evaluation.evaluation_result_id if self.evaluation else None),
        )


class RawLine(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One line of a raw dump; `entry` is the row as received."""

    entry: msgspec.Raw
    filters: dict[str, Any] = {}
    page: int | str | None = None
    fetched_at: str | None = None


def text_id(value: str | int | None) -> str:
    """An id as text; ids that come as numbers are the same ids."""
    if isinstance(value, str):
        return value
    return "" if value is None else str(value)


@cache
def _entry_decoder() -> msgspec.json.Decoder[LeaderboardEntry]:
    return msgspec.json.Decoder(LeaderboardEntry)


def decode_entry(raw: bytes | msgspec.Raw) -> LeaderboardEntry:
    """The typed row of its JSON bytes. Raises ContractError with the field that breaks the contract."""
    try:
        return _entry_decoder().decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as broken:
        raise ContractError(f"not an entry: {broken}") from None


_KNOWN: dict[str, frozenset[str]] = {
    "task": frozenset(field.encode_name for field in msgspec.structs.fields(EntryTask)),
    "solution": frozenset(field.encode_name for field in msgspec.structs.fields(EntrySolution)),
    "evaluation": frozenset(field.encode_name for field in msgspec.structs.fields(Evaluation)),
    "agentRun": frozenset(field.encode_name for field in msgspec.structs.fields(AgentRun)),
}


@cache
def _shape_decoder() -> msgspec.json.Decoder[dict[str, msgspec.Raw]]:
    return msgspec.json.Decoder(dict[str, msgspec.Raw])


def unknown_fields(raw: bytes | msgspec.Raw) -> list[str]:
    """Names of the row's fields that no record knows, such as `task.webColor`, sorted; for counting what moved.

    Raises ContractError if `raw` is no JSON object.
    """
    names: set[str] = set()
    try:
        for part, value in _shape_decoder().decode(raw).items():
            known = _KNOWN.get(part)
            if known is None:
                names.add(part)
            elif memoryview(value)[0] == ord("{"):
                names.update(f"{part}.{name}" for name in _shape_decoder().decode(value) if name not in known)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as broken:
        raise ContractError(f"not an entry: {broken}") from None
    return sorted(names)
