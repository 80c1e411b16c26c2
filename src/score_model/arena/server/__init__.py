"""The four servers of an arena: the API, the event service and the websites, on one event loop."""

from score_model.arena.server._app import arena_app
from score_model.arena.server._server import running_arena, running_sites, serve

__all__ = [
    "arena_app",
    "running_arena",
    "running_sites",
    "serve",
]
