"""Modifiers about numbers: `{v}` the value, `{made}` what happens to items in their year, `{unit}` what is counted."""

from score_model.contract import Operator as Op

YEAR: dict[Op, tuple[str, ...]] = {
    Op.EQUALS: ("{made} in {v}", "{made} in the year {v}", "from the year {v}", "that came out in {v}"),
    Op.NOT_EQUALS: (
        "that was NOT {made} in {v}",
        "that did NOT come out in {v}",
        "that is NOT from the year {v}",
        "NOT {made} in the year {v}",
    ),
    Op.GREATER_THAN: ("{made} after {v}", "that came out after {v}", "more recent than {v}", "newer than the year {v}"),
    Op.LESS_THAN: ("{made} before {v}", "that came out before {v}", "from before {v}", "older than the year {v}"),
    Op.GREATER_EQUAL: (
        "{made} in or after {v}",
        "{made} in {v} or later",
        "from {v} or later",
        "that came out in or after the year {v}",
    ),
    Op.LESS_EQUAL: (
        "{made} in or before {v}",
        "{made} in {v} or earlier",
        "from {v} or earlier",
        "that came out in or before the year {v}",
    ),
    Op.IN_LIST: (
        "{made} in one of the years {v}",
        "from one of the years {v}",
        "that came out in {v}",
        "{made} in any of the years {v}",
    ),
    Op.NOT_IN_LIST: (
        "that is NOT from any of the years {v}",
        "that was NOT {made} in {v}",
        "that did NOT come out in any of the years {v}",
        "NOT {made} in any of the years {v}",
    ),
}
RATING: dict[Op, tuple[str, ...]] = {
    Op.EQUALS: ("with a rating of {v}", "rated {v}", "rated exactly {v}", "with a rating equal to {v}"),
    Op.NOT_EQUALS: (
        "that is NOT rated {v}",
        "with a rating that is NOT {v}",
        "with a rating NOT equal to {v}",
        "whose rating does NOT equal {v}",
    ),
    Op.GREATER_THAN: (
        "with a rating greater than {v}",
        "rated above {v}",
        "rated higher than {v}",
        "with a rating above {v}",
    ),
    Op.LESS_THAN: ("with a rating less than {v}", "rated below {v}", "rated lower than {v}", "with a rating below {v}"),
    Op.GREATER_EQUAL: (
        "with a rating of {v} or higher",
        "rated at least {v}",
        "rated {v} or better",
        "with a rating of at least {v}",
    ),
    Op.LESS_EQUAL: (
        "with a rating of {v} or less",
        "rated {v} or lower",
        "rated at most {v}",
        "with a rating of at most {v}",
    ),
}
LENGTH: dict[Op, tuple[str, ...]] = {
    Op.EQUALS: ("with a {noun} of {v}{unit}", "of exactly {v}{plain}", "that has {v}{plain}", "of {v}{plain}"),
    Op.NOT_EQUALS: (
        "with a {noun} that is NOT {v}{unit}",
        "that does NOT have {v}{plain}",
        "with a {noun} NOT equal to {v}{unit}",
        "that is NOT {v}{plain} long",
    ),
    Op.GREATER_THAN: (
        "longer than {v}{plain}",
        "with more than {v}{plain}",
        "with a {noun} greater than {v}{unit}",
        "of more than {v}{plain}",
    ),
    Op.LESS_THAN: (
        "shorter than {v}{plain}",
        "with fewer than {v}{plain}",
        "with a {noun} less than {v}{unit}",
        "of less than {v}{plain}",
    ),
    Op.GREATER_EQUAL: (
        "with a {noun} of {v}{unit} or more",
        "with at least {v}{plain}",
        "of at least {v}{plain}",
        "with {v}{plain} or more",
    ),
    Op.LESS_EQUAL: (
        "with a {noun} of {v}{unit} or less",
        "with at most {v}{plain}",
        "of at most {v}{plain}",
        "with {v}{plain} or less",
    ),
}
PRICE: dict[Op, tuple[str, ...]] = {
    Op.EQUALS: ("priced at {v}", "that costs {v}", "that costs exactly {v}", "with a price of {v}"),
    Op.NOT_EQUALS: (
        "that does NOT cost {v}",
        "with a price that is NOT {v}",
        "with a price NOT equal to {v}",
        "that is NOT priced at {v}",
    ),
    Op.GREATER_THAN: (
        "that costs more than {v}",
        "priced above {v}",
        "with a price greater than {v}",
        "with a price GREATER than {v}",
    ),
    Op.LESS_THAN: ("that costs less than {v}", "cheaper than {v}", "with a price less than {v}", "priced below {v}"),
    Op.GREATER_EQUAL: (
        "that costs {v} or more",
        "priced at {v} or more",
        "with a price of at least {v}",
        "that costs at least {v}",
    ),
    Op.LESS_EQUAL: (
        "that costs {v} or less",
        "priced at {v} or less",
        "with a price of at most {v}",
        "that costs at most {v}",
    ),
}

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
