"""Deterministic, production-shaped rows of the leaderboard export, for any number of rows.

The same number of rows, seed and plan always give the same bytes. Needs no server and no database.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import msgspec

from score_model.arena.export._seed_actions import SPELLINGS, recorded_action, respelled
from score_model.arena.export._seed_plan import EPOCH, Miner, SeedPlan
from score_model.arena.export._seed_vocabulary import FRAGMENTS, NOTES, PEOPLE, PLACES, SITES, Site, UseCase
from score_model.errors import UsageError

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_UNIX = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_HOUR = 3_600_000_000  # µs
_RESPELLED_SHARE = 0.06  # of answers in another spelling than the usual one
_LUCK = 0.02  # of answers whose label contradicts the work


def seed_entries(rows: int, seed: int = 0, plan: SeedPlan | None = None) -> Iterator[bytes]:
    """Exactly `rows` entries as compact JSON, oldest task first; raises UsageError if `rows` is negative."""
    if rows < 0:
        raise UsageError(f"rows must not be negative: {rows}")
    return _Generator(rows, seed, plan or SeedPlan()).entries()


@dataclass(frozen=True)
class _Asked:
    """A task as it was asked: what its copies share."""

    use_case: UseCase
    wording: str
    slots: dict[str, str]


@dataclass
class _Task:
    """One task while its answers are made."""

    number: int
    id: str
    site: Site
    validator: int
    asked: _Asked
    url_seed: int
    created: int  # µs since 1970
    json: bytes
    answers: dict[int, bytes] = field(default_factory=dict)


class _Generator:
    def __init__(self, rows: int, seed: int, plan: SeedPlan) -> None:
        self._rows = rows
        self._plan = plan
        self._random = Random(f"score-model arena {seed}")  # noqa: S311 - reproducible, not secret
        self._start = (EPOCH - _UNIX) // _MICROSECOND
        self._spacing = (plan.span // _MICROSECOND) * len(plan.miners) // max(rows, 1)
        self._windows = {
            (outage.website, outage.validator_uid): tuple(
                (edge - _UNIX) // _MICROSECOND for edge in plan.window(outage)
            )
            for outage in plan.planted_outages
        }
        self._last_asked: dict[str, _Asked] = {}
        self._runs: dict[tuple[int, int, int], bytes] = {}
        uids = (*plan.validators, *(miner.uid for miner in plan.miners))
        self._hotkeys = {uid: "5" + "".join(self._random.choices(_BASE58, k=47)) for uid in uids}

    def entries(self) -> Iterator[bytes]:
        left = self._rows
        number = 0
        while left > 0:
            for entry in self._answers(self._task(number)):
                yield entry
                left -= 1
                if left == 0:
                    return
            number += 1

    def _planted(self, every: int, number: int) -> bool:
        return every > 0 and number % every == every - 1

    def _hex(self, digits: int) -> str:
        return f"{self._random.getrandbits(4 * digits):0{digits}x}"

    def _ask(self, site: Site) -> _Asked:
        pick = self._random.choice
        use_case = pick(site.use_cases)
        item = pick(site.items)
        slots = {
            "item": item,
            "other": pick([name for name in site.items if name != item]),
            "person": pick(PEOPLE),
            "place": pick(PLACES),
            "category": pick(site.categories),
            "fragment": pick(FRAGMENTS),
            "note": pick(NOTES),
            "number": str(1 + self._random.getrandbits(3)),
            "price": f"{3 + self._random.getrandbits(5)}.{self._random.getrandbits(3)}5",
            "year": str(1990 + self._random.getrandbits(5)),
            "n": str(1 + self._random.getrandbits(6)),
        }
        return _Asked(use_case, pick(use_case.wordings).format_map(slots), slots)

    def _task(self, number: int) -> _Task:
        plan = self._plan
        site = SITES[plan.websites[number % len(plan.websites)]]
        validator = plan.validators[number // len(plan.websites) % len(plan.validators)]
        near_copy = self._planted(plan.near_copy_every, number) and site.name in self._last_asked
        asked = self._last_asked[site.name] if near_copy else self._ask(site)
        self._last_asked[site.name] = asked
        digits = self._hex(32)
        task_id = f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"
        url_seed = 1 + int(self._random.random() * 300)
        created = self._start + number * self._spacing + int(self._random.random() * self._spacing)
        new_generation = self._planted(plan.new_generation_every, number)
        record: dict[str, Any] = {
            "taskId": task_id,
            "website": site.name,
            "useCase": asked.use_case.name,
            "prompt" if new_generation else "intent": asked.wording,
            "startUrl": f"http://localhost:{site.port}/?seed={url_seed}",
            "requiredUrl": None,
            "createdAt": _iso(created),
        }
        if new_generation:
            criteria = {"name": {"operator": "contains", "value": asked.slots["item"]}}
            event = {"type": "CheckEventTest", "event_name": asked.use_case.event, "event_criteria": criteria}
            record |= {"webVersion": "2.1.0", "tests": [event]}
        return _Task(number, task_id, site, validator, asked, url_seed, created, msgspec.json.encode(record))

    def _answers(self, task: _Task) -> Iterator[bytes]:
        plan = self._plan
        contradiction = self._planted(plan.contradiction_every, task.number)
        for place, miner in enumerate(plan.miners):
            created = task.created + 30_000_000 + int(self._random.random() * 1.5 * _HOUR)
            if contradiction and place < 2:
                actions = task.answers.setdefault(0, self._actions(task, right=True))
                passed = place == 0
            else:
                actions, passed = self._attempt(task, miner)
            down = self._is_down(task, created)
            passed = passed and not (down and actions != b"[]")
            score: float = 1 if passed else 0
            if actions != b"[]" and self._planted(plan.fractional_score_every, task.number):
                score = 0.85 if passed else 0.25
            solution_id = f"task_solution_{miner.uid}_{task.id}_{self._hex(12)}"
            solution = b'{"taskSolutionId":"%b","trajectory":[],"actions":%b,"createdAt":"%b"}' % (
                solution_id.encode(),
                actions,
                _iso(created).encode(),
            )
            run = self._run(miner.uid, task.validator, created)
            if place == 0 and self._planted(plan.null_every, task.number):
                solution, run = self._with_null(task, solution, run)
            yield self._entry(task, solution, self._evaluation(task, miner.uid, score, passed), run)
            if place == 0 and not down and self._planted(plan.conflict_every, task.number):
                again = self._evaluation(task, miner.uid, 0 if passed else 1, not passed)
                yield self._entry(task, solution, again, run)

    def _entry(self, task: _Task, solution: bytes, evaluation: bytes, run: bytes) -> bytes:
        extra = b',"traceHint":{"ring":7}' if self._planted(self._plan.unknown_every, task.number) else b""
        parts = (task.json, solution, evaluation, run, extra)
        return b'{"task":%b,"solution":%b,"evaluation":%b,"agentRun":%b%b}' % parts

    def _with_null(self, task: _Task, solution: bytes, run: bytes) -> tuple[bytes, bytes]:
        match task.number // self._plan.null_every % 3:
            case 0:
                return b"null", run
            case 1:
                return solution, b"null"
            case _:
                return solution[: solution.index(b'"actions":')] + b'"actions":null,"createdAt":null}', run

    def _evaluation(self, task: _Task, miner_uid: int, score: float, passed: bool) -> bytes:
        identity = f"evaluation_{miner_uid}_{task.id}_{self._hex(12)}"
        return msgspec.json.encode({"evaluationResultId": identity, "score": score, "passed": passed})

    def _run(self, miner_uid: int, validator_uid: int, created: int) -> bytes:
        key = (miner_uid, validator_uid, created // (6 * _HOUR))
        if key not in self._runs:
            run = {
                "agentRunId": f"agent_run_{miner_uid}_{self._hex(12)}",
                "minerUid": miner_uid,
                "minerHotkey": self._hotkeys[miner_uid],
                "validatorUid": validator_uid,
                "validatorHotkey": self._hotkeys[validator_uid],
            }
            self._runs[key] = msgspec.json.encode(run)
        return self._runs[key]

    def _is_down(self, task: _Task, created: int) -> bool:
        window = self._windows.get((task.site.name, task.validator))
        return window is not None and window[0] <= created < window[1]

    def _attempt(self, task: _Task, miner: Miner) -> tuple[bytes, bool]:
        if self._random.random() >= miner.answers:
            return b"[]", False
        right = self._random.random() < miner.skill
        passed = right != (self._random.random() < _LUCK)
        if self._planted(self._plan.unknown_every, task.number) or self._random.random() < _RESPELLED_SHARE:
            return self._actions(task, right=right, usual=False), passed
        kind = 1 if right else 2 + self._random.getrandbits(1)  # answers of one kind to one task are the same work
        if kind not in task.answers:
            task.answers[kind] = self._actions(task, right=right, cut=kind == 3)
        return task.answers[kind], passed

    def _actions(self, task: _Task, *, right: bool, usual: bool = True, cut: bool = False) -> bytes:
        """The answer's action list; a wrong one does the work with another thing's data, or stops early."""
        asked = task.asked
        slots = asked.slots
        if not right:
            slots = {**slots, "item": slots["other"], "n": str(64 + int(slots["n"])), "note": "n/a", "person": "?"}
        origin = f"http://localhost:{task.site.port}"
        steps = asked.use_case.steps
        if cut and len(steps) > 1:
            steps = steps[: len(steps) // 2]
        actions = [recorded_action(step, slots, origin, task.url_seed) for step in steps]
        if not usual:
            spelling = 1 + int(self._random.random() * (SPELLINGS - 1))
            actions = [respelled(action, spelling) for action in actions]
            if self._planted(self._plan.unknown_every, task.number):
                actions.append({"type": "hologram", "attributes": {"angle": 45.0, "retries": 2}})
        return msgspec.json.encode(actions)


def _iso(microseconds: int) -> str:
    return (_UNIX + timedelta(microseconds=microseconds)).isoformat()
