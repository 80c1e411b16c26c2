"""What all applications have in common on the wire: whom they admit, HEAD, and requests that must end."""

import asyncio
from collections.abc import Sequence
from typing import Any

from litestar import Litestar, Request
from litestar.enums import ScopeType
from litestar.types import (
    ControllerRouterHandler,
    HTTPReceiveMessage,
    HTTPScope,
    LifeSpanReceive,
    LifeSpanScope,
    LifeSpanSend,
    Receive,
    Scope,
    Send,
)

from score_model.web._admission import LOOPBACK_HOSTS, AllowedHosts, admit_request
from score_model.web._errors import RefusedError

_BODY_WAIT_S = 30.0
_SLOWEST = 128 * 2**10  # bytes per second


class WebApp(Litestar):
    """A Litestar application that admits no page of another site, answers HEAD, and does not wait for ever for a body.

    Who is not admitted (`admit_request`, by `hosts`) is refused in front of all routes, in the way that the application
    has for Exception. HEAD is answered as GET, without the body.

    A body has `body_wait_s` seconds, and one more for each 128 KiB that came; then its reader is told so with
    RefusedError 408. One whose client goes away refuses its reader with 400 `body_cut_short`.
    """

    __slots__ = ("_body_wait_s", "_hosts")

    def __init__(
        self,
        routes: Sequence[ControllerRouterHandler],
        *,
        hosts: AllowedHosts = LOOPBACK_HOSTS,
        body_wait_s: float = _BODY_WAIT_S,
        **settings: Any,
    ) -> None:
        super().__init__(routes, openapi_config=None, logging_config=None, **settings)
        self._hosts = hosts
        self._body_wait_s = body_wait_s

    async def __call__(
        self, scope: Scope | LifeSpanScope, receive: Receive | LifeSpanReceive, send: Send | LifeSpanSend
    ) -> None:
        """An ASGI application."""
        if scope["type"] != "lifespan" and scope["type"] == ScopeType.HTTP:
            try:
                admit_request(scope, self._hosts)
            except RefusedError as refusal:
                await self._refuse(refusal, scope, receive, send)
                return
            receive = _bounded(receive, self._body_wait_s)
            scope = _asking_for_the_body(scope)
        await super().__call__(scope, receive, send)

    async def _refuse(self, refusal: RefusedError, scope: Scope, receive: Any, send: Any) -> None:
        scope["litestar_app"] = self
        request: Request[Any, Any, Any] = Request(scope, receive, send)
        render = self.exception_handlers.get(Exception)
        answer = refusal.response() if render is None else render(request, refusal)
        await answer.to_asgi_response(None, request)(scope, receive, self._wrap_send(send, scope))


def _asking_for_the_body(scope: HTTPScope) -> HTTPScope:
    """A HEAD as a GET; the server, which goes by its own scope, drops the body."""
    if scope["method"] != "HEAD":
        return scope
    asking = scope.copy()
    asking["method"] = "GET"
    return asking


def _bounded(receive: Receive | LifeSpanReceive, wait_s: float) -> Receive:
    deadline: float | None = None
    complete = False

    async def receive_in_time() -> Any:
        nonlocal deadline, complete
        if complete:
            return await receive()
        if deadline is None:  # a request that waits for its turn to be read has not been slow
            deadline = asyncio.get_running_loop().time() + wait_s
        try:
            async with asyncio.timeout_at(deadline):
                message: HTTPReceiveMessage = await receive()  # type: ignore[assignment]
        except TimeoutError:
            raise RefusedError(
                408, "body_too_slow", "The body took too long to come", {"Connection": "close"}
            ) from None
        if message["type"] == "http.disconnect":
            raise RefusedError(400, "body_cut_short", "The body ended before its end")
        deadline += len(message.get("body", b"")) / _SLOWEST
        complete = not message.get("more_body", False)
        return message

    return receive_in_time
