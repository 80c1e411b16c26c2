"""From the bytes of one export entry to one row of the entries table."""

from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec

from score_model.contract import parse_instant
from score_model.contract.websites import website_of_url
from score_model.errors import ContractError

NO_SCORE = -1.0  # in the score column: sorts below every score and lies outside 0..1
_INT64 = 2**63
_EARLIEST = 0  # the creation time, in µs, of an entry that dates neither its solution nor its task


class Row(NamedTuple):
    """What is stored of an entry: the columns that filters and sorts need, and its own bytes."""

    identity: bytes
    task_id: str | None
    website: str | None
    use_case: str | None
    miner_uid: int | None
    validator_uid: int | None
    agent_id: str | None
    round_id: str | None
    web_version: str | None
    season: int
    passed: bool | None
    score: float
    created_us: int
    entry: bytes


class _Loose(msgspec.Struct, rename="camel", gc=False):
    """Base of the records below: every field may be anything, for the arena serves what it was given."""


class _Task(_Loose):
    task_id: Any = None
    website: Any = None
    use_case: Any = None
    start_url: Any = None
    web_version: Any = None
    created_at: Any = None
    season: Any = None


class _Solution(_Loose):
    task_solution_id: Any = None
    created_at: Any = None


class _Evaluation(_Loose):
    evaluation_result_id: Any = None
    score: Any = None
    passed: Any = None


class _AgentRun(_Loose):
    agent_run_id: Any = None
    agent_id: Any = None
    round_id: Any = None
    season: Any = None
    miner_uid: Any = None
    validator_uid: Any = None


class _Entry(_Loose):
    task: _Task
    solution: _Solution | None = None
    evaluation: _Evaluation | None = None
    agent_run: _AgentRun | None = None


_derived_website = lru_cache(maxsize=8192)(website_of_url)  # start URLs repeat: sites × 300 seeds
_DECODER = msgspec.json.Decoder(_Entry)
_NO_SOLUTION, _NO_EVALUATION, _NO_RUN = _Solution(), _Evaluation(), _AgentRun()


def row_of_entry(raw: bytes) -> Row:
    """The row of one entry. Its bytes keep key order, number and escape spellings; white space outside strings goes.

    Raises ContractError if it is no JSON in UTF-8, or not an object with a `task` object.
    """
    try:
        raw.decode("utf-8")
        compact = msgspec.json.format(raw, indent=-1)
        entry = _DECODER.decode(compact)
    except UnicodeDecodeError:
        raise ContractError("not UTF-8") from None
    except msgspec.ValidationError as error:
        raise ContractError(f"not an export entry: {error}") from None
    except msgspec.DecodeError as error:
        raise ContractError(json_fault(error)) from None
    except RecursionError:
        raise ContractError("nested too deeply") from None
    task, solution = entry.task, entry.solution or _NO_SOLUTION
    evaluation, run = entry.evaluation or _NO_EVALUATION, entry.agent_run or _NO_RUN
    use_case = _text(task.use_case)
    season = _integer(run.season)
    if season is None:
        season = _integer(task.season)
    return Row(
        identity=_identity(task.task_id, solution.task_solution_id, evaluation.evaluation_result_id, compact),
        task_id=_text(task.task_id),
        website=_website(task),
        use_case=use_case.lower() if use_case is not None else None,
        miner_uid=_integer(run.miner_uid),
        validator_uid=_integer(run.validator_uid),
        agent_id=_text(run.agent_id if run.agent_id is not None else run.agent_run_id),
        round_id=_text(run.round_id),
        web_version=_text(task.web_version),
        season=1 if season is None else season,
        passed=evaluation.passed if isinstance(evaluation.passed, bool) else None,
        score=_score(evaluation.score),
        created_us=_created(solution.created_at, task.created_at),
        entry=compact,
    )


def json_fault(error: msgspec.DecodeError) -> str:
    """Why something is no JSON, without the byte position, so that equal faults count together."""
    text = str(error).partition(" (byte ")[0]
    return "torn: it ends inside its JSON" if "truncated" in text else f"not JSON: {text}"


def _identity(task_id: Any, solution_id: Any, evaluation_id: Any, entry: bytes) -> bytes:
    """Digest of task id + solution id + evaluation id; an entry without an evaluation id stands for itself."""
    last = evaluation_id if evaluation_id is not None else entry.decode()
    return blake2b(msgspec.json.encode((task_id, solution_id, last)), digest_size=16).digest()


def _website(task: _Task) -> str | None:
    """The site that the start URL's port stands for, else the one that the entry names."""
    named = task.website.strip().lower() if isinstance(task.website, str) else None
    derived = _derived_website(task.start_url) if isinstance(task.start_url, str) else None
    if derived == "autofinance" and named == "autostats":  # the two share port 8014
        return named
    return derived or named


def _created(*candidates: Any) -> int:
    for candidate in candidates:
        if isinstance(candidate, str):
            try:
                return parse_instant(candidate)
            except ContractError:
                continue
    return _EARLIEST


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return None


def _integer(value: Any) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and -_INT64 <= value < _INT64:
        return value
    return None


def _score(value: Any) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1:
        return float(value)
    return NO_SCORE
