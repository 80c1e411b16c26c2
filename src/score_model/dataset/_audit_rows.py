"""What the audit needs of one deduplicated row: small, hashed, and free of texts from outside."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from score_model.dataset._action_masks import action_facts
from score_model.dataset._flatten import FlatRow, instants_of
from score_model.dataset._samples import load_samples
from score_model.dataset._split import digest, group_of


class AuditRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
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
    relabelled: Literal["replay_disagrees", "overridden"] | None = None


def audit_row(ordinal: int, row: FlatRow, masks: list[bytes], contradicted: bool) -> AuditRow:
    created, fetched = instants_of(row)
    website, use_case, intent = row.website or "", row.use_case or "", row.intent or ""
    work = exact = None
    if masks:
        work = digest(website, *masks, size=16)
        task = (website, use_case, intent, row.start_url or "")
        exact = digest(*task, *(bytes(action) for action in row.actions), size=16)
    success = row.filters.get("success")
    return AuditRow(
        ordinal=ordinal,
        website=website,
        use_case=use_case,
        group=row.group,
        split=row.split,
        miner_uid=row.miner_uid,
        validator_uid=row.validator_uid,
        created_us=created,
        fetched_us=fetched,
        score=row.score,
        passed=row.passed,
        num_actions=row.num_actions,
        work=work,
        exact_work=exact,
        masked_intent=group_of(row.website, row.use_case, row.intent).masked_intent,
        fetched_success={b"true": True, b"false": False}.get(bytes(success)) if success is not None else None,
        self_contradiction=contradicted or (row.passed is True and row.score == 0.0)
        or (row.passed is False and row.score == 1.0),
    )  # fmt: skip


def audit_rows(path: Path) -> Iterator[AuditRow]:
    """The rows of a `.jsonl` or `.parquet` dataset for the audit, streamed in the file's order.

    Raises UsageError as `load_samples` does.
    """
    for ordinal, sample in enumerate(load_samples(path)):
        row = msgspec.json.decode(msgspec.json.encode(sample), type=FlatRow)
        masks = [action_facts(bytes(action)).mask for action in row.actions]
        audited = audit_row(ordinal, row, masks, sample.label_quality == "contradicted")
        if sample.label_quality in ("replay_disagrees", "overridden"):
            audited = msgspec.structs.replace(audited, relabelled=sample.label_quality)
        yield audited
