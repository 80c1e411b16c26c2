"""What rows are held out by, beside what they hold themselves. None of it is ever a feature."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from score_model.contract import Sample, parse_instant
from score_model.dataset import load_samples, mask_actions
from score_model.errors import ContractError
from score_model.model import Rows


@dataclass(frozen=True)
class Keys:
    """One value per row: a digest of the masked actions, the validator, and the answer's time (µs since 1970)."""

    templates: tuple[str, ...]
    validators: tuple[str | None, ...]
    times: tuple[int | None, ...]

    def take(self, rows: Sequence[int]) -> "Keys":
        """The keys of these rows, in this order."""
        return Keys(
            tuple(self.templates[row] for row in rows),
            tuple(self.validators[row] for row in rows),
            tuple(self.times[row] for row in rows),
        )


def read_keys(datasets: Sequence[Path], rows: Rows) -> Keys:
    """The keys of rows that `load_rows` made of these datasets: of equal keys the first sample counts there too."""
    found: dict[tuple[str, str | None], tuple[str, str | None, int | None]] = {}
    for path in datasets:
        for sample in load_samples(path):
            found.setdefault((sample.task_id, sample.solution_id), _keys_of(sample))
    ordered = [found[key] for key in zip(rows.task_ids, rows.solution_ids, strict=True)]
    return Keys(
        tuple(template for template, _, _ in ordered),
        tuple(validator for _, validator, _ in ordered),
        tuple(time for _, _, time in ordered),
    )


def _keys_of(sample: Sample) -> tuple[str, str | None, int | None]:
    template = mask_actions([msgspec.json.encode(action) for action in sample.actions]).hex()
    validator = None if sample.validator_uid is None else str(sample.validator_uid)
    return template, validator, _time(sample.solution_created_at)


def _time(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return parse_instant(text)
    except ContractError:
        return None  # what has no readable time takes no part in the split by time, which counts it
