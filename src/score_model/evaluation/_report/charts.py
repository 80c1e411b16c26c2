"""Charts as inline SVG. Colours are Okabe and Ito's, which every kind of sight tells apart; shapes differ too."""

import io
import math
import re
from collections.abc import Callable, Sequence
from typing import Any

from score_model.evaluation._records import Curve
from score_model.evaluation._report.document import printable
from score_model.extras import missing_extra
from score_model.metrics import Estimate, ReliabilityBin

try:
    import matplotlib as mpl
    from matplotlib.figure import Figure
except ModuleNotFoundError as error:
    raise missing_extra(error, "drawing charts", "train") from None

BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#6b7683"

_STYLE: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 10.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#45505f",
    "axes.labelcolor": "#1c2430",
    "axes.titlesize": 11.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "xtick.color": "#45505f",
    "ytick.color": "#45505f",
    "svg.fonttype": "none",  # text stays text, to be searched and read aloud
    "text.parse_math": False,  # a website may be called $\frac{
}

_IDS = re.compile(r'(\bid="|xlink:href="#|url\(#)')


def reliability_chart(name: str, bins: Sequence[ReliabilityBin]) -> str:
    """Predicted against observed success rate, with the observed rate's interval."""

    def draw(axes: Any) -> None:
        axes.plot([0, 1], [0, 1], color=GREY, linestyle="--", linewidth=1, label="what it says is what happens")
        predicted = [each.predicted for each in bins]
        observed = [each.observed.value or 0.0 for each in bins]
        axes.errorbar(
            predicted,
            observed,
            yerr=_spans([each.observed for each in bins]),
            fmt="o",
            color=BLUE,
            ecolor=BLUE,
            elinewidth=1.2,
            capsize=2.5,
            markersize=5,
            label="rows of similar probability",
        )
        least = min([0.9, *predicted, *(value for each in bins if (value := each.observed.low) is not None)])
        _square(axes, math.floor(least * 10) / 10, "predicted probability of success", "share that passed")
        axes.legend(loc="upper left", frameon=False, fontsize=9)

    return _svg(name, "Does a probability mean what it says?", draw, (5.4, 4.4))


def curve_chart(name: str, curve: Curve) -> str:
    """The share of failures caught against passed answers flagged, with its band."""

    def draw(axes: Any) -> None:
        known = [
            (x, y, low, high)
            for x, y, low, high in zip(curve.false_alarms, curve.caught, curve.low, curve.high, strict=True)
            if y is not None and low is not None and high is not None
        ]
        axes.plot([0, 1], [0, 1], color=GREY, linestyle="--", linewidth=1, label="chance")
        if known:
            places, values, lows, highs = zip(*known, strict=True)
            axes.fill_between(places, lows, highs, color=BLUE, alpha=0.18, linewidth=0, label="95 % band")
            axes.plot(places, values, color=BLUE, linewidth=2, label="the model")
        _square(axes, 0.0, "share of passed answers flagged by mistake", "share of failures caught")
        axes.legend(loc="lower right", frameon=False, fontsize=9)

    return _svg(name, "How many failures does it find?", draw, (5.4, 4.4))


def area_chart(name: str, title: str, rows: Sequence[tuple[str, Sequence[tuple[str, Estimate]]]]) -> str:
    """AUROC by row for up to three contestants, each a mark with its interval; rows from top to bottom."""
    marks = (("o", BLUE), ("s", ORANGE), ("^", GREEN))

    def draw(axes: Any) -> None:
        axes.axvline(0.5, color=GREY, linestyle="--", linewidth=1)
        labelled: set[str] = set()
        for number, (_, contestants) in enumerate(rows):
            for place, (contestant, estimate) in enumerate(contestants):
                if estimate.value is None:
                    continue
                shape, colour = marks[place]
                axes.errorbar(
                    [estimate.value],
                    [number + 0.22 * (place - (len(contestants) - 1) / 2)],
                    xerr=_spans([estimate]),
                    fmt=shape,
                    color=colour,
                    elinewidth=1.4,
                    capsize=2.5,
                    markersize=5.5,
                    label=contestant if contestant not in labelled else None,
                )
                labelled.add(contestant)
        axes.set_yticks(range(len(rows)), [_label(label) for label, _ in rows])
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_xlim(0.0, 1.02)
        axes.set_xlabel("AUROC; 0.5 is chance")
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x", color="#e6e9ed", linewidth=0.8)
        axes.set_axisbelow(True)
        axes.legend(
            loc="lower right",  # of what lies above the axes, beside the title: there is room whatever the rows
            bbox_to_anchor=(1.0, 1.0),
            ncols=3,
            frameon=False,
            fontsize=9,
        )

    return _svg(name, title, draw, (9.4, 1.5 + 0.55 * len(rows)), pad=14)


def _spans(estimates: Sequence[Estimate]) -> list[list[float]]:
    """Lengths of the bars below and above each value; 0 where there is no interval."""
    below, above = [], []
    for each in estimates:
        value = each.value or 0.0
        below.append(max(0.0, value - each.low) if each.low is not None else 0.0)
        above.append(max(0.0, each.high - value) if each.high is not None else 0.0)
    return [below, above]


def _square(axes: Any, least: float, across: str, up: str) -> None:
    """Both axes from `least` to 1."""
    margin = 0.02 * (1.0 - least)
    axes.set_xlim(least - margin, 1.0 + margin)
    axes.set_ylim(least - margin, 1.0 + margin)
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    axes.grid(color="#e6e9ed", linewidth=0.8)
    axes.set_axisbelow(True)


def _label(text: str) -> str:
    """A name that the chart's font can write."""
    return "".join(c if c.isascii() or c == "…" else "�" for c in printable(text, 44))


def _svg(name: str, title: str, draw: Callable[[Any], None], inches: tuple[float, float], pad: float = 8) -> str:
    """The chart; equal input gives equal bytes, and ids begin with `name`, so that one page can hold several."""
    with mpl.rc_context(_STYLE | {"svg.hashsalt": name}):
        figure = Figure(figsize=inches, layout="constrained")
        axes = figure.add_subplot()
        draw(axes)
        axes.set_title(title, pad=pad)
        drawn = io.StringIO()
        figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    svg = drawn.getvalue()
    svg = svg[svg.index("<svg") :].strip()
    return _IDS.sub(lambda found: f"{found.group(1)}{name}-", svg).replace(
        "<svg ", f'<svg role="img" aria-label="{title}" ', 1
    )
