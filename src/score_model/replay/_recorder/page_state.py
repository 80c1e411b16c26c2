"""The page as text: its markup with what fields hold, open shadow roots and frames of the same origin."""

from dataclasses import dataclass

from score_model.replay._recorder.event_log import RecorderCaps
from score_model.replay._recorder.probe import Probe, ProbeError
from score_model.replay._scripts import read_script

_MOST_ELEMENTS = 200_000
_MOST_ROOTS = 500  # shadow roots and frames


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The page at one moment.

    `html` is None if the page could not be read; `error` then says why. `cut`: it was longer than the cap; its end says
    so in a comment. `whole` is False if fields, shadow roots or frames may be missing, as in enormous pages.
    """

    html: str | None
    url: str
    title: str = ""
    error: str | None = None
    cut: bool = False
    whole: bool = True


async def take_snapshot(probe: Probe, url: str, caps: RecorderCaps) -> Snapshot:
    """The page of the probe; `url` stands in where it can't be read."""
    limits = {"mostCharacters": caps.snapshot_bytes, "mostElements": _MOST_ELEMENTS, "mostRoots": _MOST_ROOTS}
    try:
        read = await probe.call(read_script("snapshot.js"), limits, caps.snapshot_ms)
    except ProbeError as failed:
        return Snapshot(html=None, url=url, error=str(failed))
    html, was_cut = _within(read["html"], read["characters"], caps.snapshot_bytes)
    return Snapshot(html=html, url=read["url"], title=read["title"], cut=was_cut, whole=read["whole"])


def _within(html: str, characters: int, most: int) -> tuple[str, bool]:
    """The HTML in at most `most` bytes and a comment that says what is missing; whether something is."""
    kept = html
    if not html.isascii():
        kept = html.encode()[:most].decode("utf-8", "ignore")
    if len(kept) == characters:
        return kept, False
    return f"{kept}<!-- cut here: {len(kept):,} of {characters:,} characters -->", True
