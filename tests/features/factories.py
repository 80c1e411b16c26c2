"""An episode that the tests make: a comment on a film, as a dataset row and as a trace."""

from pathlib import Path
from typing import Any

import msgspec

from score_model.contract import Sample
from score_model.traces import BrowserSnapshot, Trace, TraceFooter, TraceHeader, TraceStep, TraceWriter, trace_path
from tests.relabel.factories import verdict
from tests.replay.factories import sample

INTENT = "Add a comment to the movie 'Inception' with a name equal to 'Lisa' and content that contains 'spectacular'."
SITE = "http://localhost:8000"
ACTIONS: list[dict[str, Any]] = [
    {"type": "navigate", "attributes": {"url": f"{SITE}/movies/inception?seed=7"}},
    {
        "type": "input",
        "attributes": {"text": "Lisa", "selector": {"type": "attributeValueSelector", "attribute": "id", "value": "n"}},
    },
    {
        "type": "input",
        "attributes": {"text": "Visually spectacular", "selector": {"type": "xpathSelector", "value": "//textarea"}},
    },
    {"type": "click", "attributes": {"selector": {"type": "xpathSelector", "value": "//button[text()='Comment']"}}},
]

BLANK = "<html><head></head><body></body></html>"
FORM = (
    "<html><head><title>Inception</title></head><body><h1>Inception</h1><a href='/'>Home</a><form><input name='n'>"
    "<textarea></textarea><input type='hidden'><button>Comment</button></form></body></html>"
)
DONE = FORM.replace("<form>", "<p role='status'>Your comment has been saved, thank you</p><form>")


def row(**changed: Any) -> Sample:
    """The row of the episode, changed as told."""
    fields = {"website": "autocinema", "use_case": "ADD_COMMENT", "intent": INTENT, "start_url": f"{SITE}/?seed=7"}
    return sample(**{**fields, "task_id": "t1", "solution_id": "s1", "actions": ACTIONS, **changed})


def event(name: str, /, **data: Any) -> dict[str, Any]:
    """A row of a site's own event service."""
    return {"id": 7, "event_name": name, "timestamp": "2026-01-01T00:00:00Z", "web_agent_id": "a", "data": data}


DETAIL = event("FILM_DETAIL", name="Inception", year=2010)
COMMENT = event("ADD_COMMENT", name="Lisa", movie={"name": "Inception"}, content="Visually spectacular")


def request(method: str, status: int, resource: str = "document") -> list[dict[str, Any]]:
    """A request and its answer, as runtime events."""
    url = f"{SITE}/{resource}"
    asked = {"method": method, "url": url, "resource_type": resource}
    return [
        {"event_type": "request", "ms": 1, "page": 0, "data": asked},
        {"event_type": "response", "ms": 2, "page": 0, "data": {"status": status, "url": url, "ok": status < 400}},
    ]


def trace(last: dict[str, Any] = COMMENT, **header: Any) -> Trace:
    """The trace of the episode, whose last step adds the event `last`."""
    pages = [BLANK, FORM, FORM, FORM, DONE]
    events: list[list[Any]] = [[], [DETAIL], [DETAIL], [DETAIL], [DETAIL, last]]
    runtime = [request("GET", 200) + request("GET", 404, "image"), [], [], request("POST", 302)]
    steps = tuple(
        TraceStep(
            project_id="autocinema",
            task_id="t1",
            web_agent_id="replay-1",
            action_index=index,
            action=action,
            success=True,
            execution_time=0.25,
            browser_snapshot=BrowserSnapshot(
                iteration=index,
                current_url=f"{SITE}/movies/inception?seed=7",
                prev_html=pages[index],
                current_html=pages[index + 1],
                js_events=runtime[index],
                backend_events_before=events[index],
                backend_events=events[index + 1],
                timestamp="2026-01-01T00:00:00Z",
            ),
            extra={"target": None if index == 0 else {"found": True, "visible": True, "enabled": True, "tag": "input"}},
        )
        for index, action in enumerate(ACTIONS)
    )
    task = {
        "taskId": "t1",
        "website": "autocinema",
        "useCase": "ADD_COMMENT",
        "intent": INTENT,
        "startUrl": f"{SITE}/?seed=7",
    }
    return Trace(
        TraceHeader(**{"task": task, "solution_id": "s1", "web_agent_id": "replay-1", **header}),
        steps,
        TraceFooter(verdict=verdict(True), backend_events=events[-1]),
    )


def with_end(made: Trace, steps: int, *events: Any) -> Trace:
    """The first steps of a trace, and a footer with these backend events."""
    return Trace(made.header, made.steps[:steps], TraceFooter(backend_events=list(events)))


def write_trace(folder: Path, made: Trace, solution_id: str = "s1", *, compressed: bool = True) -> Path:
    """The trace as a file, where a replay puts it."""
    path = trace_path(folder, "autocinema", "t1", solution_id, compressed=compressed)
    header = msgspec.structs.replace(made.header, solution_id=solution_id)
    with TraceWriter(path, header) as writer:
        for step in made.steps:
            writer.write(step)
        writer.finish(made.footer or TraceFooter())
    return path


def write_dataset(path: Path, *rows: Sample) -> Path:
    """A dataset of the rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in rows))
    return path
