"""The site's stylesheet and icon: read from the package once, when the application is made."""

from importlib.resources import files

from litestar import Response, get
from litestar.types import ControllerRouterHandler

_STYLES = ("tokens.css", "frame.css", "cards.css", "film.css", "forms.css")
_KEPT = {"Cache-Control": "public, max-age=3600"}


def static_routes() -> list[ControllerRouterHandler]:
    """One stylesheet, made of the files in `static/`, and the icon."""
    static = files(__package__ or __name__).joinpath("static")
    style = b"\n".join(static.joinpath(name).read_bytes() for name in _STYLES)
    icon = static.joinpath("icon.svg").read_bytes()

    @get("/static/site.css")
    async def stylesheet() -> Response[bytes]:
        return Response(style, media_type="text/css", headers=_KEPT)

    @get(["/static/icon.svg", "/favicon.ico"])
    async def site_icon() -> Response[bytes]:
        return Response(icon, media_type="image/svg+xml", headers=_KEPT)

    return [stylesheet, site_icon]
