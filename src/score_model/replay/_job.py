"""One solution to replay."""

from dataclasses import dataclass
from typing import Any

import msgspec

from score_model.checks import Verdict, run_tests
from score_model.contract import Action, Sample, parse_actions, parse_instant
from score_model.contract.placeholders import fill_action
from score_model.contract.seed_rule import find_seed_fault
from score_model.contract.task_tests import TaskTest, parse_test
from score_model.errors import ContractError
from score_model.replay._identity import ReplayIdentity, make_identity
from score_model.replay._sites.site import Site
from score_model.replay._sites.site_map import SiteMap

_MOST_TESTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayJob:
    """A solution, the site that it was made on, and whom the browser acts for while it is replayed.

    `actions` have the agent's id in place of the placeholders, `recorded_actions` are as received; both are as many.
    `agent_uid` is that id (such as "80"): what tests expect for placeholders. `created_us` is the solution's creation
    in microseconds since 1970-01-01 UTC, None if unknown. `task` is what a trace's header shows: no tests, no outcome.
    """

    task_id: str
    solution_id: str
    website: str
    use_case: str | None
    start_url: str | None
    site: Site
    actions: tuple[Action, ...]
    recorded_actions: tuple[Any, ...]
    tests: tuple[TaskTest, ...]
    answer: Any
    created_us: int | None
    created_at: str | None
    agent_uid: str
    identity: ReplayIdentity
    task: dict[str, Any]

    @classmethod
    def from_sample(
        cls,
        sample: Sample,
        sites: SiteMap,
        *,
        run_id: str,
        attempt: int = 0,
        agent_uid: str | None = None,
        answer: Any = None,
    ) -> "ReplayJob":
        """The job of a dataset's row.

        `run_id` and `attempt` (0, 1, …) make the identity unique. The agent's id is `agent_uid`, else the miner's uid,
        else the identity's own. `answer` is what a DataExtractionTest looks at; datasets have none.
        Raises ContractError, with the reason, for a row that can't be replayed: no solution id, no known site, or more
        than 200 tests.
        """
        if sample.solution_id is None:
            raise ContractError("the row has no solution id")
        site = sites.find(sample.start_url, sample.website)
        identity = make_identity(run_id=run_id, task_id=sample.task_id, solution_id=sample.solution_id, attempt=attempt)
        if agent_uid is None:
            agent_uid = identity.agent_id if sample.miner_uid is None else str(sample.miner_uid)
        return cls(
            task_id=sample.task_id,
            solution_id=sample.solution_id,
            website=site.name,
            use_case=sample.use_case,
            start_url=sample.start_url,
            site=site,
            actions=tuple(fill_action(action, agent_uid) for action in parse_actions(sample.actions)),
            recorded_actions=tuple(sample.actions),
            tests=_parse_tests(sample.tests),
            answer=answer,
            created_us=_parse_instant(sample.solution_created_at),
            created_at=sample.solution_created_at,
            agent_uid=agent_uid,
            identity=identity,
            task=sample.exported_task(),
        )

    def verdict_without_browser(self) -> Verdict | None:
        """The verdict that the actions alone decide, or None if a browser is needed (export contract, section 4).

        Score 0 for a solution without actions and for one that breaks the seed rule; `text` says why, and the checks
        are those of a replay in which nothing happened and nothing was answered.
        """
        if not self.actions:
            return self._fail("No actions")
        fault = find_seed_fault(self.start_url, self.actions)
        return None if fault is None else self._fail(f"Seed rule: {fault}")

    def _fail(self, reason: str) -> Verdict:
        nothing = run_tests(self.tests, (), agent_id=self.agent_uid)
        return msgspec.structs.replace(nothing, text=f"{reason}; not opened in a browser")


def _parse_tests(raw: Any) -> tuple[TaskTest, ...]:
    listed = [] if raw is None else raw if isinstance(raw, list) else [raw]
    if len(listed) > _MOST_TESTS:
        raise ContractError(f"the task has {len(listed):,} tests; at most {_MOST_TESTS} are run")
    return tuple(parse_test(test) for test in listed)


def _parse_instant(text: str | None) -> int | None:
    try:
        return None if text is None else parse_instant(text)
    except ContractError:
        return None
