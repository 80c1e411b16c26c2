"""`score-model demo`: the main job, on this machine, over real HTTP."""

import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from score_model.cli._console import say
from score_model.cli._environment import DEFAULT_DATA_DIR, DataDir, Whole, timestamp_for_names
from score_model.errors import ScoreModelError, UsageError

_READY_WITHIN_S = 60


def demo(*, rows: Whole = 3000, seed: Whole = 0, data_dir: DataDir = DEFAULT_DATA_DIR) -> int:
    """Fill a local leaderboard with generated rows, mirror it over real HTTP, and audit the dataset.

    Needs no account and no network. Each step is printed as the command that does it.

        score-model demo

    Parameters
    ----------
    rows: int
        How many rows to generate.
    seed: int
        Number that the rows follow from.
    data_dir: Path
        Where the project keeps its data.
    """
    if rows < 1:
        raise UsageError(f"--rows {rows}: at least 1")
    prefix = f"demo_{timestamp_for_names()}"
    database = data_dir / "arena" / f"{prefix}.sqlite"
    common = ["--database", str(database)]
    say("A leaderboard of our own, with generated rows: failures, empty answers, an outage, conflicts.")
    _step("arena", "seed", "--rows", str(rows), "--seed", str(seed), *common)
    say("", "The same export as production's, on a free port of this machine.")
    with _serving(["arena", "serve", "--port", "0", *common]) as url:
        say("", "Now the main job: fetch everything, deduplicate, split, audit.")
        _step(
            "mirror", "--base-url", url, "--pages-per-filter", "all", "--max-requests-per-second", "0",
            "--output-prefix", prefix, "--data-dir", str(data_dir),
        )  # fmt: skip
    dataset = data_dir / "datasets" / f"{prefix}.jsonl"
    say(
        "",
        "Use it from Python:",
        "",
        "    import score_model",
        f"    for sample in score_model.load_samples({str(dataset)!r}):",
        "        print(sample.website, sample.intent, sample.num_actions, sample.score, sample.label_quality)",
    )
    return 0


def _step(*words: str) -> None:
    """Shows a command and runs it as a user would, in a process of its own."""
    say(f"$ score-model {shlex.join(words)}")
    command = [sys.executable, "-m", "score_model", *words]
    code = subprocess.run(command, check=False).returncode  # noqa: S603 (our own command)
    if code:
        raise ScoreModelError(f"score-model {words[0]} ended with exit code {code}")


@contextmanager
def _serving(words: list[str]) -> Iterator[str]:
    """A server in the background, stopped when the block ends; gives its leaderboard's URL."""
    say(f"$ score-model {shlex.join(words)} &")
    command = [sys.executable, "-m", "score_model", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:  # noqa: S603 (our own command)
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            if not line:
                raise ScoreModelError(f"score-model arena serve ended with exit code {server.wait()}")
            sys.stderr.write(line.decode())
            yield msgspec.json.decode(line)["leaderboard_url"]
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(_READY_WITHIN_S)
