"""What every model of success has in common."""

from collections.abc import Hashable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

import msgspec

from score_model.model._rows import Floats, Inputs

if TYPE_CHECKING:
    from score_model.model._lesson import Lesson


class Driver(msgspec.Struct, frozen=True):
    """One thing that moved a score.

    `name` is a feature, or `word: …` or `letters: …` for text; `value` is the feature's (None: unknown);
    `contribution` is in log-odds of success, before calibration.
    """

    name: str
    value: float | None
    contribution: float


class Fitted(Protocol):
    """A model that has learnt."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it reads."""
        ...

    def logits(self, inputs: Inputs) -> Floats:
        """Log-odds of success, one per row, not calibrated."""
        ...

    def drivers(self, inputs: Inputs, most: int) -> list[list[Driver]]:
        """What moved each row's score, the strongest first, `most` at most."""
        ...

    def save(self, folder: Path) -> None:
        """Writes its files into the folder."""
        ...


FittedT_co = TypeVar("FittedT_co", bound=Fitted, covariant=True)


class Recipe(Hashable, Protocol[FittedT_co]):
    """A model that can learn: settings and nothing else."""

    @property
    def name(self) -> str:
        """What reports and files call it."""
        ...

    def fit(self, lesson: "Lesson") -> FittedT_co:
        """Learns from the lesson's rows. The same lesson always gives the same model."""
        ...

    def held_out(self, lesson: "Lesson") -> Floats:
        """Log-odds of every row of the lesson by a fit that saw neither it nor its group: what calibrates a fit."""
        ...


def strongest(drivers: list[Driver], most: int) -> list[Driver]:
    """The drivers with the greatest contributions either way; zero ones are left out, ties go by name."""
    moved = [driver for driver in drivers if driver.contribution]
    return sorted(moved, key=lambda driver: (-abs(driver.contribution), driver.name))[:most]
