"""Figures by website and by use case: where a cell is small, counts and nothing else."""

import numpy as np

from score_model.evaluation._records import LEAST_OF_EACH, Cell
from score_model.evaluation._said import Said, Scored
from score_model.evaluation._settings import EvaluateSettings
from score_model.metrics import Estimate, auroc, brier, clustered_bootstraps
from score_model.model import Rows


def cells_of(scored: Scored, settings: EvaluateSettings) -> tuple[tuple[Cell, ...], tuple[Cell, ...]]:
    """Believed rows by website, and by use case of a website; the first repeat."""
    believed = np.flatnonzero(scored.trusted)
    rows = scored.rows.take(believed)
    said = {name: each[0].take(believed) for name, each in scored.said.items()}
    sites: dict[tuple[str | None, str | None], list[int]] = {}
    cases: dict[tuple[str | None, str | None], list[int]] = {}
    for row, (site, case) in enumerate(zip(rows.inputs.websites, rows.inputs.use_cases, strict=True)):
        sites.setdefault((site, None), []).append(row)
        cases.setdefault((site, case), []).append(row)
    return tuple(_cells(rows, said, sites, settings)), tuple(_cells(rows, said, cases, settings))


def _cells(
    rows: Rows,
    said: dict[str, Said],
    members: dict[tuple[str | None, str | None], list[int]],
    settings: EvaluateSettings,
) -> list[Cell]:
    cells = []
    for (site, case), inside in sorted(members.items(), key=lambda item: repr(item[0])):
        chosen = np.array(inside, dtype=np.int64)
        some = rows.take(chosen)
        failures = int(np.sum(some.labels < 0.5))
        large = min(failures, len(some) - failures) >= LEAST_OF_EACH
        metrics = {name: _cell_metrics(some, each.take(chosen), settings) for name, each in said.items() if large}
        cells.append(
            Cell(
                website=site,
                use_case=case,
                rows=len(some),
                failures=failures,
                tasks=len(set(some.task_ids)),
                metrics=metrics if large else None,
            )
        )
    return cells


def _cell_metrics(rows: Rows, said: Said, settings: EvaluateSettings) -> dict[str, Estimate]:
    passed = rows.labels > 0.5
    metrics = {"auroc": auroc(passed, said.probability), "brier": brier(passed, said.probability)}
    return clustered_bootstraps(metrics, rows.task_ids, resamples=settings.resamples, seed=settings.seed)
