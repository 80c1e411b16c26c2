"""What the audit needs of one deduplicated row: small, hashed, and free of texts from outside."""

from typing import Literal

import msgspec


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
