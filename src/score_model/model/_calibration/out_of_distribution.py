"""Is this input like what was learnt from? Where it is not, a score is a guess and says so."""

from collections.abc import Callable

import msgspec
import numpy as np

from score_model.arrays import Bools, Floats, Ints
from score_model.model._estimators.tfidf import single_words
from score_model.model._folds import fold_pairs
from score_model.model._inputs import Inputs

_RARE = 0.01
"""One row in a hundred of the training data itself would be called unfamiliar."""

_LEAST_TEXTS = 2
_LONGEST_NAME = 80


class OutOfDistributionDetector(msgspec.Struct, frozen=True):
    """What training saw: its websites, its words, and the range of each column.

    `least_known` is the share of a text's words that must be known. `most_outside` is the number of columns that may
    lie outside their range.
    """

    websites: frozenset[str]
    words: frozenset[str]
    columns: tuple[str, ...]
    lowest: tuple[float, ...]
    highest: tuple[float, ...]
    least_known: float
    most_outside: int

    def __post_init__(self) -> None:
        """Raises ValueError if the sizes do not fit together."""
        if not len(self.columns) == len(self.lowest) == len(self.highest):
            raise ValueError("not a description of training data")

    def find_reasons(self, inputs: Inputs, *, by_trace: bool) -> list[str | None]:
        """Return why each row is unlike the training data; None where it is not.

        Where a trace shows what happened (`by_trace`), an unseen website and unseen words are no reason: features of
        the trace carry over.
        """
        outside = count_outside(inputs.select(self.columns), np.array(self.lowest), np.array(self.highest))
        reasons: list[str | None] = []
        for row, website in enumerate(inputs.websites):
            reason = None
            if not by_trace and website not in self.websites:
                reason = f"website {_format_name(website)} was not in the training data: unsupported without a trace"
            elif not by_trace and (share := measure_known_share(inputs.texts[row], self.words)) < self.least_known:
                reason = f"only {share:.0%} of the words of task and actions were in the training data"
            elif outside[row] > self.most_outside:
                reason = f"{outside[row]} features lie outside the range of the training data"
            reasons.append(reason)
        return reasons


def _format_name(website: str | None) -> str:
    """A name that anybody may have sent, for a sentence."""
    shown = "".join(character for character in (website or "")[:_LONGEST_NAME] if character.isprintable())
    return shown or "(unknown)"


def measure_known_share(text: str, words: frozenset[str]) -> float:
    """The share of the text's distinct words that are known; 1 for a text without words."""
    own = single_words(text)
    return len(own & words) / len(own) if own else 1.0


def count_outside(matrix: Floats, lowest: Floats, highest: Floats) -> Ints:
    """In how many columns each row lies outside lowest..highest; unknown values lie inside."""
    outside: Bools = (matrix < lowest) | (matrix > highest)
    result: Ints = outside.sum(axis=1).astype(np.int64)
    return result


def fit_detector(inputs: Inputs, columns: tuple[str, ...], fold_of: Ints) -> OutOfDistributionDetector:
    """Return what these rows show; one in a hundred of them, held out with its group, exceeds each of the limits."""
    matrix = inputs.select(columns)
    shares, outside = np.empty(len(inputs)), np.empty(len(inputs), dtype=np.int64)
    own = [frozenset(single_words(text)) for text in inputs.texts]
    for learn, score in fold_pairs(fold_of):
        known = _words(own.__getitem__, learn)
        lowest, highest = _ranges(matrix[learn])
        shares[score] = [len(own[row] & known) / len(own[row]) if own[row] else 1.0 for row in score.tolist()]
        outside[score] = count_outside(matrix[score], lowest, highest)
    lowest, highest = _ranges(matrix)
    return OutOfDistributionDetector(
        websites=frozenset(website for website in inputs.websites if website is not None),
        words=_words(own.__getitem__, np.arange(len(inputs))),
        columns=columns,
        lowest=tuple(lowest.tolist()),
        highest=tuple(highest.tolist()),
        least_known=float(np.quantile(shares, _RARE, method="lower")),
        most_outside=int(np.quantile(outside, 1.0 - _RARE, method="higher")),
    )


def _words(own: Callable[[int], frozenset[str]], rows: Ints) -> frozenset[str]:
    counts: dict[str, int] = {}
    for row in rows.tolist():
        for word in own(row):
            counts[word] = counts.get(word, 0) + 1
    return frozenset(word for word, count in counts.items() if count >= _LEAST_TEXTS)


def _ranges(matrix: Floats) -> tuple[Floats, Floats]:
    """The least and greatest known value of each column and half their distance to spare; 0 where none is known."""
    known = ~np.isnan(matrix)
    lowest = np.where(known, matrix, np.inf).min(axis=0, initial=np.inf)
    highest = np.where(known, matrix, -np.inf).max(axis=0, initial=-np.inf)
    seen = known.any(axis=0)
    lowest, highest = np.where(seen, lowest, 0.0), np.where(seen, highest, 0.0)
    spare = (highest - lowest) / 2.0
    return lowest - spare, highest + spare
