"""The English that demands are made of. No website's own words: general English for comparing, naming and measuring."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from score_model.contract import Operator as Op


class Phrase(msgspec.Struct, frozen=True):
    """What a phrase before a value says: the operator, the field it implies, and whether it denies.

    `between` opens a range; `weak` means that any noun around says better which field is meant.
    """

    operator: Op
    field: str = ""
    denies: bool = False
    between: bool = False
    weak: bool = False


_EQUAL = (
    "equals", "equal", "equal to", "equals to", "equaling", "equalling", "is", "are", "was", "were", "be", "being",
    "exactly", "is exactly", "exactly equal to", "set to", "matches", "matching", "match", "same as", "=", "==",
    "eq", "is set to", "changed to", "becomes", "reads", "reading", "identical to",
)  # fmt: skip
_UNEQUAL = ("!=", "<>", "≠", "not_equals", "not_equal", "other than", "different from", "differs from", "except",
            "except for", "excluding", "besides", "anything but", "unlike", "not_equal_to")  # fmt: skip
_CONTAIN = (
    "contains", "contain", "containing", "includes", "include", "including", "starts with", "start with",
    "starting with", "begins with", "begin with", "beginning with", "ends with", "end with", "ending with", "mentions",
    "mention", "mentioning", "featuring", "features", "comprises", "has the word", "has the phrase", "like", "lists",
    "list", "listing",
)  # fmt: skip
_WITHOUT = ("excludes", "exclude", "lacks", "lacking", "omits", "omitting", "not_contains", "not_contain", "free of")
_ABOVE = (
    "greater than", "more than", "higher than", "larger than", "bigger than", "above", "over", "exceeds", "exceed",
    "exceeding", "greater_than", "gt", ">", "in excess of", "upwards of", "beyond", "better than",
)  # fmt: skip
_BELOW = (
    "less than", "fewer than", "lower than", "smaller than", "below", "under", "less_than", "lt", "<", "worse than",
)  # fmt: skip
_AT_LEAST = (
    "greater than or equal to", "greater than or equal", "greater or equal to", "greater or equal", "greater_equal",
    "greater equal to", "greater equal", "greater_than_or_equal", "more than or equal to", "higher than or equal to",
    "at least", "a minimum of", "minimum of", "minimum", "min", ">=", "≥", "gte", "no lower than", "no fewer than",
    "no less than", "on or after", "in or after", "after or equal to", "after or on", "no earlier than", "since",
    "equal to or greater than", "equal to or more than", "equal to or above", "starting from", "from at least",
    "at or above", "at or after", "above or equal to", "later than or equal to", "equals or exceeds", "or after",
    "greater_or_equal", "equal to or higher than", "above or at", "greater than or equals", "as of",
)  # fmt: skip
_AT_MOST = (
    "less than or equal to", "less than or equal", "less or equal to", "less or equal", "less_equal", "less equal to",
    "less equal", "less_than_or_equal", "fewer than or equal to", "lower than or equal to", "at most", "a maximum of",
    "maximum of", "maximum", "max", "<=", "≤", "lte", "no more than", "no greater than", "no higher than", "up to",
    "no later than", "no longer than", "on or before", "in or before", "before or equal to", "before or on",
    "equal to or less than", "equal to or below", "equal to or fewer than", "at or below", "at or before", "until",
    "below or equal to", "earlier than or equal to", "or before", "less_or_equal", "within", "up until",
    "equal to or lower than", "not to exceed", "less than or equals", "at the most", "by at most",
)  # fmt: skip
_ONE_OF = (
    "one of", "any of", "either", "either of", "at least one of", "any one of", "one of the following", "among",
    "in the list", "in list", "in_list", "in the following list", "from the list", "either one of", "some of",
)  # fmt: skip
_NONE_OF = ("none of", "neither", "neither of", "not_in_list")
_BETWEEN = ("between", "ranging from", "in the range", "in the range of", "range from", "ranges from")

_NAMED = ("called", "named", "titled", "entitled", "with the name", "by the name of", "known as", "name of")
_SAYING = ("saying", "says", "say", "wrote", "writes", "writing", "stating", "states", "that reads", "posted", "said")
_VERBS: Mapping[str, Iterable[str]] = {
    "director": ("directed by",),
    "author": ("written by", "authored by", "penned by", "author by"),
    "creator": ("by", "made by", "created by", "produced by", "posted by", "published by"),
    "cast": ("starring", "played by", "acted by"),
    "year": ("released in", "published in", "came out in", "come out in", "comes out in", "made in", "produced in",
             "printed in", "appeared in", "issued in", "dating from", "from the year", "of the year", "dated",
             "released on", "published on", "written in", "built in", "founded in"),
    "price": ("priced at", "costs", "cost", "costing", "priced", "sold for", "sold at", "selling for", "worth"),
    "rating": ("rated", "rated at", "rated exactly", "scored"),
    "location": ("located in", "located at", "based in", "situated in", "living in", "located", "lives in"),
    "company": ("works at", "working at", "employed by", "employed at"),
    "total": ("totaling", "totalling", "totals", "totaling an amount of", "amounting to"),
    "username": ("log in as", "login as", "sign in as", "signin as", "authenticate as", "sign up as", "register as",
                 "logged in as", "signed in as"),
}  # fmt: skip
_COMPARED: Mapping[str, Mapping[Op, Iterable[str]]] = {
    "year": {
        Op.GREATER_THAN: ("after", "newer than", "more recent than", "later than", "younger than"),
        Op.LESS_THAN: ("before", "older than", "earlier than", "prior to"),
    },
    "duration": {Op.GREATER_THAN: ("longer than",), Op.LESS_THAN: ("shorter than",)},
    "price": {
        Op.GREATER_THAN: ("costs more than", "cost more than", "more expensive than", "dearer than", "pricier than"),
        Op.LESS_THAN: ("cheaper than", "costs less than", "cost less than", "less expensive than"),
        Op.GREATER_EQUAL: ("costs at least", "cost at least", "costing at least"),
        Op.LESS_EQUAL: ("costs at most", "cost at most", "costing at most"),
    },
    "rating": {
        Op.GREATER_THAN: ("rated above", "rated higher than", "rated over", "rated more than", "rated better than"),
        Op.LESS_THAN: ("rated below", "rated lower than", "rated under", "rated less than", "rated worse than"),
        Op.GREATER_EQUAL: ("rated at least",),
        Op.LESS_EQUAL: ("rated at most",),
    },
}


def _phrases() -> dict[str, list[tuple[tuple[str, ...], Phrase]]]:
    said: dict[tuple[str, ...], Phrase] = {}

    def add(texts: Iterable[str], phrase: Phrase) -> None:
        said.update((tuple(text.split()), phrase) for text in texts)

    add(_EQUAL, Phrase(Op.EQUALS))
    add(_UNEQUAL, Phrase(Op.EQUALS, denies=True))
    add(_CONTAIN, Phrase(Op.CONTAINS))
    add(_WITHOUT, Phrase(Op.CONTAINS, denies=True))
    comparisons: tuple[tuple[Iterable[str], Op], ...] = (
        (_ABOVE, Op.GREATER_THAN),
        (_BELOW, Op.LESS_THAN),
        (_AT_LEAST, Op.GREATER_EQUAL),
        (_AT_MOST, Op.LESS_EQUAL),
        (_ONE_OF, Op.IN_LIST),
    )
    for texts, operator in comparisons:
        add(texts, Phrase(operator))
    add(_NONE_OF, Phrase(Op.IN_LIST, denies=True))
    add(_BETWEEN, Phrase(Op.GREATER_EQUAL, between=True))
    add(_NAMED, Phrase(Op.EQUALS, "name"))
    add(_SAYING, Phrase(Op.EQUALS, "content"))
    for field, verbs in _VERBS.items():
        add(verbs, Phrase(Op.EQUALS, field, weak=field == "creator"))
    for field, compared in _COMPARED.items():
        for operator, wordings in compared.items():
            add(wordings, Phrase(operator, field, weak=True))
    table: dict[str, list[tuple[tuple[str, ...], Phrase]]] = {}
    for wording, phrase in said.items():
        table.setdefault(wording[0], []).append((wording, phrase))
    for entries in table.values():
        entries.sort(key=lambda one: (-len(one[0]), one[0]))
    return table


PHRASES: Mapping[str, Sequence[tuple[tuple[str, ...], Phrase]]] = _phrases()
"""By first word, the longest first."""

NEGATIONS = frozenset((
    "not", "never", "no", "none", "neither", "nor", "without", "isn't", "aren't", "doesn't", "don't", "wasn't",
    "weren't", "didn't", "cannot", "can't", "shouldn't", "hasn't", "haven't", "non", "mustn't", "won't", "avoid",
    "avoiding",
))  # fmt: skip
MORE = frozenset(("more", "later", "after", "higher", "above", "greater", "better", "over", "newer", "longer", "up",
                  "upwards", "onwards", "onward", "larger", "bigger", "beyond"))  # fmt: skip
LESS = frozenset(("less", "earlier", "before", "lower", "below", "fewer", "under", "older", "cheaper", "shorter",
                  "smaller", "worse", "sooner"))  # fmt: skip
UNITS: Mapping[str, str] = {
    "minute": "duration", "minutes": "duration", "min": "duration", "mins": "duration", "hour": "duration",
    "hours": "duration", "page": "page_count", "pages": "page_count", "dollar": "price", "dollars": "price",
    "usd": "price", "euro": "price", "euros": "price", "eur": "price", "star": "rating", "stars": "rating",
    "copy": "quantity", "copies": "quantity", "unit": "quantity", "units": "quantity", "piece": "quantity",
    "pieces": "quantity", "percent": "",
}  # fmt: skip
MEASURES = frozenset(("duration", "length", "runtime", "time", "price", "cost", "amount", "fee", "total", "budget",
                      "count", "rating", "score", "quantity", "page_count", "pages", "number", "value"))  # fmt: skip
FILLERS = frozenset(("word", "words", "phrase", "letter", "letters", "string", "value", "values", "following", "list",
                     "exactly", "either", "entry", "text", "keyword", "specific", "new", "same", "exact"))  # fmt: skip

SIGN_IN = frozenset(("log", "login", "logging", "logged", "sign", "signin", "signing", "signed", "authenticate",
                     "authenticating", "session"))  # fmt: skip
ACCOUNT = frozenset(("username", "user_name", "user", "login", "userid", "account"))
SECRET = frozenset(("password", "passcode", "passphrase", "pin"))
PREPOSITIONS = frozenset(("in", "on", "at", "of", "for", "to", "from", "with", "as", "by", "into", "through", "about",
                          "under", "among", "within", "via", "using", "onto", "inside", "during"))  # fmt: skip
VERBS = frozenset((
    "is", "are", "was", "were", "be", "been", "being", "am", "has", "have", "having", "had", "do", "does", "did",
    "should", "must", "will", "would", "can", "could", "shall", "may", "might", "ensure", "ensuring", "ensures", "make",
    "making", "made", "set", "sets", "change", "changing", "update", "updating", "modify", "modifying", "edit", "keep",
    "keeping", "show", "find", "please", "serves", "serving", "offers", "offering", "features", "take", "takes", "see",
    "carry", "carries", "belong", "belongs", "come", "came", "left", "titled", "called", "named", "located", "need",
    "needs", "ensured", "contain", "contains", "include", "includes", "use", "look", "buy", "add", "delete", "remove",
    "view", "retrieve", "apply", "select", "choose", "open", "leave", "write", "submit", "send", "fill",
))  # fmt: skip
STOP = PREPOSITIONS | NEGATIONS | VERBS | frozenset((
    "a", "an", "the", "this", "that", "these", "those", "which", "who", "whose", "where", "when", "while", "whom",
    "its", "his", "her", "their", "your", "my", "our", "it", "them", "me", "you", "i", "us", "any", "some", "all",
    "and", "or", "but", "nor", "so", "then", "also", "sure", "afterwards", "after", "before", "only", "just", "there",
    "such", "way", "than", "every", "each", "both", "now", "once", "if", "respectively", "too", "very", "most",
    "least", "however", "regardless", "out", "up", "down", "not_equals", "because", "since",
))  # fmt: skip
"""Words that end a noun phrase when it is read from right to left."""

COPULAS = frozenset(("is", "are", "was", "were", "be", "been", "being", "has", "have", "having", "do", "does", "did",
                     "should", "must", "will", "would", "that", "which", "who", "to", "also", "always", "of", "for",
                     "as", "can", "could", "it", "only", "shall", "had", "may"))  # fmt: skip
TEXT_FIELDS = frozenset(("name", "names", "title", "titles", "description", "text", "content", "body", "subject",
                         "message", "bio", "summary", "headline", "comment", "review", "label"))  # fmt: skip
LABELS = frozenset(("genre", "genres", "category", "position", "job", "role", "brand", "section", "cuisine", "occasion",
                    "department", "carousel", "tag", "status", "type", "product", "team", "project"))  # fmt: skip
"""Nouns that a capitalised name stands before: `the Adventure genre`."""
