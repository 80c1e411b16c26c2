"""Counts by origin and label, and columns that are the label under another name."""

from collections import Counter
from collections.abc import Mapping, Sequence

from score_model.dataset.audit._columns import FAILED, PASSED, UNKNOWN, Columns
from score_model.dataset.audit._report import Count, Counts, Disguise, share

_IS_LABEL = 0.98


def count_rows(columns: Columns, qualities: Mapping[int, str]) -> Counts:
    """Every count of the dataset; `qualities` holds what is not "ok"."""
    quality = Counter(qualities.values())
    quality["ok"] = len(columns) - len(qualities)
    empty = bytes(map((0).__eq__, columns.num_actions))
    total = _by(columns, empty, bytes(len(columns)), ["all"])[0]
    empty_failures = sum(label == FAILED and is_empty for label, is_empty in zip(columns.label, empty, strict=True))
    use_cases = [f"{website}/{use_case}" for website, use_case in columns.use_cases.names]
    return Counts(
        total=total,
        websites=_by(columns, empty, columns.website, columns.websites.names),
        use_cases=_by(columns, empty, columns.use_case, use_cases),
        splits=_by(columns, empty, columns.split, columns.splits.names),
        miners=_by(columns, empty, columns.miner, [_uid(uid) for uid in columns.miners.names]),
        validators=_by(columns, empty, columns.validator, [_uid(uid) for uid in columns.validators.names]),
        label_quality=dict(sorted(quality.items())),
        empty_share=share(total.empty, total.rows),
        empty_share_of_failures=share(empty_failures, total.failed),
    )


def label_in_disguise(columns: Columns) -> list[Disguise]:
    """How often the fetch's success filter, the score, and having any actions at all agree with the label."""
    found = [
        _agreement("filters.success", columns, columns.fetched_label),
        _agreement("score", columns, columns.score_label),
        _agreement("has_actions", columns, [int(count > 0) for count in columns.num_actions]),
    ]
    return [entry for entry in found if entry is not None]


def _agreement(name: str, columns: Columns, says: Sequence[int]) -> Disguise | None:
    known = agree = 0
    labels = set()
    for label, said in zip(columns.label, says, strict=True):
        if label != UNKNOWN and said != UNKNOWN:
            known += 1
            agree += label == said
            labels.add(label)
    if not known:
        return None
    return Disguise(name, known, round(agree / known, 4), is_label=len(labels) == 2 and agree > _IS_LABEL * known)


def _by(columns: Columns, empty: bytes, keys: Sequence[int], names: Sequence[str]) -> list[Count]:
    tallies = [[0, 0, 0, 0, 0] for _ in names]
    for (key, label, is_empty), number in Counter(zip(keys, columns.label, empty, strict=True)).items():
        tally = tallies[key]
        tally[0] += number
        tally[1 if label == PASSED else 2 if label == FAILED else 3] += number
        tally[4] += number * is_empty
    counts = [Count(name, *tally) for name, tally in zip(names, tallies, strict=True)]
    return sorted(counts, key=_numbers_first)


def _numbers_first(count: Count) -> tuple[bool, int, str]:
    """Ids in numeric order, then names."""
    number = count.name.isdecimal()
    return not number, len(count.name) if number else 0, count.name


def _uid(uid: int | None) -> str:
    return "unknown" if uid is None else str(uid)
