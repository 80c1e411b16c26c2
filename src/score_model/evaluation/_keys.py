"""What rows are held out by, beside what they hold themselves. None of it is ever a feature."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from score_model.contract import Sample, parse_instant
from score_model.dataset import mask_actions
from score_model.errors import ContractError
from score_model.model import distinct_samples


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


def read_keys(datasets: Sequence[Path]) -> Keys:
    """The keys of the rows that `load_rows` makes of these datasets, in their order."""
    ordered = [_keys_of(sample) for sample in distinct_samples(datasets)]
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
