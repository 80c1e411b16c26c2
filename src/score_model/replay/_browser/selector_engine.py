"""What the target of an action is, before it is acted on."""

import asyncio
from typing import Any

from playwright.async_api import Error, Locator, Playwright

from score_model.replay._scripts import read_script
from score_model.replay._text import describe_error

_ENGINE = "score-model-question"


async def register_target_engine(playwright: Playwright) -> None:
    """Make the contexts of this Playwright able to answer for their targets; once, before they are opened."""
    await playwright.selectors.register(_ENGINE, read_script("target_engine.js"), content_script=True)


class TargetDescriber:
    """Asks the recorder's script about an element.

    Playwright can't hand an element over to another script world, but a selector engine in its own world can dispatch
    an event on it: one whose name only the recorder knows, to which its script answers with a description.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._answer: asyncio.Future[dict[str, Any]] | None = None
        self._one = asyncio.Lock()

    async def describe(self, locator: Locator, limit_ms: int) -> dict[str, Any]:
        """`{"found": False}`, or found, tag, role, name, text, visible, enabled, box, attributes, value, ….

        The first element that the locator finds now: never waits for one to appear. `error` says why an element is not
        described.
        """
        found: dict[str, Any] = {"found": False}
        try:
            async with asyncio.timeout(limit_ms / 1000), self._one:
                answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
                self._answer = answer
                if await locator.first.locator(f"{_ENGINE}={self.name}").count() == 0:
                    return found
                found = {"found": True}
                return found | await answer
        except TimeoutError:
            return found | {"error": f"the page did not answer within {limit_ms} ms"}
        except Error as error:
            return found | {"error": describe_error(error)}

    def receive(self, target: dict[str, Any]) -> None:
        """The script's answer to the latest question."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(target)
