"""Jobs out of dataset rows: placeholders, identities, and the verdicts that need no browser."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from score_model.contract import SolutionStatus
from score_model.contract import actions as a
from score_model.contract.selectors import AttributeSelector
from score_model.errors import ContractError
from score_model.replay._identity import ReplayIdentity, make_identity
from score_model.replay._job import ReplayJob
from score_model.replay._sites.site_map import SiteMap
from tests.replay.factories import CLICK, CREATED_AT, TASK_ID, navigate, sample

_SITES = SiteMap.build()
_EVENT_TEST = {"type": "CheckEventTest", "event_name": "SELECT_DATE", "event_criteria": {"date": "2025-11-13"}}

_KEEP_THE_SEED: tuple[tuple[str, ...], ...] = (
    (),
    ("http://localhost:8012/?seed=17",),
    ("http://localhost:8012/?seed=17", "http://localhost:8012/trips?x=1&seed=17#top"),
    ("/trips?seed=17",),
    ("?seed=17",),
    ("http://localhost:8012/?seed=017",),
    ("http://localhost:8012/?%73eed=1%37",),
    ("http://localhost:8012/?seed=17&seed=17",),
    ("http://localhost:8000/?seed=17",),
    ("https://elsewhere.example/?seed=17",),
    ("  http://localhost:8012/?seed=17  ",),
)
_BREAK_THE_SEED: tuple[tuple[tuple[str, ...], str], ...] = (
    (("http://localhost:8012/",), "without a seed"),
    (("http://localhost:8012/?seed=18",), "seed 18"),
    (("http://localhost:8012/?seed=17", "http://localhost:8012/?seed=171"), "actions[2]"),
    (("http://localhost:8012/?seed=17", "/trips"), "actions[2]"),
    (("/trips?seed=18",), "seed 18"),
    (("trips",), "without a seed"),
    (("",), "without a seed"),
    (("http://localhost:8012/#/?seed=17",), "without a seed"),
    (("http://localhost:8012/?SEED=17",), "without a seed"),
    (("http://localhost:8012/?seed=",), "no number"),
    (("http://localhost:8012/?seed=17a",), "no number"),
    (("http://localhost:8012/?seed=-17",), "no number"),
    (("http://localhost:8012/?seed=" + "1" * 5_000,), "no number"),
    (("http://localhost:8012/?seed=17&seed=18",), "seed 18"),
    (("http://localhost:8012/?seed=18&seed=17",), "seed 18"),
    (("http://localhost:8012/?x=1;seed=17",), "without a seed"),
    (("https://elsewhere.example/",), "without a seed"),
    (("about:blank",), "without a seed"),
    (("file:///etc/passwd",), "without a seed"),
    (("http://[::1/?seed=17",), "malformed"),
    (("http://localhost:port/?seed=17",), "malformed"),
    (("http://localhost:8012/?" + "a=1&" * 2_000 + "seed=17",), "malformed"),
)


def _job(run_id: str = "run", **changed: Any) -> ReplayJob:
    return ReplayJob.from_sample(sample(**changed), _SITES, run_id=run_id)


def test_a_job_has_what_a_replay_needs() -> None:
    """Ids, site, parsed and recorded actions, the creation's instant, the agent's id; the task without its tests."""
    job = _job(tests=[_EVENT_TEST])
    assert (job.task_id, job.solution_id, job.website, job.use_case) == (
        TASK_ID,
        "task_solution_80_1",
        "autodrive",
        "SELECT_DATE",
    )
    assert job.site == _SITES.by_name("autodrive")
    assert [type(action) for action in job.actions] == [a.Click]
    assert job.recorded_actions == (CLICK,)
    assert (job.created_us, job.created_at) == (1_762_819_459_169_593, CREATED_AT)
    assert job.agent_uid == "80"
    assert len(job.tests) == 1
    assert "tests" not in job.task
    assert job.task["startUrl"] == job.start_url == "http://localhost:8012/?seed=17"


def test_the_site_comes_before_the_row_s_name_for_it() -> None:
    """The website is the one that the start URL leads to, by the name that the run knows it by."""
    assert _job(website="autostats", start_url="http://localhost:8014/").website == "autofinance"
    assert _job(website=None).website == "autodrive"


def test_what_is_missing_or_odd_does_not_stop_a_job() -> None:
    """Dates that are none, agents without a uid, tests of unknown shape, and rows with nothing but ids."""
    job = _job(solution_created_at="yesterday", miner_uid=None, intent=None, tests={"type": "NewTest"}, use_case=None)
    assert job.created_us is None
    assert job.agent_uid == job.identity.agent_id
    assert [type(test).__name__ for test in job.tests] == ["UnknownTest"]
    assert _job(solution_created_at=None).created_us is None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"solution_id": None}, "solution id"),
        ({"start_url": "http://unknown.example/", "website": None}, "unknown.example"),
        ({"start_url": None, "website": None}, "no known site"),
        ({"tests": [_EVENT_TEST] * 201}, "201"),
    ],
)
def test_what_can_t_be_replayed_is_said(changed: dict[str, Any], said: str) -> None:
    """A row without a solution, without a known site, or with absurdly many tests has a reason, not a crash."""
    with pytest.raises(ContractError, match=said):
        _job(**changed)


def test_placeholders_become_the_agent_s_id() -> None:
    """In urls, texts, values and selectors, in every spelling of an action; recorded actions stay as they are."""
    selector = {"type": "attributeValueSelector", "attribute": "id", "value": "row-<web_agent_id>"}
    recorded = [
        navigate("http://localhost:8012/user<web_agent_id>?seed=17"),
        {"type": "input", "attributes": {"text": "user<web_agent_id>@x / <your_book_id>", "selector": selector}},
        {"type": "SelectAction", "value": "<your_book_id>", "selector": selector},
        {"name": "browser.select_dropdown_option", "arguments": {"text": "<web_agent_id>", "selector": "#a"}},
        {"type": "scroll", "attributes": {"down": True, "value": "book <your_book_id>"}},
        {"type": "noSuchThing", "text": "<web_agent_id>"},
    ]
    job = _job(actions=recorded)
    row = AttributeSelector("id", "row-80")
    go, typed, select, option, scroll, unknown = job.actions
    assert isinstance(go, a.Navigate)
    assert go.url == "http://localhost:8012/user80?seed=17"
    assert isinstance(typed, a.Type)
    assert (typed.text, typed.selector) == ("user80@x / 80", row)
    assert isinstance(select, a.Select)
    assert (select.value, select.selector) == ("80", row)
    assert isinstance(option, a.SelectOption)
    assert option.text == "80"
    assert isinstance(scroll, a.Scroll)
    assert scroll.value == "book 80"
    assert isinstance(unknown, a.UnknownAction)
    assert job.recorded_actions == tuple(recorded)


def test_an_agent_s_id_is_taken_literally() -> None:
    """An id that looks like a group reference or a placeholder is inserted as it is."""
    for uid in (r"\1", r"\g<0>", "<your_book_id>"):
        row = sample(actions=[{"type": "type", "text": "a<web_agent_id>"}])
        (action,) = ReplayJob.from_sample(row, _SITES, run_id="r", agent_uid=uid).actions
        assert isinstance(action, a.Type)
        assert action.text == f"a{uid}"


def test_no_actions_is_score_0() -> None:
    """A solution without actions fails without a browser, whatever its tests are."""
    for tests in (None, [], [_EVENT_TEST], [{"type": "JudgeBaseOnHTML"}]):
        verdict = _job(actions=[], tests=tests).verdict_without_browser()
        assert verdict is not None
        assert (verdict.score, verdict.passed, verdict.status) == (0.0, False, SolutionStatus.FAILED)
        assert verdict.text.startswith("No actions")
        assert len(verdict.checks) == len(tests or ())
        assert all(check.passed is not True for check in verdict.checks)


@pytest.mark.parametrize("urls", _KEEP_THE_SEED)
def test_who_keeps_the_seed_is_replayed(urls: tuple[str, ...]) -> None:
    """URLs that carry the task's seed, in whatever way and to whichever host, need a browser."""
    assert _job(actions=[CLICK, *map(navigate, urls)]).verdict_without_browser() is None


