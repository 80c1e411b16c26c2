"""The build: index the raw dumps, let the audit judge the labels, write the dataset. Three passes, bounded memory."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Self

import msgspec

from score_model.atomic import atomic_write, discard
from score_model.dataset._audit_rows import AuditRow, SpooledRow, spooled_row
from score_model.dataset._dedupe import Deduper, Strategy, Winners
from score_model.dataset._flatten import decode_line, flatten, instants_of
from score_model.dataset._parquet import require_pyarrow, write_parquet
from score_model.dataset._raw import LONGEST_LINE, RawDumps, Rejects
from score_model.dataset._result import BuildCounts, BuildResult, DatasetPaths, PassSeconds
from score_model.dataset._schema_drift import UnknownNames, sorted_counts
from score_model.dataset._spool import Spool
from score_model.errors import ContractError, UsageError

Assess = Callable[[Iterable[AuditRow]], Mapping[int, str]]
"""Reads the whole dataset once and returns the label quality of each ordinal where it is not `ok`."""

Progress = Callable[[str, int, int], None]
"""Told the pass (`index`, `assess` or `write`), the bytes of the raw dumps that are done, and all bytes."""

_REPORT_EVERY = 2048  # lines


def build_dataset(
    raws: Sequence[Path],
    *,
    out: DatasetPaths,
    strategy: Strategy | str = Strategy.TASK_SOLUTION,
    assess: Assess | None = None,
    parquet: bool = False,
    progress: Progress | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> BuildResult:
    """Builds `out.dataset` (and `out.parquet`, and `out.rejected` if rows break the contract) from raw dumps.

    The same raw bytes give the same dataset bytes. Without `assess` every label is `ok` and no unknown name is counted.
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
    if parquet:
        write_parquet(out.dataset, out.parquet)
    else:
        discard(out.parquet)  # of an older build: it would disagree with the lines
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
        self.spool = Spool(folder, msgspec.json.Encoder().encode_into, end=b"\n")
        self.audit_spool = Spool(folder, msgspec.msgpack.Encoder().encode_into) if audited else None
        self.unknown = UnknownNames()
        self.rows_read = 0
        self._progress = progress

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.dumps.close()
        self.spool.close()
        if self.audit_spool is not None:
            self.audit_spool.close()

    def index(self) -> Winners:
        """Checks every line, spools the rows that lead their copies, and finds the winners."""
        dumps, rejects, deduper = self.dumps, self.rejects, self.deduper
        spool, audit_spool = self.spool, self.audit_spool
        rows_read = 0
        with rejects:
            for position, number, line in dumps:
                if rows_read % _REPORT_EVERY == 0:
                    self._report("index", position)
                if line is None:
                    rows_read += 1
                    rejects.add(dumps.file_of(position), number, f"longer than {LONGEST_LINE} bytes", None)
                    continue
                if not line or line.isspace():
                    continue
                rows_read += 1
                try:
                    entry, envelope = decode_line(line)
                    row = flatten(line, entry, envelope)
                    instants = instants_of(row)
                except ContractError as broken:
                    rejects.add(dumps.file_of(position), number, str(broken), line)
                else:
                    if deduper.add(position, line, row, instants):
                        spool.add(row)
                        if audit_spool is not None:
                            audit_spool.add(spooled_row(line, entry, row, instants))
        self.rows_read = rows_read
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
