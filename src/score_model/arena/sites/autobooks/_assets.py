"""The files that every visitor gets alike: the HTML shell, scripts, styles and the icon."""

from dataclasses import dataclass
from hashlib import blake2b
from importlib.resources import files

_TYPES = {
    "css": "text/css",
    "html": "text/html",
    "js": "text/javascript",
    "svg": "image/svg+xml",
}


@dataclass(frozen=True)
class Asset:
    """A file's bytes, media type and entity tag."""

    body: bytes
    media_type: str
    etag: str


def shell() -> Asset:
    """The one HTML page that all paths share."""
    return _asset("shell.html", files(__package__).joinpath("shell.html").read_bytes())


def static_files() -> dict[str, Asset]:
    """What lies under `/static/`, by file name; nothing else can be asked for."""
    folder = files(__package__).joinpath("static")
    return {entry.name: _asset(entry.name, entry.read_bytes()) for entry in folder.iterdir() if _suffix(entry.name)}


def _suffix(name: str) -> str | None:
    suffix = name.rpartition(".")[2]
    return suffix if suffix in _TYPES else None


def _asset(name: str, body: bytes) -> Asset:
    suffix = _suffix(name)
    assert suffix is not None
    return Asset(body, _TYPES[suffix], f'"{blake2b(body, digest_size=12).hexdigest()}"')