@pytest.mark.parametrize(("urls", "said"), _BREAK_THE_SEED)
def test_who_leaves_the_seed_fails(urls: tuple[str, ...], said: str) -> None:
    """One URL without the task's seed is score 0 without a browser; the reason names action and URL."""
    verdict = _job(actions=[CLICK, *map(navigate, urls)], tests=[_EVENT_TEST]).verdict_without_browser()
    assert verdict is not None
    assert (verdict.score, verdict.passed) == (0.0, False)
    assert said in verdict.text
    assert "seed 17" in verdict.text
    assert len(verdict.text) < 1_000


@pytest.mark.parametrize(
    "start_url",
    [
        "http://localhost:8012/",
        "http://localhost:8012/?seed=",
        "http://localhost:8012/?seed=x",
        "http://localhost:8012/#seed=1",
        None,
    ],
)
def test_without_a_seed_there_is_no_rule(start_url: str | None) -> None:
    """A task whose URL carries no seed lets a solution navigate as it likes."""
    job = _job(start_url=start_url, actions=[navigate("http://localhost:8012/?seed=5"), navigate("/")])
    assert job.verdict_without_browser() is None


def test_history_and_other_actions_are_no_navigation_to_a_url() -> None:
    """Going back or forward, and URLs that are merely typed, are not asked for a seed."""
    actions = [
        {"type": "navigate", "attributes": {"go_back": True}},
        {"type": "go_back"},
        {"type": "navigate", "attributes": {"url": None, "go_forward": True}},
        {"type": "navigate", "attributes": {"url": {"no": "text"}}},
        {"type": "input", "attributes": {"text": "http://localhost:8012/"}},
        {"type": "search", "query": "http://localhost:8012/"},
    ]
    assert _job(actions=actions).verdict_without_browser() is None


