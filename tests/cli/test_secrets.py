"""The promise that credentials reach no log, error, metric or dump."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.cli.commands import Ran, run
from tests.fakes.entries import make_entries
from tests.fakes.envelopes import Envelope
from tests.fakes.faults import Fault
from tests.fakes.leaderboard import FakeLeaderboard

TOKEN = "tok-Z9/+secret=="
KEY = "key&Q8 secret%".replace(" ", "+")
SECRETS = {"AUTOPPIA_PROD_API_TOKEN": TOKEN, "AUTOPPIA_LEADERBOARD_API_KEY": KEY, "AUTOPPIA_RUN_ID": "run-1"}

FAULTS = {
    "none": {},
    "overload": {2: Fault(kind="status", status=503), 3: Fault(kind="reset")},
    "refused": {1: Fault(kind="status", status=403, body=b'{"detail": "no access with ' + TOKEN.encode() + b'"}')},
    "redirect": {1: Fault(kind="redirect", status=302, location="http://127.0.0.2:9/steal")},
    "foreign next": dict.fromkeys(
        range(1, 60), Fault(kind="foreign_next", location=f"http://127.0.0.2:9/?key={quote(KEY)}")
    ),
    "html": dict.fromkeys(range(1, 60), Fault(kind="html")),
}


def everything_written(folder: Path, ran: Ran) -> Iterator[tuple[str, bytes]]:
    """All that a command left behind: what it said, and every file under the folder."""
    yield "stdout", ran.stdout.encode()
    yield "stderr", ran.stderr.encode()
    for path in folder.rglob("*"):
        if path.is_file():
            yield str(path), path.read_bytes()


@pytest.mark.parametrize("name", FAULTS)
async def test_no_output_holds_a_credential(tmp_path: Path, name: str) -> None:
    """Under success, refusals, redirects, a `next` that leads away and outages alike, no output has token or key."""
    next_url = Envelope(dialect="next_url")
    async with FakeLeaderboard(
        rows=make_entries(90),
        bearer=TOKEN,
        key=KEY,
        demands=("run_id", "nonce"),
        faults=FAULTS[name],
        envelope=next_url,
    ) as api:
        ran = await run(
            "mirror",
            "--base-url",
            api.origin,
            "--output-prefix",
            "p",
            "--limit",
            "20",
            "--json",
            cwd=tmp_path,
            **SECRETS,
        )
        if api.requests and name in ("none", "overload"):
            assert ran.code == 0, ran.stderr
            assert api.requests[0].headers["Authorization"] == f"Bearer {TOKEN}"
            assert api.requests[0].params["key"] == KEY
    if name not in ("none", "overload"):
        assert ran.code in (3, 4), ran.stderr
    for place, content in everything_written(tmp_path, ran):
        for secret in (TOKEN, KEY, quote(TOKEN, safe=""), quote(KEY, safe=""), "secret"):
            assert secret.encode() not in content, place
