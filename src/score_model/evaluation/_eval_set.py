"""What a head is measured on: labelled rows, and the keys that some of them are held out by."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import numpy as np

from score_model.arrays import Bools, Ints
from score_model.contract import Sample, parse_instant
from score_model.dataset import mask_actions
from score_model.errors import ContractError
from score_model.model import Inputs
from score_model.model.fitting import Rows, distinct_samples


@dataclass(frozen=True)
class HoldoutKeys:
    """One value per row: a digest of the masked actions, the validator, and the answer's time (µs since 1970)."""

    templates: tuple[str, ...]
    validators: tuple[str | None, ...]
    times: tuple[int | None, ...]

    def take(self, rows: Sequence[int]) -> "HoldoutKeys":
        """Return the keys of these rows, in this order."""
        return HoldoutKeys(
            tuple(self.templates[row] for row in rows),
            tuple(self.validators[row] for row in rows),
            tuple(self.times[row] for row in rows),
        )


def read_holdout_keys(datasets: Sequence[Path]) -> HoldoutKeys:
    """Return the keys of the rows that `load_rows` makes of these datasets, in their order."""
    ordered = [_read_keys(sample) for sample in distinct_samples(datasets)]
    return HoldoutKeys(
        tuple(template for template, _, _ in ordered),
        tuple(validator for _, validator, _ in ordered),
        tuple(time for _, _, time in ordered),
    )


def _read_keys(sample: Sample) -> tuple[str, str | None, int | None]:
    template = mask_actions([msgspec.json.encode(action) for action in sample.actions]).hex()
    validator = None if sample.validator_uid is None else str(sample.validator_uid)
    return template, validator, _parse_time(sample.solution_created_at)


def _parse_time(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return parse_instant(text)
    except ContractError:
        return None  # what has no readable time takes no part in the split by time, which counts it


@dataclass(frozen=True)
class EvalSet:
    """Labelled rows, the numbers of those with actions (`places`), and those rows (`non_empty`) with their keys."""

    rows: Rows
    places: Ints
    non_empty: Rows
    keys: HoldoutKeys | None

    @property
    def validator_inputs(self) -> Inputs | None:
        """The rows with actions, with the validator in the use case's place; None where no validator is known.

        Provenance: no model sees it, and a success rate by it is a shortcut to hold models against.
        """
        if self.keys is None or not any(self.keys.validators):
            return None
        return replace(self.non_empty.inputs, use_cases=self.keys.validators)

    def non_empty_in(self, splits: tuple[str, ...]) -> Ints:
        """The rows with actions that lie in these splits of the dataset."""
        return np.flatnonzero(self.non_empty.in_splits(splits))


def make_eval_set(rows: Rows, keys: HoldoutKeys | None, chosen: Bools) -> EvalSet:
    """Return the chosen rows, which have labels."""
    some = rows.take(chosen)
    places = np.flatnonzero(~some.empty)
    used = np.flatnonzero(chosen)[places]
    return EvalSet(some, places, some.take(places), None if keys is None else keys.take(used.tolist()))