def test_the_seed_is_looked_for_after_placeholders_are_filled() -> None:
    """A placeholder in the URL is the agent's id before the rule reads it."""
    assert _job(miner_uid=17, actions=[navigate("/?seed=<web_agent_id>")]).verdict_without_browser() is None
    assert _job(miner_uid=18, actions=[navigate("/?seed=<web_agent_id>")]).verdict_without_browser() is not None


def test_identities_are_unique_and_repeatable() -> None:
    """Run, task, solution and attempt make an identity, the same ones the same, and nothing else does."""
    first = make_identity(run_id="r", task_id="t", solution_id="s")
    assert first == make_identity(run_id="r", task_id="t", solution_id="s", attempt=0)
    others = [
        make_identity(run_id="r2", task_id="t", solution_id="s"),
        make_identity(run_id="r", task_id="t2", solution_id="s"),
        make_identity(run_id="r", task_id="t", solution_id="s2"),
        make_identity(run_id="r", task_id="t", solution_id="s", attempt=1),
        make_identity(run_id="rt", task_id="", solution_id="s"),
        make_identity(run_id="r", task_id="ts", solution_id=""),
    ]
    assert len({first.agent_id, *(other.agent_id for other in others)}) == 7
    assert _job("run-a").identity != _job("run-b").identity


@given(st.text(max_size=40), st.text(max_size=40))
def test_identities_fit_into_headers(task_id: str, solution_id: str) -> None:
    """Whatever ids come from outside, headers carry letters, digits and dashes only."""
    identity = make_identity(run_id=task_id, task_id=task_id, solution_id=solution_id)
    for value in identity.headers.values():
        assert value.replace("-", "").isalnum()
        assert value.isascii()
        assert len(value) <= 64
    assert set(identity.headers) == {"X-WebAgent-Id", "X-Validator-Id"}


@pytest.mark.parametrize("value", ["", "a b", "a\r\nX-Evil: 1", "ü", "a" * 129])
def test_an_identity_that_no_header_can_carry_is_refused(value: str) -> None:
    """Values that would break a header, or a service's limits, make no identity."""
    with pytest.raises(ValueError, match="identity"):
        ReplayIdentity(value, "v")
    with pytest.raises(ValueError, match="identity"):
        ReplayIdentity("a", value)
