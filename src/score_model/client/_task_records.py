"""One object of the task API: as a record, and exactly as the server sent it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

from score_model.client._error_body import UnusableAnswerError, describe_refusal
from score_model.client._list_answer import without_lone_surrogates

T = TypeVar("T", bound=msgspec.Struct)

_WRAPPERS = ("data", "task", "solution", "result")


@dataclass(frozen=True, slots=True)
class ReceivedRecord(Generic[T]):
    """A record, all the `fields` that the server sent for it, known or not, and the `raw` JSON of its answer or row."""

    record: T
    fields: Mapping[str, Any]
    raw: bytes


def decode_record(body: bytes, kind: type[T], *, known_id: str | None = None) -> ReceivedRecord[T]:
    """Return the record of an answer that holds one object, at its top or under `data`, `task` or `solution`.

    Only the id is needed: a field of an unexpected type counts as absent, and stays in `fields` and `raw`. Where an
    answer may come without one (a claim's, even if it is empty), `known_id` stands in. Raises UnusableAnswerError, or
    msgspec's errors, for anything that is not such an object, and for one that says `success: false`.
    """
    text = without_lone_surrogates(body)
    answer = msgspec.json.decode(text) if text.strip() or known_id is None else {}
    if not isinstance(answer, dict):
        raise UnusableAnswerError("not a JSON object")
    if answer.get("success") in (False, "false"):
        raise UnusableAnswerError(f"success: false ({describe_refusal(body) or 'no reason given'})")
    fields = answer
    while "id" not in fields:
        inside = next((fields[name] for name in _WRAPPERS if isinstance(fields.get(name), dict)), None)
        if inside is None:
            break
        fields = inside
    return ReceivedRecord(_record(fields, kind, known_id), fields, _one_line(text))


def decode_row(row: msgspec.Raw, kind: type[T]) -> ReceivedRecord[T]:
    """Return the record of one row of a list.

    Raises UnusableAnswerError or msgspec's errors if it is not an object with an id.
    """
    text = without_lone_surrogates(bytes(row))
    fields = msgspec.json.decode(text)
    if not isinstance(fields, dict):
        raise UnusableAnswerError("not a JSON object")
    return ReceivedRecord(_record(fields, kind, None), fields, _one_line(text))


def _one_line(text: bytes) -> bytes:
    return msgspec.json.format(text, indent=-1) if text.strip() else b"{}"


def _record(fields: Mapping[str, Any], kind: type[T], known_id: str | None) -> T:
    values: dict[str, Any] = {}
    for field in msgspec.structs.fields(kind):
        if field.name == "id" or field.encode_name not in fields:
            continue
        try:
            values[field.name] = msgspec.convert(fields[field.encode_name], field.type, strict=False)
        except msgspec.ValidationError:
            continue
    its_id = fields.get("id")
    if isinstance(its_id, int) and not isinstance(its_id, bool):
        its_id = str(its_id)
    if not isinstance(its_id, str) or not its_id:
        if known_id is None:
            raise UnusableAnswerError("an object without an id")
        its_id = known_id
    return kind(id=its_id, **values)
