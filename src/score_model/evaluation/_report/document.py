"""A report as blocks, which the card and the page are both written from."""

from collections.abc import Sequence
from dataclasses import dataclass

from score_model.metrics import Estimate
from score_model.printable import make_printable


@dataclass(frozen=True)
class Entry:
    """One cell of a grid: a text and, smaller, what goes with it."""

    text: str
    small: str = ""


@dataclass(frozen=True)
class Heading:
    """A heading; `level` counts from 1."""

    level: int
    text: str


@dataclass(frozen=True)
class Text:
    """A paragraph; `lead` is the first thing to read."""

    text: str
    lead: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list of sentences."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """A table; the first column names the rows, and the first row is the model's where `first_is_ours`."""

    headers: tuple[str, ...]
    rows: tuple[tuple[Entry, ...], ...]
    first_is_ours: bool = False


@dataclass(frozen=True)
class Picture:
    """A chart as SVG, and what it says in words. The card has the words alone."""

    svg: str
    words: str
    wide: bool = False


@dataclass(frozen=True)
class Pictures:
    """Charts side by side."""

    pictures: tuple[Picture, ...]


@dataclass(frozen=True)
class Fold:
    """Something that a reader may open."""

    title: str
    blocks: tuple["Block", ...]


_MANY_UNDEFINED = 0.05
"""Share of resamples without a value beyond which an interval is not shown without it."""

Block = Heading | Text | Bullets | Grid | Pictures | Fold


def make_entry(estimate: Estimate | None) -> Entry:
    """A value above its interval; a dash where there is no value."""
    if estimate is None or estimate.value is None:
        return Entry("–")
    return Entry(number(estimate.value), interval(estimate))


def interval(estimate: Estimate) -> str:
    """The interval in words, and how many resamples had no value where those are more than a twentieth; or nothing."""
    parts = []
    if estimate.low is not None and estimate.high is not None:
        parts.append(f"{number(estimate.low)} to {number(estimate.high)}")
    if estimate.undefined > _MANY_UNDEFINED * estimate.resamples:
        parts.append(f"{estimate.undefined:,} of {estimate.resamples:,} resamples undefined")
    return "; ".join(parts)


def number(value: float) -> str:
    """Three decimals, with a minus sign that is one."""
    return f"{value:.3f}".replace("-0.000", "0.000").replace("-", "−")


def printable(text: str, most: int = 200) -> str:
    """The text on one line without control characters, cut to `most` characters. Names come from outside."""
    clean = make_printable(text)
    return clean if len(clean) <= most else f"{clean[: most - 1]}…"


def grid(headers: Sequence[str], rows: Sequence[Sequence[Entry | str]], *, first_is_ours: bool = False) -> Grid:
    """A grid whose texts may be plain."""
    cells = tuple(tuple(Entry(cell) if isinstance(cell, str) else cell for cell in row) for row in rows)
    return Grid(tuple(headers), cells, first_is_ours)
