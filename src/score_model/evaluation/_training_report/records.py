"""What a training run found out: the records of its metrics.json."""

import msgspec

from score_model.metrics import Estimate
from score_model.model.fitting import ExpectedReport, PreferenceReport


class Measures(msgspec.Struct, frozen=True, kw_only=True):
    """One model on one set of rows, out of fold.

    `auroc` and its clustered interval are of the first repeat, `auroc_mean` and `auroc_spread` (lowest, highest) of all
    of them; the other values are means over the repeats. `log_loss` and `brier` are of probabilities that were
    calibrated out of fold. None where a value is undefined.
    """

    auroc: Estimate
    auroc_mean: float | None
    auroc_spread: tuple[float, float] | None
    average_precision_failure: float | None
    pairwise_accuracy: float | None
    log_loss: float | None
    brier: float | None


class RowCounts(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows there were, and of how many tasks and groups; `failures` among `rows`."""

    rows: int
    failures: int
    tasks: int
    groups: int


class LabelNoise(msgspec.Struct, frozen=True, kw_only=True):
    """The chosen model with suspect labels left out of learning and with them learnt from: AUROC, first repeat."""

    suspect_rows: int
    left_out_on_trusted: float | None
    left_out_on_all: float | None
    learnt_on_trusted: float | None
    learnt_on_all: float | None


class Leak(msgspec.Struct, frozen=True, kw_only=True):
    """A feature that alone tells passes from failures; `unknown` says that it is whether the value is known at all."""

    feature: str
    auroc: float
    rows: int
    unknown: bool


class HeadReport(msgspec.Struct, frozen=True, kw_only=True):
    """How one head was trained and how well it measured.

    `measures` is by set of rows (`non_empty`, `trusted`, `all`), then by model. `calibration` is the log loss of each
    kind; `threshold` the probability at which the mean F1 of both classes is highest out of fold, on the rows of
    `threshold_on` (`val`, or `all`). `sentences` say in words what a reader must know, the most important first.
    """

    head: str
    counts: dict[str, RowCounts]
    model: str
    chosen_by: str
    measures: dict[str, dict[str, Measures]]
    label_noise: LabelNoise | None = msgspec.field(name="suspect")
    calibration: dict[str, float]
    calibration_kind: str
    threshold: float | None
    threshold_on: str
    expected: ExpectedReport
    preference: PreferenceReport
    leakage: tuple[Leak, ...] = msgspec.field(name="alarms")
    features: dict[str, float]
    sentences: tuple[str, ...]


class TrainReport(msgspec.Struct, frozen=True, kw_only=True):
    """The whole of metrics.json; `traces` says why there is no such head where there is none."""

    rows: int
    labelled: int
    heads: dict[str, HeadReport]
    traces: str | None
