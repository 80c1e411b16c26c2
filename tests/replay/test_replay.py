"""One solution replayed: its verdict, its trace, its budgets. On a really running arena and on a local site."""

import itertools
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from score_model.arena import ArenaSettings, running_arena
from score_model.arena.tasks import GeneratedTask, generate_tasks
from score_model.checks import parse_event
from score_model.contract import Sample
from score_model.replay import (
    Destination,
    Replayer,
    ReplayJob,
    ReplayOutcome,
    ReplaySettings,
    SiteMap,
    read_outcome,
    replay_all,
)
from score_model.traces import Trace, TraceFooter, clean_html, iter_traces, load_trace
from tests.replay.arena_answers import CLOCK_US, AnsweredRow, answer_row, arena_sites, mixed_answers
from tests.replay.drivers import by_id, running_replayer
from tests.replay.factories import navigate, sample
from tests.replay.fake_services import RECORDED, LocalSite, local_site

pytestmark = pytest.mark.asyncio(loop_scope="module")

SETTINGS = ReplaySettings(element_timeout_ms=600, idle_cap_ms=1_500, navigation_timeout_ms=4_000, late_events_ms=1_500)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def arena(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Replayer, SiteMap]]:
    """A browser on an arena of the module's own."""
    database = tmp_path_factory.mktemp("arena") / "arena.sqlite"
    async with running_arena(ArenaSettings(database=database), lambda: CLOCK_US) as urls:
        sites = arena_sites(urls)
        async with running_replayer(sites, SETTINGS, ["autobooks", "autocinema"]) as replayer:
            yield replayer, sites


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def local() -> AsyncIterator[tuple[Replayer, SiteMap, LocalSite]]:
    """A browser on a local site without backend events."""
    async with local_site() as site:
        sites = SiteMap.build([f"autodrive={site.url}"], {"autodrive": {"event_service": "none"}})
        async with running_replayer(sites, SETTINGS, ["autodrive"]) as replayer:
            yield replayer, sites, site


Local = tuple[Replayer, SiteMap, LocalSite]
_runs = iter(range(1_000_000))


async def replayed(replayer: Replayer, sites: SiteMap, row: Sample, trace: Path | None = None) -> ReplayOutcome:
    """The outcome of a row, under an identity of its own."""
    run_id = f"test-{next(_runs)}"
    outcome = await replayer.replay(
        lambda attempt: ReplayJob.from_sample(row, sites, run_id=run_id, attempt=attempt), trace
    )
    assert isinstance(outcome, ReplayOutcome), outcome
    return outcome


async def traced(local: Local, path: Path, actions: list[Any], **changed: Any) -> tuple[Trace, TraceFooter]:
    """The trace of actions on the local site, and its footer."""
    replayer, sites, _ = local
    outcome = await replayed(replayer, sites, sample(actions=actions, **changed), path)
    trace = load_trace(path)
    assert trace.footer is not None
    assert read_outcome(path) == replace_seconds(outcome, read_outcome(path).seconds)
    return trace, trace.footer


def replace_seconds(outcome: ReplayOutcome, seconds: float) -> ReplayOutcome:
    return ReplayOutcome(**{**{name: getattr(outcome, name) for name in outcome.__struct_fields__}, "seconds": seconds})


def act(kind: str, **attributes: Any) -> dict[str, Any]:
    return {"type": kind, "attributes": attributes}


def some_answers() -> list[AnsweredRow]:
    """Right and wrong answers on both sites, one that breaks the seed rule and an empty one."""
    tasks: dict[str, GeneratedTask] = {}
    for task in generate_tasks(60, 3):
        tasks.setdefault(task.use_case, task)
    wanted = {
        "EDIT_FILM": ("perfect", "off_by_one"),
        "SEARCH_FILM": ("detour", "stale_selector"),
        "PURCHASE_BOOK": ("perfect",),
        "ADD_BOOK": ("forgotten_field", "wrong_seed", "no_answer"),
    }
    return [answer_row(tasks[use_case], profile) for use_case, profiles in wanted.items() for profile in profiles]


@pytest.mark.parametrize("known", some_answers(), ids=lambda known: f"{known.task.use_case}-{known.given.profile}")
async def test_the_verdict_is_what_the_agent_expects(arena: tuple[Replayer, SiteMap], known: AnsweredRow) -> None:
    """Right and wrong work on both websites gets the checks, the score and the status that its agent expects."""
    replayer, sites = arena
    outcome = await replayed(replayer, sites, known.row)
    assert outcome.verdict is not None
    expected = known.given.expected
    assert (outcome.verdict.checks, outcome.verdict.score) == (expected.checks, expected.score)
    assert outcome.label is known.row.passed
    assert outcome.without_browser is (known.given.profile in ("wrong_seed", "no_answer"))


