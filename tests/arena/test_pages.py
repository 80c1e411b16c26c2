"""What the export's reader remembers, and when it forgets."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from score_model.arena import import_entries, open_engine
from score_model.arena.api import GivenTask, add_tasks
from score_model.arena.export import ExportQuery, PageReader
from tests.arena.factories import entry


@contextmanager
def _statements(engine: Engine) -> Iterator[list[str]]:
    """What is run on the engine inside the block."""
    ran: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        ran.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield ran
    event.remove(engine, "before_cursor_execute", note)


def test_only_new_entries_are_counted_again(tmp_path: Path) -> None:
    """Writes of the task API leave counts and places of pages remembered; a new entry makes them be found again."""
    engine = open_engine(tmp_path / "arena.sqlite")
    import_entries(engine, [entry(number) for number in range(10)])
    reader = PageReader(engine)

    def counts(page: int) -> int:
        with _statements(engine) as ran:
            body = reader.export_page(ExportQuery(page=page, limit=3))
        assert body.startswith(b'{"success":true')
        return sum("count(" in statement for statement in ran)

    assert counts(1) == 1
    assert counts(2) == 0
    add_tasks(engine, [GivenTask(id="t", title="x", created_us=0)])
    assert counts(3) == 0
    import_entries(engine, [entry(11)])
    assert counts(4) == 1
    reader.close()
    engine.dispose()
