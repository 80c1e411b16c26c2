"""One row of features for each action of an episode."""

from collections.abc import Iterator

from score_model.constraints import Intent
from score_model.contract import Observation
from score_model.features._action_features import ReadAction, bounded_seconds, read_action
from score_model.features._behaviour import Behaviour, Runtime, SeenStep
from score_model.features._pages import Page
from score_model.features._satisfaction import (
    best_of,
    expected_events,
    intent_of,
    matches_of,
    text_features,
)
from score_model.features._schema import STEP_COLUMNS

StepValues = dict[str, float | str | None]

_PAGE_PARTS = ("elements", "links", "buttons", "fields", "forms", "text_characters")


def step_features(observation: Observation, behaviour: Behaviour | None) -> Iterator[StepValues]:
    """The columns of STEP_COLUMNS for each action, in their order. A row depends on no later action.

    None for what can't be told, and in the columns that need a trace where the action has no step in one.
    """
    intent = intent_of(observation.intent)
    recorded = {step.index: step for step in reversed(behaviour.steps)} if behaviour is not None else {}
    before: set[str] = set()
    words: list[str] = []
    complete = False
    for index, action in enumerate(observation.actions):
        act = read_action(action)
        words.extend(act.texts)
        values = _action(act, before, intent)
        values["acted_so_far_satisfied"] = text_features("acted", intent, words)["acted_satisfied"]
        step = recorded.get(index)
        if step is not None:
            values |= _seen(step, intent)
            backend, complete_now = _backend(step, observation, intent)
            complete = complete or complete_now
            values |= backend | {"events_so_far_complete": float(complete)}
        yield {column.name: _plain(values.get(column.name)) for column in STEP_COLUMNS}


def _plain(value: float | str | None) -> float | str | None:
    return value if value is None or isinstance(value, str) else float(value)


def _action(act: ReadAction, before: set[str], intent: Intent) -> StepValues:
    texts = act.texts
    repeats = act.line in before
    before.add(act.line)
    return {
        "action_kind": act.kind,
        "selector_kind": None if act.named_by == "point" else act.named_by,
        "action_characters": sum(map(len, texts)),
        "action_repeats": float(repeats),
        **text_features("action", intent, texts),
    }


def _seen(step: SeenStep, intent: Intent) -> StepValues:
    target, change = step.target, step.change
    values: StepValues = {
        "success": step.success,
        "failure": step.failure,
        "seconds": None if step.seconds is None else bounded_seconds(step.seconds),
        **_page("before", step.before),
        **_page("after", step.after),
        **{name: getattr(step.runtime, name) for name in Runtime.__struct_fields__},
    }
    if target is not None:
        values |= {
            "target_found": target.found,
            "target_visible": target.visible,
            "target_enabled": target.enabled,
            "target_tag": target.tag,
            "target_role": target.role,
            "target_name": target.name,
        }
    if change is not None:
        values |= {
            "page_similarity": change.similarity,
            "markup_appeared": change.appeared,
            "markup_vanished": change.vanished,
            "text_appeared": change.appeared_characters,
            "text_vanished": change.vanished_characters,
            "trouble_appeared": change.trouble_texts,
            "success_appeared": change.success_texts,
            **text_features("appeared", intent, change.texts),
        }
    return values


def _page(when: str, page: Page | None) -> StepValues:
    return {} if page is None else {f"{when}_{part}": getattr(page, part) for part in _PAGE_PARTS}


def _backend(step: SeenStep, observation: Observation, intent: Intent) -> tuple[StepValues, bool]:
    """The columns of the step's own events, and whether one of them meets all demands."""
    expected = expected_events(step.events, observation.use_case)
    matches = matches_of(intent, expected)
    best = best_of(matches)
    total = len(intent.constraints)
    values: StepValues = {
        "new_events": len(step.events),
        "last_event_name": step.events[-1].name[:200] if step.events else None,
        "expected_fired": float(bool(expected)) if observation.use_case else None,
        "event_satisfied": best.share if best is not None else None,
        "event_violated": len(best.violated) / total if best is not None and total else None,
    }
    return values, any(match.complete for match in matches)
