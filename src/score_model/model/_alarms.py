"""Features that know too much: one that alone tells passes from failures is more likely a leak than a discovery."""

import numpy as np

from score_model.metrics import auroc
from score_model.model._report import Alarm
from score_model.model._rows import Floats, Rows

LIMIT = 0.97
_LEAST_ROWS = 20


def find_alarms(rows: Rows, columns: tuple[str, ...]) -> tuple[Alarm, ...]:
    """Every column whose AUROC, or that of whether it is known, exceeds 0.97 either way round, the highest first."""
    matrix, alarms = rows.inputs.select(columns), []
    for place, name in enumerate(columns):
        known = ~np.isnan(matrix[:, place])
        for values, chosen, unknown in (
            (matrix[:, place], known, False),
            (known.astype(np.float64), np.ones(len(rows), dtype=np.bool_), True),
        ):
            alone = _separation(values[chosen], rows.labels[chosen])
            if alone is not None and alone > LIMIT:
                alarms.append(Alarm(feature=name, auroc=alone, rows=int(chosen.sum()), unknown=unknown))
    return tuple(sorted(alarms, key=lambda alarm: (-alarm.auroc, alarm.feature)))


def _separation(values: Floats, labels: Floats) -> float | None:
    if len(values) < _LEAST_ROWS or values.min() == values.max():
        return None
    ranks = np.unique(values, return_inverse=True)[1].astype(np.float64)
    found = auroc(labels > 0.5, ranks / max(1.0, ranks.max())).value()
    return None if found is None else max(found, 1.0 - found)
