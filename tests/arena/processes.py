"""`score-model arena` as processes, and plain requests to them."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SETTINGS = ("SCORE_MODEL_DATA_DIR", "SCORE_MODEL_ARENA_KEY", "SCORE_MODEL_ARENA_TOKEN")
_RUN = "import sys; from score_model.cli.main import main; main()"


@contextmanager
def serving(*arguments: str | Path, **variables: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """`arena serve` on free ports, with these variables only: the process, and the addresses that it printed."""
    environment = {name: value for name, value in os.environ.items() if name not in SETTINGS} | variables
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            _RUN,
            "arena",
            "serve",
            *(() if "--port" in arguments else ("--port", "0")),
            *map(str, arguments),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    try:
        assert process.stdout
        yield process, json.loads(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


def get(url: str, **headers: str) -> Any:
    """The JSON that a GET answers; raises HTTPError for an error."""
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=20) as response:
        return json.load(response)


def post(url: str, body: object, **headers: str) -> tuple[int, Any]:
    """Status and JSON that a POST of JSON answers, errors too."""
    kind = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(body).encode(), kind | headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)
