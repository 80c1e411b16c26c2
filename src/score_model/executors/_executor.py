"""What spreads jobs over workers: the protocol that replays and evaluations are written for."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")


class Executor(Protocol):
    """Does jobs side by side, on as many workers as it was made with."""

    async def run(
        self,
        next_job: Callable[[], Awaitable[Job | None]],
        work: Callable[[Job], Awaitable[Result]],
        done: Callable[[Job, Result], None],
    ) -> None:
        """Return when every worker was sent home and no job is under way.

        `next_job` is asked for a job whenever a worker is free; None sends that worker home. `work` does a job on a
        worker. `next_job` and `done`, which gets each job with its result as soon as there is one, are called in the
        caller's event loop, never two at a time except where `next_job` waits.

        The first error of any of them cancels what is under way and is raised as it is.
        """
        ...
