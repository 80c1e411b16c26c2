"""The recorded production dumps, where they are at hand: what a careful person finds, and nothing else."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from score_model.dataset import AuditRow, DatasetPaths, build_dataset
from score_model.dataset.audit import Assessment, assess
from tests.recorded import DUMPS, needs_dumps


@needs_dumps
@pytest.mark.parametrize("strategy", ["task_solution", "task_agent"])
def test_the_recorded_outages_and_no_others(tmp_path: Path, strategy: str) -> None:
    """Three cells without a single pass, their failures set aside, and everything else left as it is."""
    seen: list[Assessment] = []

    def audit(rows: Iterable[AuditRow]) -> dict[int, str]:
        seen.append(assess(rows))
        return seen[-1].qualities

    build_dataset(DUMPS, out=DatasetPaths.of(tmp_path, "recorded"), strategy=strategy, assess=audit)
    (assessment,) = seen
    found = {(cell.website, cell.validator): (cell.failures, cell.passes) for cell in assessment.report.outages}
    assert found == {("autobooks", 55): (14, 0), ("autoconnect", 55): (48, 0), ("autocinema", 20): (13, 0)}
    assert list(assessment.qualities.values()).count("environment_suspect") == 75
    assert all(0.75 <= (cell.expected_rate or 0) <= 0.96 for cell in assessment.report.outages)
    assert all(cell.p_value < 0.0001 for cell in assessment.report.outages)
    assert assessment.report.fetch_bias.biased
