"""Values that no quotes mark: `the Adventure genre`, `password:Secret`, `at Blue Harbour`, `content is quite good`."""

from collections.abc import Sequence

from score_model.constraints._lexicon import ACCOUNT, LABELS, NEGATIONS, PHRASES, SECRET, STOP
from score_model.constraints._tokens import Token

_LEADS = frozenset(("at", "by", "from", "named", "called", "titled", "equals", "contains", "is", "be", "starring"))
_ARTICLES = frozenset(("the", "a", "an", "in", "for", "of"))
_LONGEST = 6
_ENDS = frozenset(("and", ".", ",", ";", "but", "or", "!", "?"))
_SAYS = frozenset(("is", "equals", "contains", "are", "equal", "includes"))
_BEFORE = _LEADS | _ARTICLES | _SAYS


def with_loose_values(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with values made of the words that stand for one without quotes."""
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        end = _loose_end(tokens, at)
        if end > at:
            text = " ".join(token.raw for token in tokens[at:end])
            found.append(Token("value", text, tokens[at].start, tokens[end - 1].end))
            at = end
        else:
            found.append(tokens[at])
            at += 1
    return found


def _loose_end(tokens: Sequence[Token], at: int) -> int:
    """The end of the loose value that starts here, or `at`."""
    if tokens[at].kind != "word" or at == 0:
        return at
    before = tokens[at - 1]
    if before.text == ":" and at > 1 and tokens[at - 2].text in SECRET | ACCOUNT and not before.is_value:
        return at + 1
    if before.kind != "word" or before.text not in _BEFORE:
        return at
    end = _name_end(tokens, at)
    if end > at and before.text in _LEADS:
        return end
    if end > at and before.text in _ARTICLES and end < len(tokens) and tokens[end].text in LABELS:
        return end
    return _plain_end(tokens, at) if before.text in _SAYS and end == at else at


def _name_end(tokens: Sequence[Token], at: int) -> int:
    end = at
    while end < len(tokens) and end - at < _LONGEST and tokens[end].kind == "word" and _is_name(tokens[end]):
        end += 1
    return end


def _is_name(token: Token) -> bool:
    known = token.text in STOP or token.text in PHRASES or token.text in NEGATIONS or token.text in ("than", "equal")
    return token.raw[:1].isupper() and not known


def _plain_end(tokens: Sequence[Token], at: int) -> int:
    """The end of words such as `whose content is visually stunning and …`, or `at` where they say something else."""
    lead = [token.text for token in tokens[max(0, at - 6) : at - 1]]
    if "whose" not in lead and "where" not in lead:
        return at
    end = at
    while end < len(tokens) and tokens[end].kind == "word" and tokens[end].text not in _ENDS:
        word = tokens[end].text
        if word in STOP or word in PHRASES or word in NEGATIONS or end - at == _LONGEST or word in ("in", "than"):
            return at
        end += 1
    if end < len(tokens) and tokens[end].text not in _ENDS:
        return at
    return end
