"""The room's door: what other rooms may import."""

import re
from pathlib import Path

import score_model

_PRIVATE = re.compile(r"arena\.sites(\.\w+)*\._|from score_model\.arena\.sites(\.\w+)* import \(?\s*_")


def test_other_rooms_come_in_by_the_door() -> None:
    """No module outside the websites' room imports a private one of it."""
    package = Path(score_model.__file__).parent
    room = package / "arena" / "sites"
    outside = [path for path in sorted(package.rglob("*.py")) if room not in path.parents]
    assert len(outside) > 50
    assert [str(path) for path in outside if _PRIVATE.search(path.read_text())] == []
