"""What a head is measured on."""

from dataclasses import dataclass, replace

import numpy as np

from score_model.evaluation._keys import Keys
from score_model.evaluation._said import Bools, Ints
from score_model.model import Inputs, Rows


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
