"""The trace of one replay in the making: compressed and written in a thread, while the next action goes on."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from score_model.errors import ContractError
from score_model.traces import BrowserSnapshot, TraceFooter, TraceHeader, TraceStep, TraceWriter, clean_html, diff_html


class TraceFile:
    """A TraceWriter for the event loop; an async context. Steps are written in order, at most one at a time waits.

    Raises UsageError where the file can't be written, at the step after at the latest.
    """

    def __init__(self, path: Path, header: TraceHeader) -> None:
        self._writer = TraceWriter(path, header)
        self._writing: asyncio.Task[Any] | None = None
        self._cleaned: tuple[str, str] = ("", "")  # the page before, and itself cleaned; the thread's own

    async def __aenter__(self) -> Self:
        self._begin(self._writer.__enter__)
        try:
            await self._wait_for_writer()
        except asyncio.CancelledError as cancelled:
            await self.__aexit__(type(cancelled), cancelled, None)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._writing is not None:  # a thread can't be interrupted
            await asyncio.wait([self._writing])
            if not self._writing.cancelled():
                self._writing.exception()  # what it says matters less than what ended the block
        await asyncio.to_thread(self._writer.__exit__, kind, error, traceback)

    async def write(self, step: TraceStep) -> None:
        """Add a step; its diff is made here."""
        await self._wait_for_writer()
        self._begin(lambda: self._write(step))

    async def finish(self, footer: TraceFooter) -> None:
        """Add the footer; the trace has its name when this returns."""
        await self._wait_for_writer()
        self._begin(lambda: self._finish(footer))
        await self._wait_for_writer()

    def _begin(self, work: Callable[[], Any]) -> None:
        self._writing = asyncio.ensure_future(asyncio.to_thread(work))

    async def _wait_for_writer(self) -> None:
        if self._writing is not None:
            await asyncio.shield(self._writing)

    def _write(self, step: TraceStep) -> None:
        page = step.browser_snapshot
        if page.prev_html is not None and page.current_html is not None:
            diff = diff_html(self._clean(page.prev_html), self._clean(page.current_html))
            step = msgspec.structs.replace(step, browser_snapshot=msgspec.structs.replace(page, html_diff=diff))
        try:
            self._writer.write(step)
        except ContractError as too_large:
            self._writer.write(_without_content(step, str(too_large)))

    def _finish(self, footer: TraceFooter) -> None:
        try:
            self._writer.finish(footer)
        except ContractError as too_large:
            kept = {name: value for name, value in footer.extra.items() if name != "expected_event"}
            slim = kept | {"left_out": f"backend events: {too_large}"}
            self._writer.finish(msgspec.structs.replace(footer, backend_events=None, extra=slim))

    def _clean(self, html: str) -> str:
        """The page cleaned; the page after an action comes again as the one before the next."""
        if self._cleaned[0] is not html:
            self._cleaned = (html, clean_html(html))
        return self._cleaned[1]


def _without_content(step: TraceStep, why: str) -> TraceStep:
    """The step without what hostile pages can blow up beyond the length of a line."""
    page = step.browser_snapshot
    slim = BrowserSnapshot(
        iteration=page.iteration,
        current_url=page.current_url,
        timestamp=page.timestamp,
        extra={"left_out": f"pages and events: {why}"},
    )
    return msgspec.structs.replace(step, browser_snapshot=slim)
