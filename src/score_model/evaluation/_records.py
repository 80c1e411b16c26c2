"""What an evaluation found: the records of metrics.json. What is undefined is None, with a reason beside it."""

import msgspec

from score_model.errors import UsageError
from score_model.metrics import BestOfN, Estimate, ReliabilityBin
from score_model.model.fitting import check_folds

WITHOUT_TRACES = "without_traces"
"""The contestant that is the model's own kind without what a trace shows; only a head that judges by traces has it."""

VALIDATOR_RATE = "validator_cell"
"""The contestant that is the success rate of the validator on the website, wherever validators are known. Who judged an
answer is provenance: it is measured to show what labels depend on, and is never a feature."""

BASELINES = ("majority", "empty_answer", "action_count", "use_case_rate", VALIDATOR_RATE, "text_only")
"""What a model must beat; text only is a model, the others are shortcuts."""

FEW_FAILURES = 100
"""With fewer failures, models closer than 0.05 in AUROC can't be told apart."""

LEAST_OF_EACH = 10
"""With fewer failures or passes there is no interval: resamples of so few repeat one another and look certain."""


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
        check_folds(self.folds, self.repeats, self.seed)


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """One contestant on one set of rows.

    `metrics` are by the names of `metrics.Summary`; where rows were scored in several parts, `auroc_within_parts`
    compares only rows that the same fit scored. `repeated` holds each repeat's value of some of them. `reliability` is
    the model's alone.
    """

    metrics: dict[str, Estimate]
    repeated: dict[str, tuple[float | None, ...]] = {}
    reliability: tuple[ReliabilityBin, ...] = ()
    best_of: tuple[BestOfN, ...] = ()


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """One set of rows: `trusted`, `non_empty` or `all`.

    `differences` are AUROC of the model minus that of each baseline, paired on the same resamples. With fewer than
    LEAST_OF_EACH failures or passes nothing in it has an interval.
    """

    rows: int
    failures: int
    empty: int
    tasks: int
    contestants: dict[str, Figures]
    differences: dict[str, Estimate]


class Slice(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of one website, or of one use case of one.

    `metrics` are by contestant and metric; None where the rows are too few.
    """

    website: str | None
    use_case: str | None
    rows: int
    failures: int
    tasks: int
    metrics: dict[str, dict[str, Estimate]] | None


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One fit of a split that retrains.

    `purged` rows were neither learnt from nor scored: near-copies of tasks in the held-out rows. `skipped` says why
    the part was not made.
    """

    name: str
    learnt: int
    purged: int = msgspec.field(name="set_aside")
    held: int
    failures: int
    auroc: Estimate | None = None
    skipped: str | None = None


class Curve(msgspec.Struct, frozen=True, kw_only=True):
    """Share of failures caught (`caught`, with its band) where a share `false_alarms` of the passed rows is flagged."""

    false_alarms: tuple[float, ...]
    caught: tuple[float | None, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]


class Split(msgspec.Struct, frozen=True, kw_only=True):
    """One way to hold rows out; `skipped` says why it was not made. `notes` are sentences for the reader.

    `kinds` counts the folds in which each kind of model was chosen, where that was done inside them.
    """

    name: str
    title: str
    skipped: str | None = None
    notes: tuple[str, ...] = ()
    tables: dict[str, Table] = {}
    parts: tuple[Part, ...] = ()
    kinds: dict[str, int] = {}
    websites: tuple[Slice, ...] = ()
    use_cases: tuple[Slice, ...] = ()
    curve: Curve | None = None


class HeadEvaluation(msgspec.Struct, frozen=True, kw_only=True):
    """One head of the model; `primary` names the split that the headline is about."""

    head: str
    model: str
    rows: int
    primary: str
    sentences: tuple[str, ...]
    splits: dict[str, Split]


class SourceFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was read, by its name without folders and the SHA-256 of its bytes, in hexadecimal."""

    name: str
    sha256: str


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What the report is about: the model's config.json, which holds the digests of its other files; the datasets."""

    model: SourceFile
    datasets: tuple[SourceFile, ...]


class EvaluationReport(msgspec.Struct, frozen=True, kw_only=True):
    """The whole of metrics.json; `traces` says why the head `traces` is missing where it is, and `about` what was read
    (None: rows that are in no file)."""

    about: About | None = None
    settings: EvaluateSettings
    rows: int
    labelled: int
    unlabelled: int
    heads: dict[str, HeadEvaluation]
    traces: str | None
