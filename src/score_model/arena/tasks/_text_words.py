"""Modifiers about people, names and genres: `{v}` the value, `{by}` and `{noun}` the site's words for who made it."""

from score_model.contract import Operator as Op

MAKER: dict[Op, tuple[str, ...]] = {
    Op.EQUALS: ("{by} {v}", "by the {noun} {v}", "whose {noun} is {v}", "that was {by} {v}"),
    Op.NOT_EQUALS: ("NOT {by} {v}", "that was NOT {by} {v}", "that is NOT {by} {v}", "whose {noun} is NOT {v}"),
    Op.CONTAINS: (
        "{by} someone whose name contains {v}",
        "{by} someone with {v} in the name",
        "{by} a person whose name CONTAINS {v}",
        "whose {noun}'s name contains {v}",
    ),
    Op.NOT_CONTAINS: (
        "{by} someone whose name does NOT contain {v}",
        "{by} someone whose name does NOT CONTAIN {v}",
        "NOT {by} anyone whose name contains {v}",
        "whose {noun}'s name does NOT contain {v}",
    ),
    Op.IN_LIST: ("{by} one of {v}", "{by} any of {v}", "by one of the {noun}s {v}", "that was {by} one of {v}"),
    Op.NOT_IN_LIST: (
        "NOT {by} any of {v}",
        "that was NOT {by} any of {v}",
        "by none of the {noun}s {v}",
        "that is NOT {by} one of {v}",
    ),
}
NAME: dict[Op, tuple[str, ...]] = {
    Op.EQUALS: ("called {v}", "named {v}", "titled {v}", "with the name {v}"),
    Op.NOT_EQUALS: ("that is NOT {v}", "NOT called {v}", "that is NOT named {v}", "with a title that is NOT {v}"),
    Op.CONTAINS: (
        "with {v} in its title",
        "with a name that contains {v}",
        "that has {v} in its name",
        "whose title CONTAINS {v}",
    ),
    Op.NOT_CONTAINS: (
        "that does NOT have {v} in its title",
        "with a name that does NOT contain {v}",
        "whose title does NOT CONTAIN {v}",
        "that does NOT carry {v} in its name",
    ),
    Op.IN_LIST: ("called one of {v}", "that is one of {v}", "named one of {v}", "with one of the titles {v}"),
    Op.NOT_IN_LIST: (
        "that is NOT one of {v}",
        "that is none of {v}",
        "NOT called any of {v}",
        "with none of the titles {v}",
    ),
}
GENRES: dict[Op, tuple[str, ...]] = {
    Op.EQUALS: ("in the genre {v}", "of the genre {v}", "that has the genre {v}", "that belongs to the genre {v}"),
    Op.NOT_EQUALS: (
        "that is NOT in the genre {v}",
        "NOT of the genre {v}",
        "that does NOT have the genre {v}",
        "that does NOT belong to the genre {v}",
    ),
    Op.CONTAINS: (
        "in the genre {v}",
        "whose genres contain {v}",
        "that has {v} among its genres",
        "with {v} as a genre",
    ),
    Op.NOT_CONTAINS: (
        "that does NOT contain the genre {v}",
        "whose genres do NOT contain {v}",
        "that does NOT have {v} among its genres",
        "with genres that do NOT include {v}",
    ),
    Op.IN_LIST: (
        "in one of the genres {v}",
        "that has one of the genres {v}",
        "in any of the genres {v}",
        "of the genre {v}",
    ),
    Op.NOT_IN_LIST: (
        "that is NOT in any of the genres {v}",
        "that has none of the genres {v}",
        "in none of the genres {v}",
        "that does NOT have any of the genres {v}",
    ),
}
