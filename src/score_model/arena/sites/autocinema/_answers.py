"""From requests to visits and from pages to responses: cookies, safe headers, rendering."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.exceptions import ClientException, HTTPException

from score_model.arena.sites import Layout, SiteBackend, Visit
from score_model.arena.sites.autocinema._views import NOTICES, Outcome, Page, problem_page, site_url
from score_model.arena.sites.forms import Form
from score_model.arena.sites.layout import DEFAULT_SEED, seed_of
from score_model.arena.sites.request import Caller, SiteEvent

MOST_BODY_BYTES = 256 * 1024
SAFE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
_MOST_FIELDS = 100
_FORM_TYPE = "application/x-www-form-urlencoded"
_PRIVATE = {"Cache-Control": "private, no-cache"}  # pages depend on the identity, which no cache looks at
_PROBLEMS = {
    403: ("Please come in by the front door", "Only pages of this cinema may do that."),
    404: ("Page not found", "There is nothing at this address. Perhaps the reel was misplaced."),
    405: ("That does not work here", "This address does not answer to that kind of request."),
    408: ("That took too long", "What you sent did not arrive in time. Please try again."),
    413: ("Too much at once", "What you sent is too large for this cinema."),
    415: ("An unknown kind of form", "Forms are accepted as browsers send them."),
    500: ("The projector broke", "Something went wrong in this cinema. Its staff have been told."),
    503: ("One moment, please", "This cinema can't write anything down just now. Please try again."),
}

_Request = Request[Any, Any, Any]


class Answers:
    """Answers requests with pages of one website."""

    def __init__(self, backend: SiteBackend) -> None:
        self._backend = backend
        self._templates = Environment(
            loader=PackageLoader(__name__.rpartition(".")[0]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    async def look(self, request: _Request, read: Callable[[Visit], Outcome]) -> Response[bytes]:
        """The page that `read` makes of the visit; nothing changes."""
        caller = self._backend.caller(request)
        return self._respond(request, caller, await self._backend.look(caller, read))

    async def act(self, request: _Request, act: Callable[[Visit], tuple[Outcome, SiteEvent | None]]) -> Response[bytes]:
        """The page that follows an act; the act and its event are stored together."""
        caller = self._backend.caller(request)
        return self._respond(request, caller, await self._backend.act_and_record(caller, act))

    async def drawing(self, request: _Request, draw: Callable[[Visit], str | Page]) -> Response[bytes]:
        """An SVG image; its address changes with what it shows, so that browsers may keep it."""
        caller = self._backend.caller(request)
        drawn = await self._backend.look(caller, draw)
        if isinstance(drawn, Page):
            return self._respond(request, caller, drawn)
        headers = {"Cache-Control": "private, max-age=86400"}
        return Response(drawn.encode(), media_type="image/svg+xml", headers=headers)

    def problem(self, request: _Request, error: HTTPException) -> Response[bytes]:
        """The page for a request that no page code has seen, or that it could not read."""
        seed = seed_of(request.query_params.get("seed")) or seed_of(request.cookies.get(self._backend.seed_cookie))
        title, text = _PROBLEMS.get(error.status_code, ("That did not work", "The request could not be understood."))
        page = problem_page(Layout(self._backend.spec.name, seed or DEFAULT_SEED), error.status_code, title, text)
        headers = dict(error.headers or {}) | _PRIVATE
        return Response(self._render(page, None), status_code=page.status, media_type="text/html", headers=headers)

    def session_of(self, request: _Request) -> str:
        """The session that the request's cookie names; empty without one."""
        return request.cookies.get(self._backend.session_cookie, "")

    def _respond(self, request: _Request, caller: Caller, outcome: Outcome) -> Response[bytes]:
        cookies = [self._cookie(self._backend.seed_cookie, str(caller.layout.seed))]
        if isinstance(outcome, Page):
            waiting = request.cookies.get(self._backend.notice_cookie)
            if waiting is not None:  # it is told once: whoever reloads the page has heard it
                cookies.append(self._cookie(self._backend.notice_cookie, ""))
            body = self._render(outcome, NOTICES.get(waiting or ""))
            return Response(body, status_code=outcome.status, media_type="text/html", headers=_PRIVATE, cookies=cookies)
        if outcome.session is not None:
            cookies.append(self._cookie(self._backend.session_cookie, outcome.session))
        if outcome.notice is not None:
            cookies.append(self._cookie(self._backend.notice_cookie, outcome.notice))
        location = site_url(caller.layout, outcome.page, outcome.item_id)
        return Response(b"", status_code=303, headers=_PRIVATE | {"Location": location}, cookies=cookies)

    def _cookie(self, name: str, value: str) -> Cookie:
        return Cookie(key=name, value=value, path="/", httponly=True, samesite="lax", max_age=None if value else 0)

    def _render(self, page: Page, notice: str | None) -> bytes:
        layout = page.look.layout
        template = self._templates.get_template(page.template)
        return template.render(
            page=page,
            look=page.look,
            id=layout.element_id,
            label=layout.label,
            url=page.url,
            notice=notice,
            **page.parts,
        ).encode()


def answers_of(request: _Request) -> Answers:
    """What answers requests in the application that got this one."""
    answers: Answers = request.app.state.answers
    return answers


async def form_of(request: _Request) -> Form:
    """The submitted form, as browsers send it: each field's values in order.

    Raises HTTPException (415) for another content type, and ClientException (400) for too many fields.
    """
    body = await request.body()
    kind = request.headers.get("content-type", _FORM_TYPE).partition(";")[0].strip().lower()
    if body and kind != _FORM_TYPE:
        raise HTTPException(status_code=415)
    try:
        return parse_qs(
            body.decode("utf-8", "replace"), keep_blank_values=True, errors="replace", max_num_fields=_MOST_FIELDS
        )
    except ValueError:
        raise ClientException("too many fields") from None
