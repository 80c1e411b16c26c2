"""Near-copies across splits, and equal work with different labels."""

from array import array
from collections import Counter
from collections.abc import Sequence

from score_model.dataset.audit._columns import FAILED, PASSED, UNKNOWN, Columns, equal_runs
from score_model.dataset.audit._report import Contradictions, Copies, share


def near_copies(columns: Columns) -> list[Copies]:
    """Rows whose masked intent, or masked action sequence, stands in train and also in val or test."""
    return [
        _shared(columns, "masked_intent", columns.intent),
        _shared(columns, "masked_actions", columns.work),
    ]


def contradictions(columns: Columns, suspects: set[int]) -> tuple[list[Contradictions], set[int]]:
    """Counts of equal work with both labels, `suspects` set aside; and the rows of *identical* such work."""
    rows = array("q", (row for row in columns.rows() if columns.label[row] != UNKNOWN and row not in suspects))
    exact, contradicted = _both_labels(columns, "exact", columns.exact_work, rows)
    near, _ = _both_labels(columns, "near", columns.work, rows)
    return [exact, near], contradicted


def _shared(columns: Columns, kind: str, keys: "array[int]") -> Copies:
    names = columns.splits.values
    kinds = 0
    affected: Counter[str] = Counter()
    for run in equal_runs(keys, columns.rows()):
        splits = Counter(names[columns.split[row]] for row in run)
        if "train" in splits and len(splits) > 1:
            kinds += 1
            affected.update(splits)
    test_rows = sum(names[split] == "test" for split in columns.split)
    return Copies(
        kind=kind,
        kinds_shared=kinds,
        train_rows=affected["train"],
        val_rows=affected["val"],
        test_rows=affected["test"],
        share_of_test=share(affected["test"], test_rows),
    )


def _both_labels(
    columns: Columns, kind: str, keys: "array[int]", rows: Sequence[int]
) -> tuple[Contradictions, set[int]]:
    groups = least_errors = 0
    contradicted: set[int] = set()
    for run in equal_runs(keys, rows):
        labels = Counter(columns.label[row] for row in run)
        if labels[PASSED] and labels[FAILED]:
            groups += 1
            least_errors += min(labels[PASSED], labels[FAILED])
            contradicted.update(run)
    return Contradictions(kind, groups, len(contradicted), least_errors), contradicted
