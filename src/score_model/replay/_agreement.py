"""How replays compare with the recorded labels, website by website. Pure functions over rows; no outcome is changed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from score_model.checks import Verdict

Comparison = Literal["agree", "recorded_fail_replay_passes", "recorded_pass_replay_fails", "undecidable"]


class ReplayedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A recorded label and what the replay says. None means that the one or the other says nothing.

    `empty` marks a solution without actions: it fails everywhere, and says nothing about the replay.
    """

    website: str
    solution_id: str
    recorded: bool | None
    replayed: bool | None
    empty: bool = False


class AgreementCounts(msgspec.Struct, frozen=True, kw_only=True):
    """Rows by comparison; `empty` of them have no actions."""

    rows: int = 0
    empty: int = 0
    agree: int = 0
    recorded_fail_replay_passes: int = 0
    recorded_pass_replay_fails: int = 0
    undecidable: int = 0

    @property
    def decided(self) -> int:
        """Rows where both say something."""
        return self.rows - self.undecidable


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """The table: counts by website, in the order of their names, of all rows and of those with actions."""

    websites: dict[str, AgreementCounts]
    total: AgreementCounts
    with_actions: AgreementCounts


def decide_label(verdict: Verdict | None, *, without_browser: bool = False) -> bool | None:
    """Whether a replay passed, or None if it can't tell.

    One failed check is enough to fail; to pass, every test must have run. A verdict that the actions alone decided
    (`without_browser`) is a failure even where the task's tests are unknown.
    """
    if verdict is None:
        return None
    if without_browser:
        return False
    results = {check.passed for check in verdict.checks}
    if False in results:
        return False
    return True if results == {True} else None


def compare_labels(recorded: bool | None, replayed: bool | None) -> Comparison:
    """Which of the four a pair of labels is."""
    if recorded is None or replayed is None:
        return "undecidable"
    if recorded == replayed:
        return "agree"
    return "recorded_pass_replay_fails" if recorded else "recorded_fail_replay_passes"


def count_agreement(rows: Iterable[ReplayedRow]) -> Agreement:
    """Counts the rows; their order does not matter."""
    websites: dict[str, Counter[str]] = {}
    with_actions: Counter[str] = Counter()
    for row in rows:
        met = ("rows", compare_labels(row.recorded, row.replayed), *(("empty",) if row.empty else ()))
        websites.setdefault(row.website, Counter()).update(met)
        if not row.empty:
            with_actions.update(met)
    total: Counter[str] = Counter()
    for counts in websites.values():
        total.update(counts)
    return Agreement(
        websites={name: AgreementCounts(**counts) for name, counts in sorted(websites.items())},
        total=AgreementCounts(**total),
        with_actions=AgreementCounts(**with_actions),
    )


def format_agreement(agreement: Agreement) -> list[str]:
    """The table as text, one line for each website and two for all of them."""
    head = ("website", "rows", "agree", "recorded fail, replay passes", "recorded pass, replay fails", "undecidable")
    body = [_cells(name, counts) for name, counts in agreement.websites.items()]
    body.append(_cells("all", agreement.total))
    if agreement.total.empty:
        body.append(_cells("all with actions", agreement.with_actions))
    return align_columns([head, *body])


def align_columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of as many cells as lines of text: the first column to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for first, *others in rows:
        padded = (cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))
        lines.append("  ".join((first.ljust(widths[0]), *padded)).rstrip())
    return lines


def _cells(name: str, counts: AgreementCounts) -> tuple[str, ...]:
    share = f" ({counts.agree / counts.decided:.1%})" if counts.decided else ""
    return (
        name,
        f"{counts.rows:,}",
        f"{counts.agree:,}{share}",
        f"{counts.recorded_fail_replay_passes:,}",
        f"{counts.recorded_pass_replay_fails:,}",
        f"{counts.undecidable:,}",
    )
