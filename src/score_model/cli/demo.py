"""`score-model demo`: the main job, on this machine, over real HTTP and in a real browser."""

import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from score_model.cli._console import say
from score_model.cli._environment import DEFAULT_DATA_DIR, DataDir, Whole, timestamp_for_names
from score_model.errors import ScoreModelError, UsageError

if TYPE_CHECKING:
    from score_model.traces import TraceStep

_READY_WITHIN_S = 60
_WIDTH = 120  # characters
_FEW_STEPS = 3
_REPLAYED = 12  # of each website
_TASK_SITES = ("autocinema", "autobooks")
_ROW_SITES = ("autozone", "autodining", "autoconnect")  # rows alone: no such site is here to be replayed on
_SITES_TABLE = """\
[replay.sites.autocinema]
url = "{autocinema}"
reset = "/reset/"

[replay.sites.autobooks]
url = "{autobooks}"
reset = "/reset/"
event_service = "central"
events_url = "{events}"
"""


def demo(*, tasks: Whole = 12, rows: Whole = 1500, seed: Whole = 0, data_dir: DataDir = DEFAULT_DATA_DIR) -> int:
    """Let scripted agents work in a local arena, evaluate them in a real browser, and mirror, audit and replay that.

    Needs no account and no network; without a browser only the mirror and the audit are shown, on generated rows. Each
    step is printed as the command that does it.

        score-model demo

    Parameters
    ----------
    tasks: int
        How many tasks to make; four or five agents answer each.
    rows: int
        How many rows to generate besides, with an outage in them.
    seed: int
        Number that everything follows from.
    data_dir: Path
        Where the project keeps its data.
    """
    for flag, value in (("--tasks", tasks), ("--rows", rows)):
        if value < 1:
            raise UsageError(f"{flag} {value}: at least 1")
    prefix = f"demo_{timestamp_for_names()}"
    data_dir = data_dir.absolute()
    database = data_dir / "arena" / f"{prefix}.sqlite"
    common = ["--database", str(database)]
    say("An arena of our own: tasks on two websites, and agents that answer them, some well and some badly.")
    _step("arena", "seed", "--tasks", str(tasks), "--seed", str(seed), *common)
    say("", "Each answer is replayed in a real browser, and the task's tests decide.")
    evaluated = _step("arena", "evaluate", *common, accepted=(0, 1, UsageError.exit_code)) != UsageError.exit_code
    if not evaluated:
        say("So there are no verdicts here; the demo goes on with generated rows alone.")
    say("", "Rows of other websites, without a browser: failures, empty answers, conflicts, and an outage to be found.")
    websites = [word for name in _ROW_SITES for word in ("--website", name)]
    _step("arena", "seed", "--rows", str(rows), "--seed", str(seed), *websites, *common)
    say("", "The same export as production's, on a free port of this machine.")
    with _serving(["arena", "serve", "--port", "0", *common]) as urls:
        say("", "Now the main job: fetch everything, deduplicate, split, audit.")
        _step(
            "mirror", "--base-url", urls["leaderboard_url"], "--pages-per-filter", "all",
            "--max-requests-per-second", "0", "--output-prefix", prefix, "--data-dir", str(data_dir),
        )  # fmt: skip
        dataset = data_dir / "datasets" / f"{prefix}.jsonl"
        if evaluated:
            _replay(dataset, data_dir, urls)
    say(
        "",
        "Use it from Python:",
        "",
        "    import score_model",
        f"    for sample in score_model.load_samples({str(dataset)!r}):",
        "        print(sample.website, sample.intent, sample.num_actions, sample.score, sample.label_quality)",
    )
    return 0


def _replay(dataset: Path, data_dir: Path, urls: dict[str, Any]) -> None:
    """Replays rows of the arena's websites as those of any other would be, and shows one trace."""
    folder = data_dir / "arena" / dataset.stem
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "score_model.toml"
    settings.write_text(_SITES_TABLE.format(**urls["site_urls"], events=urls["events_url"]), encoding="utf-8")
    say("", f"See what the agents did. Where the websites run is in {settings}")
    output = data_dir / "raw_traces" / dataset.stem
    websites = [word for name in _TASK_SITES for word in ("--website", name)]
    _step(
        "replay", "--dataset", str(dataset), "--output-dir", str(output), *websites,
        "--per-website-limit", str(_REPLAYED),
        folder=folder,
    )  # fmt: skip
    _show_trace(output)


def _show_trace(output: Path) -> None:
    """Says what happened in one trace: the first of a solution that passed in a few steps, or else any with a step."""
    from score_model.checks import parse_event
    from score_model.traces import iter_traces, load_trace

    shown = None
    for path in iter_traces(output):
        trace = load_trace(path)
        passed = trace.footer is not None and trace.footer.verdict is not None and trace.footer.verdict.passed
        if passed and len(trace.steps) >= _FEW_STEPS:
            shown = path, trace
            break
        if trace.steps:
            shown = path, trace
    if shown is None:
        return
    path, trace = shown
    say("", f"One of the traces: {path}", f"  task: {(trace.header.task or {}).get('intent')}")
    say(*(line for step in trace.steps for line in _told(step)))
    if trace.footer is not None and trace.footer.verdict is not None:
        events = [event.name for event in map(parse_event, trace.footer.backend_events or []) if event is not None]
        say(f"  backend events: {', '.join(events) or 'none'}", f"  verdict: {trace.footer.verdict.text}")


def _told(step: "TraceStep") -> tuple[str, str]:
    result = "done" if step.success else f"failed: {step.error}"
    return (
        _cut(f"  {step.action_index + 1}. {msgspec.json.encode(step.action).decode()}"),
        _cut(f"     {result}, at {step.browser_snapshot.current_url}"),
    )


def _cut(text: str) -> str:
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"


def _step(*words: str, folder: Path | None = None, accepted: tuple[int, ...] = (0,)) -> int:
    """Shows a command and runs it as a user would, in a process of its own and in `folder`; returns its exit code.

    Raises ScoreModelError for one that is not accepted.
    """
    shown = f"score-model {shlex.join(words)}"
    say(f"$ {shown}" if folder is None else f"$ (cd {shlex.quote(str(folder))} && {shown})")
    command = [sys.executable, "-m", "score_model", *words]
    code = subprocess.run(command, check=False, cwd=folder).returncode  # noqa: S603 (our own command)
    if code not in accepted:
        raise ScoreModelError(f"score-model {words[0]} ended with exit code {code}")
    return code


@contextmanager
def _serving(words: list[str]) -> Iterator[dict[str, Any]]:
    """A server in the background, stopped when the block ends; gives the addresses that it prints."""
    say(f"$ score-model {shlex.join(words)} &")
    command = [sys.executable, "-m", "score_model", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:  # noqa: S603 (our own command)
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            if not line:
                raise ScoreModelError(f"score-model arena serve ended with exit code {server.wait()}")
            sys.stderr.write(line.decode())
            yield msgspec.json.decode(line)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(_READY_WITHIN_S)
