"""The one schema, and the document that describes it."""

import subprocess
import sys
from pathlib import Path

from score_model.features import EPISODE_COLUMNS, STEP_COLUMNS, schema_document

DOCUMENT = Path(__file__).parents[2] / "docs/features.md"


def test_columns_are_named_once_and_described() -> None:
    """Names are unique within a table and every column says what it holds."""
    for table in (EPISODE_COLUMNS, STEP_COLUMNS):
        assert len({column.name for column in table}) == len(table)
        assert all(column.description and column.name.isidentifier() for column in table)
    assert 60 <= len(EPISODE_COLUMNS) <= 120


def test_the_document_is_the_schema() -> None:
    """docs/features.md ends with what `schema_document` gives."""
    text = DOCUMENT.read_text()
    assert text.partition("<!-- schema -->\n")[2] == schema_document()


def test_features_need_the_core_only() -> None:
    """Computing features loads neither Arrow nor any library of models: serving stays light."""
    code = "import sys, score_model.features; print(*{name.partition('.')[0] for name in sys.modules})"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(ran.stdout.split()) & {"pyarrow", "numpy", "selectolax", "sklearn", "lightgbm", "playwright"}
