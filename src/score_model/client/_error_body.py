"""Reading a 4xx: what the server said, and whether it only asks for a `nonce` or a run id."""

import re
from collections.abc import Iterator

import msgspec

from score_model.printable import one_line

# Only the beginning of an error body is looked at: no server says what is wrong after 64 KiB.
_LOOKED_AT = 64 * 1024
_NONCE = re.compile(r"nonce", re.IGNORECASE)
_RUN_ID = re.compile(r"(?<!agent)(?<!agent_)(?<!agent-)(?<!agent )run[_\- ]?id(?-i:(?![a-z]))", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_TITLE = re.compile(r"<title[^<>]*>([^<]*)", re.IGNORECASE)


class UnusableAnswerError(ValueError):
    """A decoder's verdict on a body with a success status; the text says what is wrong. The request is sent again."""


# What a decoder may raise about hostile bytes: wrong JSON, wrong shape, wrong text encoding, absurd nesting.
DECODE_ERRORS = (msgspec.MsgspecError, ValueError, RecursionError)


def find_demands(body: bytes) -> tuple[str, ...]:
    """Return which of `nonce` and `run_id` (or `runId`, as the server spells it) a 4xx body demands.

    A demand is a JSON object that names it in `code`, `error.code`, `detail.code`, or in the texts of `error` or
    `detail` (export contract, section 2); the fields that FastAPI reports as missing count as such texts.
    """
    answer = _decoded(body)
    if not isinstance(answer, dict):
        return ()
    texts = [answer["code"]] if isinstance(answer.get("code"), str) else []
    for field in ("error", "detail"):
        texts.extend(_texts(answer.get(field), depth=0))
    found = []
    if any(_NONCE.search(text) for text in texts):
        found.append("nonce")
    spellings = [match[0] for text in texts for match in _RUN_ID.finditer(text)]
    if spellings:
        camel = any(spelling in ("runId", "RunId") for spelling in spellings)
        found.append("runId" if camel else "run_id")
    return tuple(found)


def describe_refusal(body: bytes) -> str:
    """Return in one line what the server said: its message, detail or error, with its code, or its text's first line.

    Control characters are stripped and the length is capped; the caller redacts. Empty if it said nothing.
    """
    answer = _decoded(body)
    if answer is not None:
        said = "; ".join(_messages(answer, depth=0))
    else:
        text = body[:_LOOKED_AT].decode("utf-8", "replace")
        if text.lstrip().startswith("<"):
            title = _TITLE.search(text)
            text = title[1] if title and title[1].strip() else _TAG.sub("\n", text)
        said = next((line for line in text.splitlines() if line.strip()), "")
    return one_line(said)


def _decoded(body: bytes) -> object:
    if len(body) > _LOOKED_AT:
        return None
    try:
        return msgspec.json.decode(body)
    except DECODE_ERRORS:
        return None


def _texts(value: object, *, depth: int) -> Iterator[str]:
    """Yield the texts of an `error` or `detail`, but not what it echoes of our own request (FastAPI's `input`)."""
    if isinstance(value, str):
        yield value
    elif depth < 3 and isinstance(value, list):
        for item in value[:20]:
            yield from _texts(item, depth=depth + 1)
    elif depth < 3 and isinstance(value, dict):
        for key in ("code", "type", "message", "msg", "detail", "error", "loc", "field"):
            yield from _texts(value.get(key), depth=depth + 1)


def _messages(value: object, *, depth: int) -> list[str]:
    """Return what a JSON error says; FastAPI's list of errors as `query.limit: Input should be …`."""
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return [str(value)] if value != "" else []
    if isinstance(value, list) and depth < 4:
        return [text for item in value[:3] for text in _messages(item, depth=depth + 1)]
    if isinstance(value, dict) and depth < 4:
        place = value.get("loc")
        where = ".".join(str(part) for part in place[:6]) + ": " if isinstance(place, list) and place else ""
        for key in ("message", "msg", "detail", "error", "title", "reason", "code"):
            texts = _messages(value.get(key), depth=depth + 1)
            if texts:
                return [where + "; ".join(texts) + _code_beside(value, texts)]
    return []


def _code_beside(error: dict[str, object], texts: list[str]) -> str:
    """Return an error's code in parentheses, where its message does not say it already."""
    code = error.get("code")
    if not isinstance(code, str | int) or isinstance(code, bool) or str(code) in ("", *texts):
        return ""
    if any(text.endswith(f" ({code})") for text in texts):
        return ""
    return f" ({code})"
