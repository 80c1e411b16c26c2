"""What a head is measured on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import numpy as np

from score_model.arrays import Bools, Ints
from score_model.contract import Sample, parse_instant
from score_model.dataset import mask_actions
from score_model.errors import ContractError
from score_model.model import Inputs, Rows, distinct_samples


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


@dataclass(frozen=True)
class Ground:
    """Labelled rows, which of them have actions, and those rows with their keys."""

    rows: Rows
    places: Ints
    acted: Rows
    keys: Keys | None

    @property
    def cells(self) -> Inputs | None:
        """The rows with actions, with the validator in the use case's place; None where no validator is known.

        Provenance: no model sees it, and a success rate by it is a shortcut to hold models against.
        """
        if self.keys is None or not any(self.keys.validators):
            return None
        return replace(self.acted.inputs, use_cases=self.keys.validators)

    def acted_in(self, splits: tuple[str, ...]) -> Ints:
        """The rows with actions that lie in these splits of the dataset."""
        return np.flatnonzero(self.acted.in_splits(splits))


def ground_of(rows: Rows, keys: Keys | None, chosen: Bools) -> Ground:
    """The ground of the chosen rows, which have labels."""
    some = rows.take(chosen)
    places = np.flatnonzero(~some.empty)
    acted = np.flatnonzero(chosen)[places]
    return Ground(some, places, some.take(places), None if keys is None else keys.take(acted.tolist()))
