"""The recorder's own line into one page, and a script world there that the page can neither see nor reach.

DevTools' Runtime domain stays off: it would send every message of the page's console a second time, and a page writes
them faster than anybody reads. So its binding is given to each new document by hand.
"""

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

from playwright.async_api import BrowserContext, CDPSession, Error, Page

from score_model.replay._scripts import read_script
from score_model.replay._text import one_line

_WORLD = "score-model"
_BINDING = "scoreModelTell"  # exists in that world only
_MOST_BOUND = 200  # documents that are listened to during one action: pages may load frames without end
_MOST_TOLD = 1_000  # records that are read of one action
_ANSWER = '{"kind":"target"'  # how the description of a target begins
_SLACK_S = 0.3  # for an answer to arrive, beyond the script's own time limit
_TRIES = 20
_RETRY_S = 0.03  # while one document gives way to the next

Tell = Callable[[int, str, dict[str, Any]], None]


class ProbeError(Exception):
    """The page gave no answer; the text says why. Never leaves the room."""


def build_recorder_script(question: str) -> str:
    """The script that runs in every frame; `question` is the name of the event that asks for a target."""
    return f"({read_script('instruments.js')})({json.dumps(question)}, ({read_script('target.js')})())"


class Probe:
    """A DevTools session of one page."""

    def __init__(self, session: CDPSession, index: int, tell: Tell) -> None:
        """`tell` gets the page's number, the name of a DevTools event or of a record, and its content."""
        self._session = session
        self._index = index
        self._tell = tell
        self._main_frame = ""
        self._told = 0
        self._bound = 0
        self._binding: set[asyncio.Task[None]] = set()
        session.on("Runtime.bindingCalled", self._on_binding_called)
        session.on("Page.frameNavigated", self._on_frame_navigated)
        session.on("Page.javascriptDialogOpening", lambda dialog: tell(index, "dialog", dialog))

    @classmethod
    async def open(cls, context: BrowserContext, page: Page, index: int, question: str, tell: Tell) -> "Probe":
        """Watch the page from here on. Raises Playwright's Error if it is gone."""
        session = await context.new_cdp_session(page)
        probe = cls(session, index, tell)
        added = {"worldName": _WORLD, "runImmediately": True, "source": build_recorder_script(question)}
        await asyncio.gather(session.send("Page.enable"), session.send("Page.addScriptToEvaluateOnNewDocument", added))
        tree = (await session.send("Page.getFrameTree"))["frameTree"]
        probe._main_frame = tree["frame"]["id"]
        for frame in _frames(tree):
            probe._listen(frame)
        return probe

    def begin(self) -> None:
        """An action begins, and with it a new allowance of what the page may tell."""
        self._told = self._bound = 0

    async def call(self, function: str, argument: object, limit_ms: int) -> Any:
        """What a function returns in the page's main frame, in the recorder's world; JSON both ways.

        Documents that give way to others meanwhile are asked for again. Raises ProbeError with the reason.
        """
        expression = f"({function})({json.dumps(argument)})"
        failed = "the page is gone"
        try:
            async with asyncio.timeout(limit_ms / 1000 + _SLACK_S):
                for _ in range(_TRIES):
                    try:
                        return await self._evaluate(expression, limit_ms)
                    except Error as error:
                        failed = one_line(error.message)
                    await asyncio.sleep(_RETRY_S)
        except TimeoutError:
            failed = f"the page did not answer within {limit_ms} ms"
        raise ProbeError(failed)

    async def screenshot(self, quality: int) -> str:
        """What the page shows, as Base64 text of a JPEG. Raises Playwright's Error."""
        options = {"format": "jpeg", "quality": quality, "optimizeForSpeed": True}
        return str((await self._session.send("Page.captureScreenshot", options))["data"])

    async def _world(self, frame: str) -> int:
        """The recorder's world in the frame's present document."""
        asked = {"frameId": frame, "worldName": _WORLD}
        return int((await self._session.send("Page.createIsolatedWorld", asked))["executionContextId"])

    async def _evaluate(self, expression: str, limit_ms: int) -> Any:
        asked = {
            "contextId": await self._world(self._main_frame),
            "expression": expression,
            "returnByValue": True,
            "silent": True,
            "timeout": limit_ms,
        }
        answer = await self._session.send("Runtime.evaluate", asked)
        if "exceptionDetails" in answer:
            thrown = answer["exceptionDetails"].get("exception", {}).get("description", "an exception")
            raise ProbeError(f"the page could not be read: {str(thrown)[:160]}")
        return answer["result"].get("value")

    def _listen(self, frame: str) -> None:
        """Let the recorder's script in the frame's document tell; until then it keeps what it has to tell."""
        if self._bound >= _MOST_BOUND:
            return
        self._bound += 1

        async def bind() -> None:
            try:
                asked = {"name": _BINDING, "executionContextId": await self._world(frame)}
                await self._session.send("Runtime.addBinding", asked)
            except Error:  # the document is gone
                return

        task = asyncio.ensure_future(bind())
        self._binding.add(task)
        task.add_done_callback(self._binding.discard)

    def _on_frame_navigated(self, event: dict[str, Any]) -> None:
        frame = event["frame"]
        if "parentId" not in frame:
            self._main_frame = frame["id"]
            self._tell(self._index, "document", frame)
        self._listen(frame["id"])

    def _on_binding_called(self, event: dict[str, Any]) -> None:
        if event["name"] != _BINDING:
            return
        self._told += 1
        if self._told > _MOST_TOLD and not event["payload"].startswith(_ANSWER):
            self._tell(self._index, "dropped", {"of": "dom", "count": 1})
            return
        record = json.loads(event["payload"])
        self._tell(self._index, record["kind"], record)


def _frames(tree: dict[str, Any]) -> Iterator[str]:
    yield tree["frame"]["id"]
    for child in tree.get("childFrames", ()):
        yield from _frames(child)
