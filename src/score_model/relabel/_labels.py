"""Which label quality and which override each row gets, and the pass that writes them."""

from collections import Counter
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import msgspec

from score_model.atomic import atomic_write, discard
from score_model.contract import Sample
from score_model.dataset import Labelling, Overrides, SampleId, require_pyarrow, rewrite_labels, write_parquet
from score_model.relabel._paths import RelabelPaths
from score_model.relabel._replayed import ReplayedLabels
from score_model.relabel._report import MOST_EXAMPLES, OverrideCounts, RelabelReport
from score_model.replay import ReplayedRow, count_agreement


def relabel(
    source: Path,
    paths: RelabelPaths,
    *,
    replayed: ReplayedLabels,
    overrides: Overrides,
    progress: Callable[[int], None] | None = None,
) -> RelabelReport:
    """Writes the dataset with its new labels, its Parquet file if it has one, and the report.

    The same source, traces and overrides give the same bytes, and applying them again changes nothing. `progress` is
    told how many rows are done. Raises UsageError if the source is no `.jsonl` dataset, MissingExtraError if it has a
    Parquet file and pyarrow is not installed, OSError if a file can't be written: then no half file is left.
    """
    if paths.parquet is not None:
        require_pyarrow()
    labeller = _Labeller(replayed, overrides, progress)
    rewrite_labels(source, paths.dataset, labeller.label)
    if paths.parquet is not None:
        write_parquet(paths.dataset, paths.parquet)
    else:
        discard(paths.dataset.with_suffix(".parquet"))  # of another run: it would disagree
    report = labeller.report(paths.dataset.stem)
    with atomic_write(paths.report) as file:
        file.write(msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n")
    return report


class _Labeller:
    """Labels row by row, and counts."""

    def __init__(self, replayed: ReplayedLabels, overrides: Overrides, progress: Callable[[int], None] | None) -> None:
        self._replayed, self._overrides, self._progress = replayed, overrides, progress
        self._rows = 0
        self._found: set[SampleId] = set()
        self._qualities: Counter[str] = Counter()
        self._compared: Counter[ReplayedRow] = Counter()  # without ids: equal rows are counted, not kept

    def label(self, sample: Sample) -> Labelling:
        """The row's label quality and override."""
        if self._replayed.has(sample):
            row = ReplayedRow(
                website=sample.website or "unknown",
                solution_id="",
                recorded=sample.passed,
                replayed=self._replayed.of(sample),
                empty=sample.num_actions == 0,
            )
            self._compared[row] += 1
        identity = (sample.task_id, sample.solution_id or "")
        override = self._overrides.by_id.get(identity)
        if override is not None:
            self._found.add(identity)
        else:
            override = sample.override
        quality = "overridden" if override is not None else _quality(sample, self._replayed.of(sample))
        self._qualities[quality] += 1
        self._rows += 1
        if self._progress is not None:
            self._progress(self._rows)
        return Labelling(quality, override)

    def report(self, prefix: str) -> RelabelReport:
        """What was counted, once every row is labelled."""
        by_id = self._overrides.by_id
        unknown = (f"{task}/{solution}" for task, solution in by_id if (task, solution) not in self._found)
        return RelabelReport(
            prefix=prefix,
            rows=self._rows,
            agreement=count_agreement(self._compared.elements()),
            traces=self._replayed.counts(),
            overrides=OverrideCounts(
                rows=len(by_id),
                unknown=len(by_id) - len(self._found),
                unknown_examples=list(islice(unknown, MOST_EXAMPLES)),
            ),
            label_quality=dict(sorted(self._qualities.items())),
        )


def _quality(sample: Sample, replayed: bool | None) -> str:
    """A replay marks what the audit found `ok`, and takes back its own mark only: no finding of the audit is lost."""
    if sample.passed is None or replayed is None:
        return sample.label_quality
    before, after = ("replay_disagrees", "ok") if sample.passed == replayed else ("ok", "replay_disagrees")
    return after if sample.label_quality == before else sample.label_quality
