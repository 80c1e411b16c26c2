"""What an action changed on the page, as text that a person can read."""

from rapidfuzz.distance import Levenshtein

from score_model.printable import make_printable

_MOST_WORK = 2_000_000_000  # pairs of tokens that are compared, in about 0.3 s: 45,000 tokens on either side
_HUNK_LINES = 40  # lines of each sign in a hunk
_SLACK = 20  # unchanged tokens behind the last run, which it may slide over
_LINE_CHARACTERS = 240
_LEAD_CHARACTERS = 40  # shown before the first difference of a long token
_MOST_CHARACTERS = 20_000

_Hunk = tuple[int, int, int, int]  # first and end token before, first and end token after


def diff_html(before: str, after: str) -> str:
    """The changes from one page to the other, tag by tag; empty if only white space differs, or nothing.

    A token is a tag with the text behind it. Each run of changed tokens is headed by `@@ -FIRST,COUNT +FIRST,COUNT @@`
    (token numbers from 1) and the unchanged token before it; then come what went (`-`) and what came (`+`), 40 lines
    each at most, long ones cut around their first difference. No run begins after 20,000 characters; what is left out
    is counted. Pages that differ in more than 2e9 pairs of tokens are shown as one change. Pass both pages through
    `clean_html` first: scripts and tokens differ between two loads of the same page.
    """
    if before == after:
        return ""
    old, new = before.split("<"), after.split("<")
    start = _common_start(old, new)
    end = max(0, _common_end(old, new, start) - _SLACK)
    heading = "".join(_tokens(old, start - 1, start)) if start else ""
    old_middle = _tokens(old, start, len(old) - end)
    new_middle = _tokens(new, start, len(new) - end)
    lines: list[str] = []
    size = went = came = 0
    for first, last, new_first, new_last in _hunks(old_middle, new_middle):
        if size > _MOST_CHARACTERS:
            went += last - first
            came += new_last - new_first
            continue
        above = _cut(new_middle[new_first - 1] if new_first else heading, 0)
        places = f"-{start + first + 1},{last - first} +{start + new_first + 1},{new_last - new_first}"
        hunk = [f"@@ {places} @@ {above}".rstrip(), *_changes(old_middle[first:last], new_middle[new_first:new_last])]
        size += sum(map(len, hunk))
        lines += hunk
    if went or came:
        lines.append(f"@@ and {went:,} more tokens went, {came:,} came @@")
    return "".join(f"{make_printable(line)}\n" for line in lines)


def _common_start(old: list[str], new: list[str]) -> int:
    shorter = min(len(old), len(new))
    return next((at for at in range(shorter) if old[at] != new[at]), shorter)


def _common_end(old: list[str], new: list[str], start: int) -> int:
    shorter = min(len(old), len(new)) - start
    return next((at for at in range(shorter) if old[-1 - at] != new[-1 - at]), shorter)


def _tokens(parts: list[str], start: int, end: int) -> list[str]:
    """The parts as tokens with single spaces; what stands before the page's first tag has no `<`."""
    tokens = ["<" + " ".join(part.split()) for part in parts[start:end]]
    if tokens and start == 0:
        tokens[0] = tokens[0][1:]
    return tokens


def _hunks(old: list[str], new: list[str]) -> list[_Hunk]:
    """Runs of changed tokens, in order."""
    if old == new:
        return []
    if len(old) * len(new) > _MOST_WORK:
        return [(0, len(old), 0, len(new))]
    numbers: dict[str, int] = {}
    old_numbers = [numbers.setdefault(token, len(numbers)) for token in old]
    new_numbers = [numbers.setdefault(token, len(numbers)) for token in new]
    hunks: list[_Hunk] = []
    for change in Levenshtein.opcodes(old_numbers, new_numbers):
        if change.tag == "equal":
            continue
        first, new_first = change.src_start, change.dest_start
        if hunks and (hunks[-1][1], hunks[-1][3]) == (first, new_first):
            first, _, new_first, _ = hunks.pop()
        hunks.append((first, change.src_end, new_first, change.dest_end))
    return [_slid(hunk, old, new, after) for hunk, after in zip(hunks, [*hunks[1:], None], strict=True)]


def _slid(hunk: _Hunk, old: list[str], new: list[str], after: _Hunk | None) -> _Hunk:
    """The same insertion or deletion as late as it need be to begin with no end tag: whole elements read better."""
    first, last, new_first, new_last = hunk
    if first == last:
        tokens, start, end, bound = new, new_first, new_last, after[2] if after else len(new)
    elif new_first == new_last:
        tokens, start, end, bound = old, first, last, after[0] if after else len(old)
    else:
        return hunk
    by = 0
    while end + by < bound and tokens[start + by] == tokens[end + by] and tokens[start + by].startswith("</"):
        by += 1
    return first + by, last + by, new_first + by, new_last + by


def _changes(went: list[str], came: list[str]) -> list[str]:
    """The lines of one hunk; tokens that face each other are cut where they differ."""
    if len(went) == len(came):
        pairs = [_around_difference(old, new) for old, new in zip(went[:_HUNK_LINES], came, strict=False)]
        minus, plus = [old for old, _ in pairs], [new for _, new in pairs]
    else:
        minus, plus = ([_cut(token, 0) for token in tokens[:_HUNK_LINES]] for tokens in (went, came))
    return [*_signed("-", minus, len(went)), *_signed("+", plus, len(came))]


def _signed(sign: str, shown: list[str], total: int) -> list[str]:
    lines = [f"{sign} {line}" for line in shown]
    return [*lines, f"{sign} … {total - len(shown):,} more"] if total > len(shown) else lines


def _around_difference(old: str, new: str) -> tuple[str, str]:
    if len(old) <= _LINE_CHARACTERS and len(new) <= _LINE_CHARACTERS:
        return old, new
    same = next((at for at, (left, right) in enumerate(zip(old, new, strict=False)) if left != right), 0)
    start = max(0, same - _LEAD_CHARACTERS)
    return _cut(old, start), _cut(new, start)


def _cut(token: str, start: int) -> str:
    end = start + _LINE_CHARACTERS
    return ("…" if start else "") + token[start:end] + ("…" if len(token) > end else "")
