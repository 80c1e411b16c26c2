"""`score-model demo`: the whole job, on this machine, over real HTTP and in a real browser."""

import shlex
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from score_model.atomic import atomic_write
from score_model.cli._console import say
from score_model.cli._environment import DEFAULT_DATA_DIR, DataDir, Whole, timestamp_for_names
from score_model.errors import ScoreModelError, UsageError
from score_model.extras import require_extra

if TYPE_CHECKING:
    from score_model.contract import Sample
    from score_model.traces import TraceStep

_READY_WITHIN_S = 60
_WIDTH = 120  # characters
_FEW_STEPS = 3
_REPLAYED = 4  # of each website
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
    """Let scripted agents work in a local arena, evaluate them in a real browser, mirror and audit that, train on it.

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
    require_extra("arena", "the demo")
    prefix = f"demo_{timestamp_for_names()}"
    data_dir = data_dir.absolute()
    database = data_dir / "arena" / f"{prefix}.sqlite"
    common = ["--database", str(database)]
    say("An arena of our own: tasks on two websites, and agents that answer them, some well and some badly.")
    _step("arena", "seed", "--tasks", str(tasks), "--seed", str(seed), *common)
    say("", "Each answer is replayed in a real browser, and the task's tests decide. What was seen is kept as traces.")
    traces = data_dir / "raw_traces" / prefix
    codes = (0, 1, UsageError.exit_code)
    evaluated = _step("arena", "evaluate", "--traces-dir", str(traces), *common, accepted=codes) in codes[:2]
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
    if evaluated:
        _show_trace(traces)
        _learn(dataset, traces, data_dir)
    say(
        "",
        "Use it from Python:",
        "",
        "    import score_model",
        f"    for sample in score_model.load_samples({str(dataset)!r}):",
        "        print(sample.website, sample.intent, sample.num_actions, sample.score, sample.label_quality)",
    )
    return 0


def _learn(dataset: Path, traces: Path, data_dir: Path) -> None:
    """Trains a model on what the arena's own websites gave, says how good it is, and ranks the answers to one task."""
    from score_model.dataset import load_samples

    arena = data_dir / "arena" / dataset.stem / "rows.jsonl"
    answers = arena.with_name("one_task.jsonl")
    rows = [sample for sample in load_samples(dataset) if sample.website in _TASK_SITES]
    _write(arena, rows)
    say("", "Learn from these answers what a good one looks like. The rows of the two websites alone:")
    features = data_dir / "features" / dataset.stem
    model = data_dir / "models" / dataset.stem
    _step("features", "--dataset", str(arena), "--traces-dir", str(traces), "--output-dir", str(features))
    sources = ["--dataset", str(arena), "--features", str(features)]
    if _step("train", *sources, "--repeats", "1", "--output", str(model), accepted=(0, UsageError.exit_code)):
        say("So no model here, and nothing to rank answers by: the line above says why.")
        return
    say("", "How good is it? With so few answers the intervals are wide: that is the honest report.")
    report = data_dir / "evaluations" / dataset.stem
    _step("evaluate", "--model", str(model), *sources, "--no-stress", "--repeats", "1", "--output", str(report))
    chosen = _example(rows)
    if chosen is None:
        say("", "No task here has two answers with actions, of which one could be the better.")
        return
    _write(answers, [sample for sample in rows if sample.task_id == chosen.task_id])
    say("", f"Which answer to one task is the best? {chosen.intent}")
    if chosen.split != "test":
        say("No task of the test split has two answers: the model has learnt from the answers that it ranks here.")
    ranking = ["rank", str(answers), "--model", str(model), "--traces-dir", str(traces), "--top", "5"]
    ranked = answers.with_name("ranked.jsonl")
    _step(*ranking, "--output", str(ranked))
    scores = {row.solution_id: row.score for row in rows}
    for best in msgspec.json.decode(ranked.read_bytes().splitlines()[0])["ranked"]:
        name, chance = best["solution_id"], best["probability"]
        say(f"  {name}: probability of success {chance:.2f}; the arena's evaluation gave it {scores[name]}")


def _example(rows: "Iterable[Sample]") -> "Sample | None":
    """A row of the task with the most answers that hold actions, two at least; of the test split if there is one."""
    acted = [row for row in rows if row.num_actions]
    counts = Counter(row.task_id for row in acted)
    several = [row for row in acted if counts[row.task_id] > 1]
    return max(several, key=lambda row: (row.split == "test", counts[row.task_id], row.task_id), default=None)


def _write(path: Path, rows: "Iterable[Sample]") -> None:
    with atomic_write(path) as file:
        file.writelines(msgspec.json.encode(row) + b"\n" for row in rows)


def _replay(dataset: Path, data_dir: Path, urls: dict[str, Any]) -> None:
    """Replays rows of the arena's websites as those of any other would be."""
    folder = data_dir / "arena" / dataset.stem
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "score_model.toml"
    settings.write_text(_SITES_TABLE.format(**urls["site_urls"], events=urls["events_url"]), encoding="utf-8")
    say("", "Replay some of them as rows of any other origin would be, and hold the verdicts against the labels.")
    say(f"Where the websites run is in {settings}")
    output = data_dir / "raw_traces" / f"{dataset.stem}_again"
    websites = [word for name in _TASK_SITES for word in ("--website", name)]
    _step(
        "replay", "--dataset", str(dataset), "--output-dir", str(output), *websites,
        "--per-website-limit", str(_REPLAYED),
        folder=folder,
    )  # fmt: skip


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
