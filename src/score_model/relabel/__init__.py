"""What replays and people say of a dataset's labels, written into `label_quality` and `override` (docs/relabel.md).

Needs the extra `replay`, as reading compressed traces does.
"""

from score_model.relabel._labels import RelabelPaths, relabel
from score_model.relabel._replayed import ReplayedLabels
from score_model.relabel._report import OverrideCounts, RelabelReport, TraceCounts, UnusedTrace

__all__ = [
    "OverrideCounts",
    "RelabelPaths",
    "RelabelReport",
    "ReplayedLabels",
    "TraceCounts",
    "UnusedTrace",
    "relabel",
]
