"""The scripts that are injected into pages: files of the folder `javascript`."""

from functools import cache
from importlib.resources import files


@cache
def read_script(name: str) -> str:
    """Return the text of a script that runs in pages."""
    return files("score_model.replay").joinpath("javascript", name).read_text("utf-8")
