"""Named fields: finding one in a payload, and comparing its values as their kind; the one home of both rules.

`read_fields` finds a field as a test names it (export contract, section 4), `NamedFields` as people name it in intents.
"""

from score_model.fields._bounds import MAX_EXPECTED_VALUES, MAX_PAYLOAD_VALUES, within_bounds
from score_model.fields._event_fields import EventFields, read_fields
from score_model.fields._named_fields import ANYONE, NamedFields
from score_model.fields._operators import NEGATIVE, ORDERED, meets
from score_model.fields._values import (
    ValueKind,
    compare,
    fold,
    fold_name,
    kind_of,
    normal,
    placeholders_left,
    read_date,
    read_measure,
    read_number,
    read_time,
    same_value,
)

__all__ = [
    "ANYONE",
    "MAX_EXPECTED_VALUES",
    "MAX_PAYLOAD_VALUES",
    "NEGATIVE",
    "ORDERED",
    "EventFields",
    "NamedFields",
    "ValueKind",
    "compare",
    "fold",
    "fold_name",
    "kind_of",
    "meets",
    "normal",
    "placeholders_left",
    "read_date",
    "read_fields",
    "read_measure",
    "read_number",
    "read_time",
    "same_value",
    "within_bounds",
]
