"""The executor of one machine: tasks of the caller's event loop."""

import asyncio
from collections.abc import Awaitable, Callable

from score_model.executors._executor import Job, Result


class LocalPool:
    """An Executor of `parallel` tasks; what they do at the same time is what they await."""

    def __init__(self, parallel: int) -> None:
        self._parallel = parallel

    async def run(
        self,
        next_job: Callable[[], Awaitable[Job | None]],
        work: Callable[[Job], Awaitable[Result]],
        done: Callable[[Job, Result], None],
    ) -> None:
        """Do the jobs, as `Executor.run` promises."""

        async def work_on() -> None:
            while (job := await next_job()) is not None:
                done(job, await work(job))

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self._parallel):
                    group.create_task(work_on())
        except BaseExceptionGroup as several:
            raise first_error(several) from None


def first_error(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return the first of the errors that ended a group of tasks."""
    error = group.exceptions[0]
    return first_error(error) if isinstance(error, BaseExceptionGroup) else error
