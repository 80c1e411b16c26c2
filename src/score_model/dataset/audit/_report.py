"""The audit's findings as frozen records: they become JSON in the metrics, and sentences in the closing words.

Times are ISO 8601 UTC. Shares and AUCs lie in 0..1 and are rounded to 4 digits, expected passes to 2, chances to 3
significant digits. A chance is never given below 1e-12: no model of the data is good to more than that.
"""

import msgspec

SMALLEST_CHANCE = 1e-12


def share(part: float, whole: float) -> float | None:
    """part / whole to 4 digits; None where there is no whole."""
    return round(part / whole, 4) if whole else None


def chance(value: float) -> float:
    """A probability to 3 significant digits, between 1e-12 and 1."""
    return float(f"{min(1.0, max(SMALLEST_CHANCE, value)):.2e}")


class Count(msgspec.Struct, frozen=True):
    """Rows of one website, use case, split, miner or validator, by label; `empty` rows have no actions."""

    name: str
    rows: int
    passed: int
    failed: int
    unknown: int
    empty: int


class Counts(msgspec.Struct, frozen=True):
    """The dataset by label and by origin; `use_cases` are named website/USE_CASE."""

    total: Count
    websites: list[Count]
    use_cases: list[Count]
    splits: list[Count]
    miners: list[Count]
    validators: list[Count]
    label_quality: dict[str, int]
    empty_share: float | None
    empty_share_of_failures: float | None


class Auc(msgspec.Struct, frozen=True):
    """How well one number ranks passes above failures (0.5 = not at all, below 0.5 = the other way round).

    `low` and `high` bound it at 95 % (DeLong, rows taken as independent). None where a label is missing.
    """

    auc: float | None
    low: float | None
    high: float | None
    passed: int
    failed: int
    misleads: bool


class Shortcut(msgspec.Struct, frozen=True):
    """One trivial predictor on all rows, on non-empty rows, and on non-empty rows without those set aside."""

    name: str
    all_rows: Auc
    non_empty: Auc
    trusted: Auc


class Copies(msgspec.Struct, frozen=True):
    """Near-copies across splits of one kind: rows on each side, and the share of test rows with one in train."""

    kind: str
    kinds_shared: int
    train_rows: int
    val_rows: int
    test_rows: int
    share_of_test: float | None


class Contradictions(msgspec.Struct, frozen=True):
    """Identical (`exact`) or near-identical work with both labels, rows explained by an outage set aside.

    `least_errors` counts each group's rarer label: so many rows any judge of the work alone must get wrong.
    """

    kind: str
    groups: int
    rows: int
    least_errors: int


class Disguise(msgspec.Struct, frozen=True):
    """A column that says the label: the share of rows, where both are known, on which it agrees."""

    column: str
    rows: int
    agreement: float
    is_label: bool


class WebsiteFetch(msgspec.Struct, frozen=True):
    """One website whose passes and failures were fetched apart. `overlap` lists the stretches that both cover."""

    website: str
    passes_from: str | None
    passes_to: str | None
    failures_from: str | None
    failures_to: str | None
    overlap: list[tuple[str, str]]
    rows: int
    outside: int
    outside_share: float | None
    time_auc: float | None
    biased: bool


class FetchBias(msgspec.Struct, frozen=True):
    """Whether passes and failures were fetched apart, and what that did. AUCs are over all dated rows."""

    fetched_apart: bool
    biased: bool
    rows: int
    outside: int
    time_auc: float | None
    order_auc: float | None
    websites: list[WebsiteFetch]


class OutageCell(msgspec.Struct, frozen=True):
    """A validator that looks down on a website. `rows`, `failures` and `passes` are its non-empty rows in the window.

    `compared_*`: those with a control on the same work at the same time; `expected_passes` is what the controls' rates
    promise for them. `p_value` is corrected for `looks` comparisons. `all_websites`: seen only across all websites.
    """

    website: str
    validator: int | None
    first: str
    last: str
    rows: int
    failures: int
    passes: int
    compared_rows: int
    compared_passes: int
    expected_passes: float
    control_rows: int
    control_passes: int
    control_pass_rate: float | None
    expected_rate: float | None
    p_value: float
    looks: int
    all_websites: bool


class Testability(msgspec.Struct, frozen=True):
    """What the search could see of one validator on one website.

    `verdict`: flagged, clear, low_power, too_few_rows, no_common_work, outside_overlap, one_validator or
    unknown_validator.
    `smallest_p` is the corrected chance had all its rows failed: above 0.001 even a full outage goes unnoticed.
    """

    website: str
    validator: int | None
    rows: int
    comparable_rows: int
    smallest_p: float | None
    verdict: str


class WebsiteDip(msgspec.Struct, frozen=True):
    """A stretch in which a website passes next to nothing, whoever judges: an outage or hard tasks. Flags nothing."""

    website: str
    first: str
    last: str
    validators: int
    rows: int
    passes: int
    expected_passes: float
    p_value: float


class AuditReport(msgspec.Struct, frozen=True):
    """Everything that would mislead someone who trains on this dataset."""

    counts: Counts
    shortcuts: list[Shortcut]
    near_copies: list[Copies]
    contradictions: list[Contradictions]
    self_contradictions: int
    fetch_bias: FetchBias
    label_in_disguise: list[Disguise]
    outages: list[OutageCell]
    website_dips: list[WebsiteDip]
    testability: list[Testability]
    undated_rows: int
