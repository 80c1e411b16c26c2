"""Takes the pictures of the demo websites for the documentation: `python -m scripts.screenshots autocinema 2 4 6`.

Starts an arena of its own on free ports, and writes docs/images/<site>-seed<N>.jpg for the front page at each seed.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.arena.drivers import running_chromium

from score_model.arena import ArenaSettings, running_arena
from score_model.arena.sites import SITES

_FOLDER = Path(__file__).parent.parent / "docs" / "images"
_VIEWPORT = (1280, 900)
_QUALITY = 82  # of JPEG: below 250 kB with no blur that shows
_NOW_US = 1_763_000_000_000_000  # pictures do not change from day to day


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description="Take pictures of a demo website's front page.")
    parser.add_argument("site", choices=sorted(SITES))
    parser.add_argument("seeds", nargs="+", type=int, metavar="SEED")
    parser.add_argument("--path", default="/", help="another page of the site")
    parser.add_argument("--folder", type=Path, default=_FOLDER)
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    for picture in asyncio.run(take(chosen.site, chosen.seeds, chosen.path, chosen.folder)):
        sys.stdout.write(f"{picture} {picture.stat().st_size // 1024} KiB\n")


async def take(site: str, seeds: Sequence[int], path: str, folder: Path) -> list[Path]:
    """Writes one picture per seed and returns where they are. Raises SystemExit without a browser."""
    pictures = []
    width, height = _VIEWPORT
    with tempfile.TemporaryDirectory() as scratch:
        settings = ArenaSettings(database=Path(scratch) / "arena.sqlite")
        async with running_arena(settings, lambda: _NOW_US) as urls, running_chromium() as browser:
            if browser is None:
                raise SystemExit("no Chromium was found: let SCORE_MODEL_BROWSER name one")
            page = await browser.new_page(viewport={"width": width, "height": height})
            for seed in seeds:
                await page.goto(f"{urls.site_urls[site]}{path}?seed={seed}", wait_until="networkidle")
                pictures.append(folder / f"{site}-seed{seed}.jpg")
                await page.screenshot(path=pictures[-1], type="jpeg", quality=_QUALITY)
    return pictures


if __name__ == "__main__":
    main()
