"""autocinema: the film site. The server renders every page and writes the backend events itself; no JavaScript."""

from score_model.arena.sites.autocinema._site import AUTOCINEMA

__all__ = ["AUTOCINEMA"]
