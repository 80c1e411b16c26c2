"""Which copy of a row wins, and which copies disagree (docs/architecture.md, "Dedupe").

The index holds a hash and a few numbers per solution, in flat arrays, and no row: a million rows take about 180 MB.
"""

import enum
from array import array
from collections.abc import Callable
from hashlib import blake2b
from typing import NamedTuple

from score_model.contract.leaderboard import text_id
from score_model.dataset._flatten import decode_line, entry_bytes
from score_model.dataset._parsed_rows import ParsedRow, read_row
from score_model.dataset._result import Conflict, Label

_MOST_EXAMPLES = 20
_NEVER = -(1 << 63)  # a missing instant is earlier than any
_NO_SCORE, _NO_VERDICT = -1.0, -1

LineAt = Callable[[int], bytes]
"""The line that begins at a position of the raw dumps."""


class Strategy(enum.StrEnum):
    """What makes two rows the same sample."""

    TASK_SOLUTION = "task_solution"
    TASK_AGENT = "task_agent"
    TASK = "task"


class Winners(NamedTuple):
    """The rows that stay, in the order of the raw dumps.

    `positions` holds twice the position of each, plus one where its solution's labels disagree; `leaders` its 0-based
    number among all rows that ever led their copies, that is among those for which `Deduper.add` said yes.
    """

    positions: "array[int]"
    leaders: "array[int]"