@pytest.mark.slow
@pytest.mark.timeout(2400)
async def test_the_verdicts_are_what_all_agents_expect(arena: tuple[Replayer, SiteMap], tmp_path: Path) -> None:
    """The same for 130 answers of every kind, side by side."""
    replayer, sites = arena
    answers = mixed_answers(130, 3)
    expected = {known.row.solution_id: known.given.expected.checks for known in answers}
    destination = Destination(output=tmp_path, run_id="all")
    summary = await replay_all((known.row for known in answers), replayer, sites, destination)
    assert (summary.replayed, summary.agreement.total.agree) == (130, 130)
    for trace in map(load_trace, iter_traces(tmp_path)):
        assert trace.footer is not None
        assert trace.footer.verdict is not None
        assert trace.footer.verdict.checks == expected[trace.header.solution_id], trace.header.task


async def test_replaying_twice_gives_the_same(arena: tuple[Replayer, SiteMap], tmp_path: Path) -> None:
    """Verdict, checks, events, what came of each action and the cleaned pages do not differ between two replays."""
    replayer, sites = arena
    for known in (one for one in some_answers() if one.given.profile in ("off_by_one", "forgotten_field")):
        traces = []
        for number in range(2):
            path = tmp_path / f"{known.row.solution_id}-{number}.jsonl.zst"
            await replayed(replayer, sites, known.row, path)
            traces.append(load_trace(path))
        first, second = traces
        assert first.footer is not None
        assert second.footer is not None
        assert first.footer.verdict == second.footer.verdict
        assert sorted(names_of(first.footer)) == sorted(names_of(second.footer))  # each page posts its own, late
        assert len(first.steps) == len(second.steps) == len(known.row.actions)
        for one, other in zip(first.steps, second.steps, strict=True):
            assert (one.success, one.error) == (other.success, other.error)
            page, again = one.browser_snapshot, other.browser_snapshot
            assert page.current_url == again.current_url
            assert clean_html(page.current_html or "") == clean_html(again.current_html or "")


def names_of(footer: TraceFooter) -> list[str]:
    events = (parse_event(row) for row in footer.backend_events or ())
    return [event.name for event in events if event is not None]


FORM = """<!doctype html><title>Form</title><input id=name><button id=go onclick="
  document.querySelector('#out').textContent = 'Hello ' + document.querySelector('#name').value;
  console.log('clicked')">Go</button><p id=out></p>"""


async def test_a_trace_says_what_each_action_did(local: Local, tmp_path: Path) -> None:
    """Header, steps and footer carry the documented fields; a failing action is recorded and the replay goes on."""
    url = RECORDED + local[2].add("/form", FORM)
    actions = [
        navigate(url),
        act("input", text="user<web_agent_id>", selector=by_id("name")),
        act("click", selector=by_id("nowhere")),
        act("click", selector=by_id("go")),
        navigate("file:///etc/passwd"),
    ]
    trace, footer = await traced(local, tmp_path / "t.jsonl", actions, start_url=f"{RECORDED}/")
    header = trace.header
    assert header.task is not None
    assert "tests" not in header.task
    assert header.web_agent_id is not None
    assert header.web_agent_id.startswith("replay-")
    assert header.sites == {RECORDED: local[2].url}
    assert (header.clock, header.timezone, header.browser is not None) == ("recorded", "UTC", True)

    steps = trace.steps
    assert [step.success for step in steps] == [True, True, False, True, False]
    assert [step.action for step in steps] == actions
    assert "within 0.6 s" in (steps[2].error or "")
    assert steps[2].extra["target"] == {"found": False}
    assert steps[3].extra["target"]["name"] == "Go"
    assert steps[4].extra["refused"][0]["url"] == "file:///etc/passwd"
    for before, after in itertools.pairwise(steps):
        assert before.browser_snapshot.current_html == after.browser_snapshot.prev_html
    filled, clicked = steps[1].browser_snapshot, steps[3].browser_snapshot
    assert 'value="user80"' in (filled.current_html or "")
    assert "Hello user80" in (clicked.html_diff or "")
    assert clicked.current_url == url
    assert any(event["event_type"] == "console" for event in clicked.js_events or ())
    assert footer.final_url == url
    assert footer.verdict is None
    assert footer.budgets_hit == []
    assert footer.counts is not None
    assert (footer.counts["actions"], footer.counts["failed_actions"], footer.counts["refusals"]) == (5, 2, 1)
    assert {"reset", "actions", "rest", "recording", "late_events", "total"} <= (footer.timings or {}).keys()


