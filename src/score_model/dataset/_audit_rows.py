"""What the audit needs of one deduplicated row: small, hashed, and free of texts from outside."""

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Literal

import msgspec

from score_model.contract import Sample
from score_model.contract.leaderboard import LeaderboardEntry
from score_model.dataset._action_masks import ActionFacts, action_facts
from score_model.dataset._flatten import FlatRow, Instants, instants_of
from score_model.dataset._samples import load_samples
from score_model.dataset._schema_drift import Drift, find_drift
from score_model.dataset._split import framed, group_of

_BOOLEANS = {b"true": True, b"false": False}

Relabelled = Literal["replay_disagrees", "overridden"]

_RELABELLED: dict[str, Relabelled] = {"replay_disagrees": "replay_disagrees", "overridden": "overridden"}


class AuditRow(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One dataset row as the audit sees it; `ordinal` is its 0-based position in the dataset file.

    `work` is a digest of the masked action sequence (website included), `exact_work` one of website, use case, intent,
    start URL and unmasked actions: equal digests mean near-equal, or identical, work. Both are None for an empty
    answer. `created_us` is solution.createdAt in µs since 1970, `fetched_success` the dump's `filters.success`.
    `self_contradiction` says that the row contradicts itself (passed with score 0, failed with score 1) or that its key
    came with different labels. `relabelled` is the label quality if `dataset relabel` gave it.
    """

    ordinal: int
    website: str
    use_case: str
    group: str
    split: str
    miner_uid: int | None
    validator_uid: int | None
    created_us: int | None
    fetched_us: int | None
    score: float | None
    passed: bool | None
    num_actions: int
    work: bytes | None
    exact_work: bytes | None
    masked_intent: bytes
    fetched_success: bool | None
    self_contradiction: bool = False
    relabelled: Relabelled | None = None


class SpooledRow(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What the audit pass needs of a row, made while the row is at hand; the row's ordinal is not known yet."""

    row: AuditRow
    drift: Drift | None


def spooled_row(line: bytes, entry: LeaderboardEntry, row: FlatRow, instants: Instants) -> SpooledRow:
    """The record of a valid line: its decoded entry, its dataset columns and its instants."""
    facts = [action_facts(bytes(action)) for action in row.actions]
    success = row.filters.get("success")
    fetched_success = None if success is None else _BOOLEANS.get(bytes(success))
    return SpooledRow(_audit_row(0, row, instants, facts, fetched_success), find_drift(line, entry, facts))


def audit_rows(path: Path) -> Iterator[AuditRow]:
    """The rows of a `.jsonl` or `.parquet` dataset for the audit, streamed in the file's order.

    Raises UsageError as `load_samples` does.
    """
    for ordinal, sample in enumerate(load_samples(path)):
        facts = [action_facts(msgspec.json.encode(action)) for action in sample.actions]
        success = sample.filters.get("success")
        yield _audit_row(
            ordinal,
            sample,
            instants_of(sample),
            facts,
            success if isinstance(success, bool) else None,
        )


def _audit_row(
    ordinal: int,
    row: FlatRow | Sample,
    instants: Instants,
    facts: Sequence[ActionFacts],
    fetched_success: bool | None,
) -> AuditRow:
    website, use_case, intent = row.website or "", row.use_case or "", row.intent or ""
    work = exact = None
    if facts:
        parts = f"{len(website)}:{len(use_case)}:{len(intent)}:{website}{use_case}{intent}{row.start_url or ''}"
        work = _digest(framed(website), *[fact.mask for fact in facts])
        exact = _digest(framed(parts), *[fact.exact for fact in facts])
    score, passed, quality = row.score, row.passed, row.label_quality
    return AuditRow(  # by position: by keyword it takes seven times as long
        ordinal,
        website,
        use_case,
        row.group,
        row.split,
        row.miner_uid,
        row.validator_uid,
        *instants,
        score,
        passed,
        row.num_actions,
        work,
        exact,
        group_of(row.website, row.use_case, row.intent).masked_intent,
        fetched_success,
        quality == "contradicted" or (passed is True and score == 0.0) or (passed is False and score == 1.0),
        _RELABELLED.get(quality),
    )


def _digest(*framed_parts: bytes) -> bytes:
    return blake2b(b"".join(framed_parts), digest_size=16).digest()
