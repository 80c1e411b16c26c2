"""The fake as a process of its own."""

import json
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_process_prints_its_url_and_stops_on_sigterm() -> None:
    """One line of JSON when it is ready, rows behind the URL, and exit 0 on SIGTERM."""
    command = [sys.executable, "-m", "tests.fakes.serve", "--rows", "7", "--port", "0", "--bearer", "t"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            url = json.loads(process.stdout.readline())["url"]
            request = urllib.request.Request(url, headers={"Authorization": "Bearer t"})
            with urllib.request.urlopen(request, timeout=10) as response:
                assert json.load(response)["data"]["total"] == 7
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
