"""The build: index the raw dumps, let the audit judge the labels, write the dataset. Three passes, bounded memory."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Self

import msgspec

from score_model.atomic import atomic_write, discard
from score_model.dataset._audit_rows import AuditRow, SpooledRow
from score_model.dataset._dedupe import Deduper, Strategy, Winners
from score_model.dataset._parquet import require_pyarrow, write_parquet
from score_model.dataset._parsed_rows import TOO_LONG, parse_dumps
from score_model.dataset._processes import Helper, spare_cores
from score_model.dataset._raw import RawDumps, Rejects
from score_model.dataset._result import BuildCounts, BuildResult, DatasetPaths, PassSeconds
from score_model.dataset._schema_drift import UnknownNames, sorted_counts
from score_model.dataset._spool import Spool
from score_model.errors import UsageError

Assess = Callable[[Iterable[AuditRow]], Mapping[int, str]]
"""Reads the whole dataset once and returns the label quality of each ordinal where it is not `ok`."""

Progress = Callable[[str, int, int], None]
"""Told the pass (`index`, `assess` or `write`), the bytes of the raw dumps that are done, and all bytes."""

_REPORT_EVERY = 2048  # rows
_WORTH_HELPERS = 16 * 1024 * 1024  # bytes of raw dumps
_MOST_HELPERS = 4  # more wait for the one who takes their rows


def build_dataset(
    raws: Sequence[Path],
    *,
    out: DatasetPaths,
    strategy: Strategy | str = Strategy.TASK_SOLUTION,
    assess: Assess | None = None,
    parquet: bool = False,
    meanwhile: Callable[[], None] | None = None,
    progress: Progress | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> BuildResult:
    """Builds `out.dataset` (and `out.parquet`, and `out.rejected` if rows break the contract) from raw dumps.

    The same raw bytes give the same dataset bytes. Without `assess` every label is `ok` and no unknown name is counted.
    `meanwhile` is called once when the lines are written, beside the writing of a large Parquet file.
    Raises UsageError if a dump can't be read or the strategy is unknown, MissingExtraError if Parquet is asked for and
    pyarrow is missing, OSError if a file can't be written: then no half file is left.
    """
    if parquet:
        require_pyarrow()
    with _Build(raws, out, _known_strategy(strategy), progress, audited=assess is not None) as build:
        started = clock()
        winners = build.index()
        indexed = clock()
        labels = assess(build.assessed(winners)) if assess is not None else {}
        assessed = clock()
        build.write(winners, labels)
        written = clock()
        if not parquet:
            discard(out.parquet)  # of an older build: it would disagree with the lines
        build.finish(out.parquet if parquet else None, meanwhile)
    seconds = PassSeconds(
        index=indexed - started, assess=assessed - indexed, write=written - assessed, parquet=clock() - written
    )
    return BuildResult(
        counts=build.counts(len(winners.leaders)),
        dataset=out.dataset,
        parquet=out.parquet if parquet else None,
        rejected_file=out.rejected if build.rejects.count else None,
        seconds=seconds,
    )


def _known_strategy(strategy: Strategy | str) -> Strategy:
    try:
        return Strategy(strategy)
    except ValueError:
        raise UsageError(f"unknown dedupe strategy {strategy!r}: one of {', '.join(Strategy)}") from None


class _Build:
    """The passes over the same dumps, and what they count."""

    def __init__(
        self,
        raws: Sequence[Path],
        out: DatasetPaths,
        strategy: Strategy,
        progress: Progress | None,
        *,
        audited: bool,
    ) -> None:
        self.dumps = RawDumps(raws)
        self.out = out
        self.rejects = Rejects(out.rejected)
        self.deduper = Deduper(strategy, self.dumps.line_at)
        folder = out.dataset.parent
        self.spool = Spool(folder)
        self.audit_spool = Spool(folder) if audited else None
        cores = spare_cores() if self.dumps.size >= _WORTH_HELPERS else 0
        self.helpers = [Helper() for _ in range(min(cores, _MOST_HELPERS))]
        self.unknown = UnknownNames()
        self.rows_read = 0
        self._progress = progress

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.dumps.close()
        for helper in self.helpers:
            helper.close()
        self.spool.close()
        if self.audit_spool is not None:
            self.audit_spool.close()

    def index(self) -> Winners:
        """Checks every line, spools the rows that lead their copies, and finds the winners."""
        dumps, rejects, deduper = self.dumps, self.rejects, self.deduper
        spool, audit_spool = self.spool, self.audit_spool
        lines_before = 0  # of the file
        with rejects:
            for part, parsed in parse_dumps(dumps, audited=audit_spool is not None, helpers=self.helpers):
                self._report("index", part.start)
                if part.start == part.file_start:
                    lines_before = 0
                for row in parsed.rows:
                    if row.reason is not None:
                        line = None if row.reason == TOO_LONG else dumps.line_at(row.position)
                        rejects.add(part.path, lines_before + row.number, row.reason, line)
                    elif deduper.add(row):
                        spool.add(row.line)
                        if audit_spool is not None and row.audited is not None:
                            audit_spool.add(row.audited)
                lines_before += parsed.lines
                self.rows_read += len(parsed.rows)
        return deduper.winners()

    def assessed(self, winners: Winners) -> Iterator[AuditRow]:
        """The winners as the audit sees them; counts unknown names on the way."""
        assert self.audit_spool is not None
        decode = msgspec.msgpack.Decoder(SpooledRow).decode
        for ordinal, spooled in enumerate(map(decode, self.audit_spool.read(winners.leaders))):
            winner = winners.positions[ordinal]
            if ordinal % _REPORT_EVERY == 0:
                self._report("assess", winner >> 1)
            if spooled.drift is not None:
                self.unknown.add(spooled.drift)
            contradicted = spooled.row.self_contradiction or bool(winner & 1)
            yield msgspec.structs.replace(spooled.row, ordinal=ordinal, self_contradiction=contradicted)
        self._report("assess", self.dumps.size)

    def write(self, winners: Winners, labels: Mapping[int, str]) -> None:
        """Writes the dataset, whole or not at all."""
        self._report("write", 0)
        with atomic_write(self.out.dataset) as file:
            self.spool.copy(winners.leaders, labels, file)
        self._report("write", self.dumps.size)

    def finish(self, parquet: Path | None, meanwhile: Callable[[], None] | None) -> None:
        """Writes the Parquet file, if it is wanted, and calls `meanwhile`: at once, if there is a helper for it."""
        helper = self.helpers[0] if self.helpers and parquet is not None else None
        if helper is not None:
            helper.ask(write_parquet, self.out.dataset, parquet)
        elif parquet is not None:
            write_parquet(self.out.dataset, parquet)
        if meanwhile is not None:
            meanwhile()
        if helper is not None:
            helper.answer()

    def _report(self, stage: str, position: int) -> None:
        if self._progress is not None:
            self._progress(stage, position, self.dumps.size)

    def counts(self, samples: int) -> BuildCounts:
        """Everything that was counted."""
        deduper, unknown = self.deduper, self.unknown
        return BuildCounts(
            rows_read=self.rows_read,
            samples=samples,
            duplicates=deduper.duplicates,
            exact_duplicates=deduper.exact_duplicates,
            conflicts=deduper.conflicts,
            conflict_examples=tuple(deduper.examples),
            rejected=self.rejects.count,
            rejected_reasons=sorted_counts(self.rejects.reasons),
            unknown_fields=sorted_counts(unknown.fields),
            unknown_actions=sorted_counts(unknown.actions),
            unknown_action_fields=sorted_counts(unknown.action_fields),
        )
