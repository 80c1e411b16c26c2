"""A finished dataset, as the audit sees it."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from score_model.dataset._build import audit_row
from score_model.dataset._flatten import FlatRow
from score_model.dataset._row import AuditRow
from score_model.dataset._samples import load_samples
from score_model.dataset._work import action_facts


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