async def test_the_page_lives_when_the_solution_was_made(local: Local, tmp_path: Path) -> None:
    """The page's day is that of the solution, in the time zone of the settings."""
    url = RECORDED + local[2].add("/day", "<p id=d></p><script>d.textContent = new Date().toDateString()</script>")
    trace, _ = await traced(local, tmp_path / "t.jsonl", [navigate(url)], start_url=None)
    assert "Tue Nov 11 2025" in (trace.steps[0].browser_snapshot.current_html or "")


async def test_screenshots_are_kept_when_asked_for(local: Local, tmp_path: Path) -> None:
    """With the setting, each step has an image before and after."""
    _, sites, site = local
    row = sample(actions=[navigate(RECORDED + site.add("/form", FORM))], start_url=None)
    async with running_replayer(sites, replace(SETTINGS, screenshots=True), ["autodrive"]) as replayer:
        await replayed(replayer, sites, row, tmp_path / "t.jsonl")
    snapshot = load_trace(tmp_path / "t.jsonl").steps[0].browser_snapshot
    assert (snapshot.screenshot_after or "").startswith("/9j/")  # JPEG


async def with_budget(local: Local, path: Path, actions: list[Any], **budgets: Any) -> tuple[Trace, TraceFooter]:
    """The trace of actions on the local site under these budgets."""
    _, sites, _ = local
    async with running_replayer(sites, replace(SETTINGS, **budgets), ["autodrive"]) as replayer:
        return await traced((replayer, sites, local[2]), path, actions, start_url=None)


async def test_budgets_of_time_and_actions_end_a_replay_in_order(local: Local, tmp_path: Path) -> None:
    """What was done until then is in a whole trace, which names the budget; the label is not known then."""
    url = RECORDED + local[2].add("/form", FORM)
    waits = [navigate(url), *[act("wait", time_seconds=0.7)] * 20]
    trace, footer = await with_budget(local, tmp_path / "time.jsonl", waits, solution_budget_s=2.0)
    assert 1 < len(trace.steps) < 8
    assert footer.budgets_hit == ["time"]
    trace, footer = await with_budget(local, tmp_path / "actions.jsonl", waits[:1] * 4, max_actions=2)
    assert len(trace.steps) == 2
    assert footer.budgets_hit == ["actions"]
    tested = [{"type": "CheckEventTest", "event_name": "NEVER"}]
    _, sites, _ = local
    async with running_replayer(sites, replace(SETTINGS, max_actions=1), ["autodrive"]) as replayer:
        cut = await replayed(replayer, sites, sample(actions=waits[:1] * 2, tests=tested, start_url=None))
        whole = await replayed(replayer, sites, sample(actions=waits[:1], tests=tested, start_url=None))
    assert (cut.label, whole.label) == (None, False)


async def test_budgets_of_pages_and_events_end_only_the_recording(local: Local, tmp_path: Path) -> None:
    """All actions are done, and the trace names the budget; what is beyond it is missing."""
    url = RECORDED + local[2].add("/form", FORM)
    visits = [navigate(f"{url}?n={number}") for number in range(4)]
    trace, footer = await with_budget(local, tmp_path / "pages.jsonl", visits, snapshot_bytes_budget=len(FORM) * 2)
    assert [step.success for step in trace.steps] == [True] * 4
    assert trace.steps[0].browser_snapshot.current_html is not None
    assert trace.steps[3].browser_snapshot.current_html is None
    assert footer.budgets_hit == ["snapshot_bytes"]
    trace, footer = await with_budget(local, tmp_path / "events.jsonl", visits, events_budget=3)
    assert sum(len(step.browser_snapshot.js_events or ()) for step in trace.steps) == 3
    assert footer.budgets_hit == ["events"]


async def test_a_page_that_never_answers_meets_the_time_budget(local: Local, tmp_path: Path) -> None:
    """A page that blocks its own thread costs the solution's time and nothing else."""
    url = RECORDED + local[2].add("/bomb", "<button id=b onclick='for (;;);'>b</button>")
    actions = [navigate(url), act("click", selector=by_id("b")), *[act("click", selector=by_id("b"))] * 5]
    trace, footer = await with_budget(local, tmp_path / "t.jsonl", actions, solution_budget_s=3.0)
    assert footer.budgets_hit == ["time"]
    assert len(trace.steps) < len(actions)
