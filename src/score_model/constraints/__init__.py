"""What an intent demands, field by field, and whether what was seen meets it.

    parse_intent(text: str) -> Intent
    satisfies(constraint: Constraint, seen: Any) -> bool | None
    match_data(intent: Intent, data: Any) -> Match
    match_texts(intent: Intent, texts: Sequence[str]) -> Match
    placeholders_left(text: str) -> int

Everything here is pure and never raises; texts and payloads are bounded, and time grows linearly with them. No function
knows a website: fields are the words that an intent uses, and they are found in payloads by general English.
"""

from score_model.constraints._match import match_data, match_texts, satisfies
from score_model.constraints._parse import parse_intent
from score_model.constraints._records import Constraint, Intent, Match
from score_model.fields import placeholders_left

__all__ = [
    "Constraint",
    "Intent",
    "Match",
    "match_data",
    "match_texts",
    "parse_intent",
    "placeholders_left",
    "satisfies",
]
