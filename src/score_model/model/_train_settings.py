"""What can be chosen about a training run."""

import msgspec

from score_model.errors import UsageError

TRUSTED = frozenset({"ok", "overridden"})
"""Label qualities that are trusted; every other one is suspect."""


def check_folds(folds: int, repeats: int, seed: int) -> None:
    """Raise UsageError for numbers that no out-of-fold measurement can have."""
    if not 2 <= folds <= 100:
        raise UsageError(f"folds is {folds}: it must lie in 2..100")
    if not 1 <= repeats <= 100:
        raise UsageError(f"repeats is {repeats}: it must lie in 1..100")
    if not 0 <= seed < 2**31:
        raise UsageError(f"seed is {seed}: it must lie in 0..2147483647")


class TrainSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How a model is trained.

    `suspect_weight` is the weight in 0..1 of rows whose label is suspect (0 leaves them out). `folds` and `repeats` are
    those of the grouped out-of-fold measurement. `model` names an estimator, which may be a plug-in's, or is `auto` for
    the one that measures best. `splits` are the dataset's splits that may be learnt from. `network` lets the network
    take part, which needs the extra `torch`.
    """

    seed: int = 0
    suspect_weight: float = 0.0
    folds: int = 5
    repeats: int = 3
    model: str = "auto"
    splits: tuple[str, ...] = ("train", "val")
    network: bool = False

    def __post_init__(self) -> None:
        """Raises UsageError with the setting that can't be."""
        if not 0.0 <= self.suspect_weight <= 1.0:
            raise UsageError(f"suspect_weight is {self.suspect_weight}: it must lie in 0..1")
        check_folds(self.folds, self.repeats, self.seed)
        if self.model == "network" and not self.network:
            raise UsageError("model is network, and the network does not take part")
        if not self.splits or set(self.splits) - {"train", "val", "test"}:
            raise UsageError(f"splits are {', '.join(self.splits) or 'none'}: choose from train, val, test")