class Deduper:
    """Takes every valid row once, in order; `winners` then says which stay.

    Copies of one task + solution meet first; under the wider strategies the survivors meet again. `line_at` reads a
    line back: only duplicates need it.
    """

    def __init__(self, strategy: Strategy, line_at: LineAt) -> None:
        self._strategy = strategy
        self._line_at = line_at
        self._slots: dict[int | bytes, int] = {}
        self._wider = bytearray()  # 16 bytes a slot: the digest of the wider key
        self._positions = array("q")
        self._leaders = array("q")  # how many rows had led their copies when the slot's row took the lead
        self._led = 0
        self._created = array("q")
        self._fetched = array("q")
        self._scores = array("d")  # the first known score and verdict of the slot's copies
        self._verdicts = array("b")
        self._contradicted = bytearray()
        self.duplicates = 0
        self.exact_duplicates = 0
        self.conflicts = 0
        self.examples: list[Conflict] = []

    def add(self, row: ParsedRow) -> bool:
        """Takes one valid row, and says whether it leads its copies so far."""
        task_id, solution_id = row.task_id, row.solution_id
        created = _NEVER if row.created_us is None else row.created_us
        fetched = _NEVER if row.fetched_us is None else row.fetched_us
        following = len(self._positions)
        # Python's own hash is the cheapest key. It differs from run to run, and may collide: a hit is looked at.
        slot = self._slots.setdefault(hash((task_id, solution_id)), following)
        if slot != following:
            stored = self._line_at(self._positions[slot])
            if not _same_ids(row, stored):
                slot = self._slots.setdefault(_key(task_id, solution_id), following)
                stored = self._line_at(self._positions[slot]) if slot != following else b""
            if slot != following:
                return self._meet(slot, stored, row, (created, fetched))
        score, verdict = _label(row)
        self._positions.append(row.position)
        self._leaders.append(self._led)
        self._led += 1
        self._created.append(created)
        self._fetched.append(fetched)
        self._scores.append(score)
        self._verdicts.append(verdict)
        self._contradicted.append(0)
        if self._strategy is Strategy.TASK:
            self._wider += _key(task_id, "")
        elif self._strategy is Strategy.TASK_AGENT:
            self._wider += _key(task_id, "" if row.miner_uid is None else str(row.miner_uid))
        return True

    def _meet(self, slot: int, stored: bytes, row: ParsedRow, instants: tuple[int, int]) -> bool:
        """Another copy of the slot's task and solution; `stored` is the line that leads it so far."""
        self.duplicates += 1
        self.exact_duplicates += entry_bytes(stored) == entry_bytes(self._line_at(row.position))
        score, verdict = _label(row)
        if _differ(self._scores[slot], self._verdicts[slot], score, verdict) and not self._contradicted[slot]:
            self._contradicted[slot] = 1
            self._conflict(row, self._scores[slot], self._verdicts[slot])
        if self._scores[slot] == _NO_SCORE:
            self._scores[slot] = score
        if self._verdicts[slot] == _NO_VERDICT:
            self._verdicts[slot] = verdict
        theirs = (self._created[slot], self._fetched[slot])
        if instants < theirs:
            return False
        if instants == theirs and row.evaluation_id <= _evaluation_id(stored):
            return False
        self._positions[slot] = row.position
        self._created[slot], self._fetched[slot] = instants
        self._leaders[slot] = self._led
        self._led += 1
        return True

    def _conflict(self, row: ParsedRow, score: float, verdict: int) -> None:
        self.conflicts += 1
        if len(self.examples) >= _MOST_EXAMPLES:
            return
        self.examples.append(
            Conflict(
                task_id=row.task_id,
                solution_id=row.solution_id,
                miner_uid=row.miner_uid,
                first=Label(None if score == _NO_SCORE else score, None if verdict == _NO_VERDICT else bool(verdict)),
                other=Label(row.score, row.passed),
            )
        )

    def winners(self) -> "Winners":
        """The rows that stay. Ends the deduper: the index is given up."""
        self._slots.clear()
        slots = range(len(self._positions)) if self._strategy is Strategy.TASK_SOLUTION else self._meet_again()
        return Winners(
            array("q", sorted(self._positions[slot] * 2 + self._contradicted[slot] for slot in slots)),
            array("q", sorted(self._leaders[slot] for slot in slots)),
        )

    def _meet_again(self) -> list[int]:
        """The slots that win under the wider key."""
        self.conflicts = sum(self._contradicted)
        best: dict[bytes, int] = {}
        first: dict[bytes, int] = {}
        in_conflict: set[bytes] = set()
        for slot in range(len(self._positions)):
            key = bytes(self._wider[slot * 16 : slot * 16 + 16])
            first_slot, best_slot = first.setdefault(key, slot), best.setdefault(key, slot)
            if self._contradicted[slot]:
                if key in in_conflict:
                    self.conflicts -= 1  # counted for another solution of the same key
                in_conflict.add(key)
            if slot == first_slot:
                continue
            self.duplicates += 1
            self._compare(key, first_slot, slot, in_conflict)
            if self._later(slot, best_slot):
                best[key] = slot
        return list(best.values())

    def _compare(self, key: bytes, first: int, slot: int, in_conflict: set[bytes]) -> None:
        score, verdict = self._scores[first], self._verdicts[first]
        if key not in in_conflict and _differ(score, verdict, self._scores[slot], self._verdicts[slot]):
            in_conflict.add(key)
            self._conflict(read_row(self._line_at(self._positions[slot])), score, verdict)

    def _later(self, slot: int, than: int) -> bool:
        ours, theirs = (self._created[slot], self._fetched[slot]), (self._created[than], self._fetched[than])
        if ours != theirs:
            return ours > theirs
        here, there = self._positions[slot], self._positions[than]
        mine, other = _evaluation_id(self._line_at(here)), _evaluation_id(self._line_at(there))
        return mine > other or (mine == other and here < there)


def _same_ids(row: ParsedRow, line: bytes) -> bool:
    task_id, solution_id, evaluation_id = decode_line(line)[0].identity()
    return row.task_id == task_id and row.solution_id == (solution_id or evaluation_id)


def _label(row: ParsedRow) -> tuple[float, int]:
    return _NO_SCORE if row.score is None else row.score, _NO_VERDICT if row.passed is None else int(row.passed)


def _key(task_id: str, rest: str) -> bytes:
    """16 bytes that stand for two ids, which can't run into one another."""
    return blake2b(f"{len(task_id)}:{task_id}{rest}".encode(), digest_size=16).digest()


def _evaluation_id(line: bytes) -> str:
    evaluation = decode_line(line)[0].evaluation
    return text_id(evaluation.evaluation_result_id if evaluation else None)


def _differ(score: float, verdict: int, other_score: float, other_verdict: int) -> bool:
    """Whether two labels disagree; what one of them does not know is no disagreement."""
    return (score != other_score and _NO_SCORE not in (score, other_score)) or (
        verdict != other_verdict and _NO_VERDICT not in (verdict, other_verdict)
    )
