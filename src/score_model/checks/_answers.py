"""Whether a solution's answer is the expected one (export contract, section 4).

Our own readings, where the contract leaves a choice:
- An answer that is an object around a single value, such as `{"fields": {"email": "a@b.com"}}`, is that value.
- If either side is a text, the elements of both are split before they are compared as lists, so that the text "Ulysses,
  Crime and Punishment" is the list of "Crime and Punishment" and "Ulysses". Elements count as often as they occur.
"""

from typing import Any

_SEPARATORS = frozenset(("and", "or", "&"))
_MAX_WRAPPERS = 4
_MAX_ELEMENTS = 1_000
_MAX_BITS = 1024


def can_be_compared(expected: Any) -> bool:
    """Whether an expected answer is a text, a number, a boolean, or a list of these, and says anything at all."""
    texts = _texts(expected)
    return texts is not None and len(texts) > 0 and all(texts)


def is_expected_answer(answer: Any, expected: Any) -> bool:
    """Whether `answer` is `expected`, as trimmed lower-case texts or as unordered lists. Never raises."""
    for _ in range(_MAX_WRAPPERS):
        if isinstance(answer, dict) and len(answer) == 1:
            answer = next(iter(answer.values()))
    given, wanted = _texts(answer), _texts(expected)
    if given is None or wanted is None:
        return False
    if sorted(given) == sorted(wanted):
        return True
    if isinstance(answer, list) and isinstance(expected, list):
        return False
    parts = _split(wanted)
    return len(parts) > 0 and _split(given) == parts


def _texts(value: Any) -> list[str] | None:
    """The trimmed lower-case texts of a value or a list of values, or None where one is neither text nor number."""
    values = value if isinstance(value, list) else [value]
    if len(values) > _MAX_ELEMENTS:
        return None
    texts: list[str] = []
    for item in values:
        if isinstance(item, float) and item.is_integer():
            item = int(item)
        if not isinstance(item, str | int | float) or (isinstance(item, int) and item.bit_length() > _MAX_BITS):
            return None
        texts.append(str(item).strip().lower())
    return texts


def _split(texts: list[str]) -> list[str]:
    """The parts of all texts between commas and the separating words, in alphabetical order."""
    parts: list[str] = []
    for piece in ",".join(texts).split(","):
        words: list[str] = []
        for word in (*piece.split(), "&"):
            if word not in _SEPARATORS:
                words.append(word)
            elif words:
                parts.append(" ".join(words))
                words = []
    return sorted(parts)
