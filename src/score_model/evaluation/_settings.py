"""What can be chosen about an evaluation."""

import msgspec

from score_model.errors import UsageError


class EvaluateSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How a model is evaluated.

    `folds` and `repeats` are those of the grouped out-of-fold measurement; `resamples` are those of each interval.
    `stress` retrains the model with templates, use cases, websites, validators and the future held out.
    """

    seed: int = 0
    resamples: int = 1000
    folds: int = 5
    repeats: int = 3
    stress: bool = True

    def __post_init__(self) -> None:
        """Raises UsageError with the setting that can't be."""
        if not 20 <= self.resamples <= 100_000:
            raise UsageError(f"resamples is {self.resamples}: it must lie in 20..100000")
        if not 2 <= self.folds <= 100:
            raise UsageError(f"folds is {self.folds}: it must lie in 2..100")
        if not 1 <= self.repeats <= 100:
            raise UsageError(f"repeats is {self.repeats}: it must lie in 1..100")
        if not 0 <= self.seed < 2**31:
            raise UsageError(f"seed is {self.seed}: it must lie in 0..2147483647")
