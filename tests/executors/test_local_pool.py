"""The local pool keeps the executor's promises."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import pytest

from score_model.executors import Executor, LocalPool


def jobs_of(numbers: Iterable[int]) -> Callable[[], Awaitable[int | None]]:
    """Jobs that are handed out one by one."""
    waiting = iter(numbers)

    async def next_job() -> int | None:
        return next(waiting, None)

    return next_job


async def test_every_job_is_done_once_and_never_more_at_a_time_than_workers() -> None:
    """All jobs end with their results, three at a time while there are as many."""
    at_work, most, results = 0, 0, dict[int, int]()

    async def square(number: int) -> int:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        await asyncio.sleep(0)
        at_work -= 1
        return number * number

    pool: Executor = LocalPool(3)
    await pool.run(jobs_of(range(20)), square, results.__setitem__)
    assert results == {number: number * number for number in range(20)}
    assert most == 3


async def test_a_job_is_asked_for_only_when_a_worker_is_free() -> None:
    """Of a stream without end no more is read than is worked on."""
    handed_out, gate = 0, asyncio.Event()

    async def next_job() -> int:
        nonlocal handed_out
        handed_out += 1
        return handed_out

    async def wait(_number: int) -> None:
        await gate.wait()

    running = asyncio.create_task(LocalPool(2).run(next_job, wait, lambda _job, _result: None))
    while handed_out < 2:
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert handed_out == 2
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


@pytest.mark.parametrize("where", ["next_job", "work", "done"])
async def test_the_first_error_ends_all_and_is_raised_as_it_is(where: str) -> None:
    """An error of a job, of its source or of what gets its result cancels the others and comes out bare."""
    cancelled = 0

    def fail_in(place: str, number: int | None) -> None:
        if place == where and number == 2:
            raise ValueError(place)

    inner = jobs_of(range(3))

    async def next_job() -> int | None:
        number = await inner()
        fail_in("next_job", number)
        return number

    async def work(number: int) -> None:
        nonlocal cancelled
        fail_in("work", number)
        if number == 2:
            return
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled += 1
            raise

    with pytest.raises(ValueError, match=where):
        await LocalPool(3).run(next_job, work, lambda number, _result: fail_in("done", number))
    assert cancelled == 2
