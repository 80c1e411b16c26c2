"""Tables of made-up judgements on the tests' rows."""

import numpy as np

from score_model.arrays import Floats
from score_model.evaluation import EvaluateSettings, Split, Table
from score_model.evaluation._predictions import Predictions
from score_model.evaluation._tables import make_table
from score_model.model.fitting import Rows
from tests.evaluation.factories import rows_and_keys

SETTINGS = EvaluateSettings(resamples=200)


def acted_labels() -> Floats:
    """Labels of the rows with actions."""
    rows = rows_and_keys()[0]
    return rows.labels[~rows.empty]


def a_table(model: Floats, counts: Floats, cell: Floats | None = None, rows: Rows | None = None) -> Table:
    """A table of the non_empty rows, or of these."""
    if rows is None:
        rows = rows_and_keys()[0]
        rows = rows.take(~rows.empty)
    same = np.full(len(rows), 0.6)
    said = {"model": model, "majority": same, "empty_answer": same, "action_count": counts, "use_case_rate": same}
    said |= {"text_only": model} if cell is None else {"text_only": model, "validator_cell": cell}
    every = {name: [Predictions.of(each, each >= 0.5)] for name, each in said.items()}
    return make_table(rows, every, np.zeros((1, len(rows)), dtype=np.int64), SETTINGS, whole=False)


def a_split(model: Floats, counts: Floats, cell: Floats | None = None, name: str = "test") -> Split:
    """A split whose three tables are this one."""
    table = a_table(model, counts, cell)
    return Split(name=name, title="", tables={"trusted": table, "non_empty": table, "all": table})


def few_failures(model: Floats, counts: Floats, name: str = "test") -> Split:
    """The same of the rows that passed and six that failed."""
    rows = rows_and_keys()[0]
    rows = rows.take(~rows.empty)
    kept = np.sort(np.append(np.flatnonzero(rows.labels > 0.5), np.flatnonzero(rows.labels < 0.5)[:6]))
    table = a_table(model[kept], counts[kept], rows=rows.take(kept))
    return Split(name=name, title="", tables={"trusted": table, "non_empty": table, "all": table})
