"""One line of a raw dump, checked and flattened to the dataset's columns (docs/architecture.md, "Formats")."""

from collections.abc import Callable
from functools import cache, lru_cache

import msgspec

from score_model.contract import Sample, parse_instant
from score_model.contract.leaderboard import AgentRun, EntrySolution, EntryTask, Evaluation, LeaderboardEntry, text_id
from score_model.contract.sample import SCHEMA_VERSION
from score_model.dataset._split import group_of
from score_model.errors import ContractError

_NULL = msgspec.Raw(b"null")
_INT64 = 1 << 63

_NO_TASK, _NO_SOLUTION, _NO_EVALUATION, _NO_RUN = EntryTask(), EntrySolution(), Evaluation(), AgentRun()


class RawRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A raw dump's line, decoded and checked in one go; the filters' values stay as received."""

    entry: LeaderboardEntry | msgspec.UnsetType = msgspec.UNSET
    filters: dict[str, msgspec.Raw] | None = None
    fetched_at: str | None = None


class _KnownTask(EntryTask, frozen=True, forbid_unknown_fields=True): ...


class _KnownSolution(EntrySolution, frozen=True, forbid_unknown_fields=True): ...


class _KnownEvaluation(Evaluation, frozen=True, forbid_unknown_fields=True): ...


class _KnownAgentRun(AgentRun, frozen=True, forbid_unknown_fields=True): ...


class KnownEntry(LeaderboardEntry, frozen=True, forbid_unknown_fields=True):
    """An entry without any field that the contract does not know."""

    task: _KnownTask | None = None
    solution: _KnownSolution | None = None
    evaluation: _KnownEvaluation | None = None
    agent_run: _KnownAgentRun | None = None


class _KnownRow(RawRow, frozen=True):
    entry: KnownEntry | msgspec.UnsetType = msgspec.UNSET


class FlatRow(msgspec.Struct, gc=False):
    """A dataset line, in the order of its columns; `tests`, `actions`, `trajectory` and `filters` as received.

    Only `dataset relabel` writes an `override` that is not null.
    """

    task_id: str
    task_created_at: str | None
    website: str | None
    use_case: str | None
    intent: str | None
    start_url: str | None
    required_url: str | None
    web_version: str | None
    tests: msgspec.Raw
    solution_id: str
    solution_created_at: str | None
    agent_run_id: str | None
    miner_uid: int | None
    validator_uid: int | None
    score: float | None
    passed: bool | None
    num_actions: int
    actions: list[msgspec.Raw]
    trajectory: msgspec.Raw
    fetched_at: str | None
    filters: dict[str, msgspec.Raw]
    group: str
    split: str
    label_quality: str = "ok"
    override: msgspec.Raw = _NULL
    schema_version: int = SCHEMA_VERSION


class _Envelope(msgspec.Struct, frozen=True, gc=False):
    entry: msgspec.Raw = msgspec.Raw()


@cache
def _envelope_decoder() -> msgspec.json.Decoder[_Envelope]:
    return msgspec.json.Decoder(_Envelope)


def entry_bytes(line: bytes) -> bytes:
    """The entry of a valid line, as received."""
    entry = _envelope_decoder().decode(line).entry
    return bytes(entry) or line.strip()


_Decoders = tuple[Callable[[bytes], RawRow], Callable[[bytes], LeaderboardEntry]]


@cache
def _decoders() -> tuple[_Decoders, _Decoders]:
    """For a line and for an entry without its envelope: those that know every field, and those that allow others."""
    known = msgspec.json.Decoder(_KnownRow).decode, msgspec.json.Decoder(KnownEntry).decode
    return known, (msgspec.json.Decoder(RawRow).decode, msgspec.json.Decoder(LeaderboardEntry).decode)


def decode_line(line: bytes) -> tuple[LeaderboardEntry, RawRow]:
    """The typed entry of one line, and its envelope; a line that is an entry without its envelope counts as one.

    The entry is a KnownEntry unless it has a field that the contract does not know. Raises ContractError with a reason
    that holds no text of the row.
    """
    known, lenient = _decoders()
    try:
        if b"\r" in line:
            line = line.strip()
            if b"\r" in line:  # white space outside strings that would break the dataset's line in two
                line = msgspec.json.format(line, indent=-1)
        try:
            return _decoded(line, known)
        except msgspec.ValidationError:  # a field that the contract does not know, or one that breaks it
            return _decoded(line, lenient)
    except msgspec.ValidationError as broken:
        raise ContractError(str(broken)) from None
    except UnicodeDecodeError:
        raise ContractError("not UTF-8") from None
    except (msgspec.DecodeError, RecursionError):
        raise ContractError("not JSON") from None


def _decoded(line: bytes, decoders: _Decoders) -> tuple[LeaderboardEntry, RawRow]:
    decode_row, decode_entry = decoders
    row = decode_row(line)
    if row.entry is not msgspec.UNSET:
        return row.entry, row
    return decode_entry(line), RawRow()


def flatten(line: bytes, entry: LeaderboardEntry, envelope: RawRow) -> FlatRow:
    """The dataset line of a decoded line of a raw dump, its label quality still `ok`.

    Raises ContractError with the reason if the row breaks the contract; dates are left to `instants_of`.
    """
    if not line.isascii():
        try:
            line.decode()
        except UnicodeDecodeError:
            raise ContractError("not UTF-8") from None
    task = entry.task or _NO_TASK
    solution = entry.solution or _NO_SOLUTION
    evaluation = entry.evaluation or _NO_EVALUATION
    run = entry.agent_run or _NO_RUN
    task_id = text_id(task.task_id)
    if not task_id:
        raise ContractError("no task id")
    solution_id = text_id(solution.task_solution_id) or text_id(evaluation.evaluation_result_id)
    if not solution_id:
        raise ContractError("neither a solution id nor an evaluation id")
    score, miner, validator = evaluation.score, run.miner_uid, run.validator_uid
    if score is not None and not 0.0 <= score <= 1.0:
        raise ContractError("score outside 0..1")
    if not (-_INT64 <= (miner or 0) < _INT64 and -_INT64 <= (validator or 0) < _INT64):
        raise ContractError("uid outside 64 bits")
    website, intent, version = task.site, task.wording, task.web_version
    group = group_of(website, task.use_case, intent)
    actions = solution.actions or []
    return FlatRow(  # by position: by keyword it takes seven times as long
        task_id,
        task.created_at,
        website,
        task.use_case,
        intent,
        task.start_url,
        task.required_url,
        None if version is None else str(version),
        task.tests,
        solution_id,
        solution.created_at,
        None if run.agent_run_id is None else str(run.agent_run_id),
        miner,
        validator,
        score,
        evaluation.passed,
        len(actions),
        actions,
        solution.trajectory,
        envelope.fetched_at,
        envelope.filters or {},
        group.id,
        group.split,
    )


Instants = tuple[int | None, int | None]
"""solution.createdAt and fetched_at in µs since 1970."""


def instants_of(row: FlatRow | Sample) -> Instants:
    """solution.createdAt and fetched_at in µs since 1970. Raises ContractError if one of the row's dates is none."""
    asked, created, fetched = row.task_created_at, row.solution_created_at, row.fetched_at
    if asked is not None:
        _repeated_instant("task.createdAt", asked)
    return (
        None if created is None else _instant("solution.createdAt", created),
        None if fetched is None else _repeated_instant("fetched_at", fetched),
    )


def _instant(field: str, text: str) -> int:
    try:
        return parse_instant(text)
    except ContractError:
        raise ContractError(f"{field} is not an ISO 8601 date") from None


_repeated_instant = lru_cache(maxsize=4096)(_instant)  # a page's rows share fetched_at, a task's solutions its date
