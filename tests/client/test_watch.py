"""Waiting for a verdict: patiently, not for ever, and not in step with everybody else."""

import time
from itertools import islice
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from score_model.client import PollPolicy, ProductionClient
from score_model.errors import RemoteError, RemoteRefusedError, RemoteUnreachableError, UsageError
from tests.client.factories import quick_session
from tests.fakes.faults import Fault
from tests.fakes.task_api import FakeTaskApi

QUICK_POLLS = PollPolicy(first_s=0.005, factor=1.5, cap_s=0.02, timeout_s=5.0)


def api_with_a_solution(**settings: Any) -> FakeTaskApi:
    """A task API with one submitted solution, `sol_1`."""
    api = FakeTaskApi(**settings)
    api.solutions["sol_1"] = {"id": "sol_1", "task_id": "task_1", "status": "pending", "score": None}
    return api


@pytest.mark.parametrize("verdict", ["passed", "failed", "partial"])
async def test_it_ends_with_the_verdict(verdict: str) -> None:
    """Each look is given; the last one has a verdict, and statuses that nobody knows yet are waited out."""
    looks = ("pending", "evaluating", "re-evaluating on another validator", verdict, "pending")
    async with api_with_a_solution(looks=looks) as api, quick_session(api.url) as session:
        seen = [look.record.status async for look in ProductionClient(session).watch("sol_1", QUICK_POLLS)]
    assert seen == list(looks[:4])


async def test_a_passing_fault_does_not_end_it() -> None:
    """A look that fails is retried like any other request."""
    faults = {2: Fault(kind="status", status=503), 3: Fault(kind="reset")}
    async with api_with_a_solution(faults=faults) as api, quick_session(api.url) as session:
        seen = [look.record.status async for look in ProductionClient(session).watch("sol_1", QUICK_POLLS)]
    assert seen == ["evaluating", "passed"]


async def test_no_verdict_in_time_is_an_error_of_its_own() -> None:
    """The server is well but has no verdict: exit code 1, the last status, and no look after the time is up."""
    policy = PollPolicy(first_s=0.05, cap_s=30.0, factor=100, timeout_s=0.3)
    async with api_with_a_solution(looks=("evaluating",)) as api, quick_session(api.url) as session:
        begin = time.perf_counter()
        with pytest.raises(RemoteError, match=r"no verdict on sol_1 within 0\.3 s: it is still evaluating$") as caught:
            _ = [look async for look in ProductionClient(session).watch("sol_1", policy)]
        took = time.perf_counter() - begin
    assert type(caught.value) is RemoteError
    assert caught.value.exit_code == 1
    assert len(api.requests) == 3
    assert 0.28 <= took < 2


async def test_silence_is_unreachable_and_a_refusal_is_final() -> None:
    """Without any answer in time the server counts as unreachable; an unknown solution is refused at once."""
    short = PollPolicy(first_s=0.1, timeout_s=0.2)
    async with api_with_a_solution(faults=lambda _: Fault(kind="hang")) as api, quick_session(api.url) as session:
        with pytest.raises(RemoteUnreachableError, match=r"no answer about sol_1 within 0\.2 s"):
            _ = [look async for look in ProductionClient(session).watch("sol_1", short)]
        api.faults = {}
        with pytest.raises(RemoteRefusedError, match=r"there is no solution sol_2 \(solution_not_found\)"):
            _ = [look async for look in ProductionClient(session).watch("sol_2", QUICK_POLLS)]


@given(
    st.builds(
        PollPolicy,
        first_s=st.floats(0.001, 10),
        factor=st.floats(1, 5),
        cap_s=st.floats(10, 60),
        jitter=st.floats(0, 0.9),
    ),
    st.integers(),
)
def test_waits_grow_up_to_the_cap(policy: PollPolicy, seed: int) -> None:
    """Every wait lies between its undisturbed length and that less the jitter; the same seed gives the same waits."""
    waits = list(islice(policy.waits_s(Random(seed)), 12))
    undisturbed = policy.first_s
    for wait in waits:
        assert undisturbed * (1 - policy.jitter) <= wait * 1.000001
        assert wait <= undisturbed
        undisturbed = min(policy.cap_s, undisturbed * policy.factor)
    assert waits == list(islice(policy.waits_s(Random(seed)), 12))


@pytest.mark.parametrize(
    "change",
    [
        {"first_s": 0.0},
        {"first_s": 20.0},
        {"factor": 0.9},
        {"cap_s": float("inf")},
        {"jitter": 1.0},
        {"timeout_s": 0.0},
        {"timeout_s": float("nan")},
        {"timeout_s": float("inf")},
    ],
    ids=str,
)
def test_policies_that_make_no_sense_are_usage_errors(change: dict[str, float]) -> None:
    """Waits that shrink or never end are refused in one line."""
    with pytest.raises(UsageError):
        PollPolicy(**change)
