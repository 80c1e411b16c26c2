"""Features of an episode that only a trace shows: what became of the actions, and what pages and sites reported."""

from collections.abc import Sequence

from score_model.checks import BackendEvent
from score_model.constraints import Intent
from score_model.contract import Observation
from score_model.contract.actions import Click
from score_model.features._action_features import Values, bounded_seconds, read_action
from score_model.features._behaviour import Behaviour, Runtime, SeenStep
from score_model.features._pages import Page
from score_model.features._satisfaction import (
    best_of,
    expected_events,
    match_features,
    matches_of,
    same_name,
    text_features,
)
from score_model.features._texts import address_of, url_texts

_SUMMED = tuple(Runtime.__struct_fields__)
_NO_PAGE = Page()


def trace_features(observation: Observation, behaviour: Behaviour, intent: Intent) -> Values:
    """All columns that need a trace."""
    steps = behaviour.steps
    events = behaviour.events()
    return {
        **_done(observation, steps),
        **_pages(steps),
        **_runtime(steps),
        **_end(observation, steps),
        **_backend(observation, behaviour, events),
        **_satisfaction(observation, steps, events, intent),
    }


def _done(observation: Observation, steps: Sequence[SeenStep]) -> Values:
    """Actions that worked, their targets and their times."""
    failed = [step for step in steps if step.success is False]
    seconds = [bounded_seconds(step.seconds) for step in steps]
    targets = [step.target for step in steps if step.target is not None]
    return {
        "steps_done_share": len(steps) / len(observation.actions) if observation.actions else None,
        "steps_failed": len(failed),
        "steps_failed_share": len(failed) / len(steps) if steps else None,
        "first_failure_at": failed[0].index / max(1, len(observation.actions)) if failed else 1.0,
        "last_step_failed": float(bool(steps) and steps[-1].success is False),
        "last_click_failed": _last_click_failed(steps),
        "targets_missing": sum(target.found is False for target in targets),
        "targets_hidden": sum(target.visible is False for target in targets),
        "targets_disabled": sum(target.enabled is False for target in targets),
        "failures_blocked": sum(step.failure == "blocked" for step in steps),
        "seconds_total": sum(seconds),
        "seconds_longest": max(seconds, default=0.0),
    }


def _last_click_failed(steps: Sequence[SeenStep]) -> float | None:
    last = next((step for step in reversed(steps) if isinstance(step.action, Click)), None)
    return None if last is None or last.success is None else float(not last.success)


def _pages(steps: Sequence[SeenStep]) -> Values:
    """What the actions changed on the pages."""
    changes = [step.change for step in steps if step.change is not None]
    last = changes[-1] if changes else None
    return {
        "page_changes": sum(change.similarity < 1 for change in changes),
        "page_changes_share": sum(change.similarity < 1 for change in changes) / len(changes) if changes else None,
        "appeared_characters": sum(change.appeared_characters for change in changes),
        "vanished_characters": sum(change.vanished_characters for change in changes),
        "trouble_appeared": sum(change.trouble_texts for change in changes),
        "success_appeared": sum(change.success_texts for change in changes),
        "last_similarity": last.similarity if last else None,
        "last_trouble_appeared": last.trouble_texts if last else None,
        "last_success_appeared": last.success_texts if last else None,
    }


def _runtime(steps: Sequence[SeenStep]) -> Values:
    """What the browser reported, over all steps; and of the last step that wrote to the site."""
    totals: Values = {name: sum(getattr(step.runtime, name) for step in steps) for name in _SUMMED}
    writing = [step.runtime for step in steps if step.runtime.writes]
    return totals | {
        "last_write_redirected": float(writing[-1].writes_redirected > 0) if writing else None,
        "last_step_writes": steps[-1].runtime.writes if steps else 0,
    }


def _end(observation: Observation, steps: Sequence[SeenStep]) -> Values:
    """The page on which the agent stopped."""
    page = last_page(steps) or _NO_PAGE
    url = next((step.url for step in reversed(steps) if step.url is not None), None)
    urls = {step.url for step in steps if step.url is not None}
    start, end = address_of(observation.start_url).origin, address_of(url).origin
    return {
        "end_elements": page.elements,
        "end_links": page.links,
        "end_buttons": page.buttons,
        "end_fields": page.fields,
        "end_forms": page.forms,
        "end_text_characters": page.text_characters,
        "end_trouble_texts": page.trouble_texts,
        "end_path_parts": len(url_texts(url)) if url else None,
        "end_off_site": float(end != start) if start and end else None,
        "urls_seen": len(urls),
    }


def last_page(steps: Sequence[SeenStep]) -> Page | None:
    """The last page that was captured."""
    return next((step.after for step in reversed(steps) if step.after is not None), None)


def _backend(observation: Observation, behaviour: Behaviour, events: Sequence[BackendEvent]) -> Values:
    """Which events the site recorded, and when."""
    use_case = observation.use_case
    expected = expected_events(events, use_case)
    names = [event.name for event in events]
    after = (place for place, name in enumerate(reversed(names)) if use_case and same_name(name, use_case))
    fired_at = [
        place
        for place, step in enumerate(behaviour.steps)
        if use_case and any(same_name(event.name, use_case) for event in step.events)
    ]
    return {
        "events": len(events),
        "event_names": len(set(names)),
        "event_steps": sum(bool(step.events) for step in behaviour.steps),
        "expected_fired": float(bool(expected)) if use_case else None,
        "expected_count": len(expected) if use_case else None,
        "events_after_expected": next(after, None),
        "steps_after_expected": len(behaviour.steps) - 1 - fired_at[-1] if fired_at else None,
        "last_event_expected": float(bool(events) and same_name(names[-1], use_case)) if use_case else None,
        "expected_fields": len(expected[-1].data) if expected else 0,
    }


def _satisfaction(
    observation: Observation, steps: Sequence[SeenStep], events: Sequence[BackendEvent], intent: Intent
) -> Values:
    """The heart: what the site recorded and showed, against what the intent demands."""
    matches = matches_of(intent, expected_events(events, observation.use_case))
    page = last_page(steps) or _NO_PAGE
    url = next((step.url for step in reversed(steps) if step.url is not None), None)
    appeared = [step.change.texts for step in steps if step.change is not None]
    return {
        **match_features("event_best", best_of(matches), intent),
        **match_features("event_last", matches[-1] if matches else None, intent),
        "events_complete": sum(match.complete for match in matches),
        **text_features("clicked", intent, clicked_texts(steps)),
        **text_features("appeared", intent, *appeared),
        **text_features("end_page", intent, page.texts),
        **text_features("end_heading", intent, page.headings),
        **text_features("end_url", intent, url_texts(url)),
    }


def clicked_texts(steps: Sequence[SeenStep]) -> list[str]:
    """What the elements acted on are called: as the page says or, where the trace does not tell, as selectors do."""
    texts: list[str] = []
    for step in steps:
        if step.success is False:
            continue
        target = step.target
        named = [text for text in (target.name, target.text) if text] if target is not None else []
        texts.extend(dict.fromkeys(named) if named else read_action(step.action).pressed)
    return texts
