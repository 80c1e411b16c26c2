"""The route of scores: what a model says of answers before anything is evaluated."""

import asyncio
from collections.abc import Sequence
from typing import Any

from litestar import Response, post
from litestar.types import ControllerRouterHandler
from sqlalchemy import Connection

from score_model.arena._answers import RefusedError, json_answer
from score_model.arena.api._bodies import convert, receive_json
from score_model.arena.api._context import ApiContext, Incoming
from score_model.arena.api._entries import exported_task
from score_model.arena.api._records import NewAttempt, NewScore, NewScores
from score_model.arena.api._scoring import Scored, Scoring, named_task
from score_model.arena.api._tasks import find_tasks

_AT_ONCE = 2  # scoring keeps a core busy; what is to be scored meanwhile waits


def score_routes(api: ApiContext, scoring: Scoring | None) -> list[ControllerRouterHandler]:
    """The handler; without a model it answers 404."""
    turns = asyncio.Semaphore(_AT_ONCE)

    async def scored(scoring: Scoring, attempts: Sequence[NewAttempt], *, listed: bool) -> Scored:
        names = {name for attempt in attempts if (name := named_task(attempt.task)) is not None}

        def find(connection: Connection) -> dict[str, dict[str, Any]]:
            return {name: exported_task(row) for name, row in find_tasks(connection, names).items()}

        known = await api.read(find) if names else {}
        async with turns:
            return await asyncio.to_thread(scoring.score, attempts, known, listed=listed)

    @post("/api/score", status_code=200)
    async def score(request: Incoming) -> Response[bytes]:
        if scoring is None:
            await api.admission.admit(request)
            raise RefusedError(404, "no_model", "This arena has no model: start it with --model FOLDER")
        async with api.enter_post(request, receive_json) as posted:
            if posted.nonce is not None:
                api.admission.nonces.take(posted.nonce, posted)
            content = posted.received.content
            if "attempts" in content:
                several = await scored(scoring, convert(content, NewScores).attempts, listed=True)
                return json_answer({"scores": several.scores, "ranking": several.ranking})
            one = await scored(scoring, [convert(content, NewScore)], listed=False)
            return json_answer(one.scores[0])

    return [score]
