"""How a layout looks: the classes that its stylesheet knows, and the wording of its headings."""

from dataclasses import dataclass

from score_model.arena.sites import Layout

PALETTES = ("noir", "velvet", "matinee", "nordic", "deco", "dusk")
_WORDS: dict[str, tuple[str, ...]] = {
    "home": ("Now showing", "Tonight's programme", "On our screens", "The film shelf", "Coming to your sofa"),
    "tagline": (
        "Small films, large feelings, and a seat that is always free.",
        "Hand-picked pictures from studios that never were.",
        "Every film here was invented for you. Take your time.",
        "The lights go down whenever you are ready.",
    ),
    "search": ("Look for a film", "Search the programme", "Know the title?"),
    "filter": ("Narrow it down", "Filter the films", "By genre and year"),
    "results": ("The films", "All pictures", "The programme"),
    "found": ("What we found", "Your selection", "Matching films"),
    "found.search": ("Films with “{query}”", "Found for “{query}”", "“{query}” on our screens"),
    "found.filter": ("{filters}", "Our programme of {filters}", "On the bill: {filters}"),
    "facts": ("The facts", "About this film", "Credits"),
    "comments": ("Comments", "What viewers say", "From the audience"),
    "comment": ("Leave a comment", "Have your say", "Add your review"),
    "add": ("Add a film", "Put a film on the bill", "A new film for the programme"),
    "edit": ("Edit this film", "Correct the programme", "Change the details"),
    "delete": ("Delete this film?", "Take this film off the bill?", "Remove from the programme?"),
    "contact": ("Contact us", "Write to the projectionist", "Send us a note"),
    "login": ("Sign in", "Welcome back", "Members' entrance"),
    "register": ("Create an account", "Become a member", "Join the club"),
    "profile": ("Your profile", "About you", "Member card"),
}


@dataclass(frozen=True)
class Look:
    """One variant of the design, chosen by the layout alone."""

    layout: Layout
    palette: str
    lettering: str  # serif, narrow or sans headings
    header: str  # top, side or centred
    hero: str  # fan, strip or marquee
    cards: str  # posters, rows or table
    filters: str  # before or after the search, or at the side
    forms: str  # stacked or columns
    poster: str  # left or right on a film's page
    comments: str  # the form comes first or last

    @property
    def classes(self) -> str:
        """Classes of the page's body."""
        return (
            f"palette-{self.palette} lettering-{self.lettering} header-{self.header} cards-{self.cards} "
            f"filters-{self.filters} forms-{self.forms} poster-{self.poster}"
        )

    def words(self, name: str) -> str:
        """The wording of a heading."""
        return self.layout.choice(f"words {name}", _WORDS[name])


def look_of(layout: Layout) -> Look:
    """The design of a layout."""
    return Look(
        layout=layout,
        palette=layout.choice("palette", PALETTES),
        lettering=layout.choice("lettering", ("serif", "narrow", "sans")),
        header=layout.choice("header", ("top", "side", "centred")),
        hero=layout.choice("hero", ("fan", "strip", "marquee")),
        cards=layout.choice("cards", ("posters", "rows", "table")),
        filters=layout.choice("filters", ("before", "after", "side")),
        forms=layout.choice("forms", ("stacked", "columns")),
        poster=layout.choice("poster", ("left", "right")),
        comments=layout.choice("comments", ("first", "last")),
    )
