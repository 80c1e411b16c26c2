"""Invented texts for forms: people, titles, messages, comments, profiles."""

from random import Random

FIRST_NAMES = ("Alma", "Bram", "Carlotta", "Dorian", "Elif", "Fergus", "Gwendolyn", "Hamza", "Ilse", "Jasper",
               "Kalinda", "Leopold", "Mireille", "Nestor", "Ottoline", "Priya", "Quentin", "Rosamund",
               "Stellan", "Thandi")  # fmt: skip
LAST_NAMES = ("Abernethy", "Blomgren", "Castellanos", "Drummond", "Eberhart", "Falconer", "Grimsdottir", "Halloran",
              "Ibarra", "Jankowski", "Kingsolver", "Lindqvist", "Marchetti", "Nakagawa", "Oyelowo", "Pemberton",
              "Quispe", "Rasmussen", "Silverthorn", "Tremblay")  # fmt: skip
_ADJECTIVES = ("Amber", "Borrowed", "Crooked", "Distant", "Electric", "Forgotten", "Golden", "Hollow", "Invisible",
               "Patient", "Restless", "Silent", "Tangled", "Velvet", "Wandering")  # fmt: skip
_NOUNS = ("Archive", "Bridge", "Compass", "Dynasty", "Express", "Garden", "Harbour", "Island", "Lantern", "Meridian",
          "Orchestra", "Promise", "Season", "Telescope", "Winter")  # fmt: skip
SUBJECTS = ("Billing question", "Broken link", "Feedback on the search", "Lost password", "Partnership proposal",
            "Press enquiry", "Suggestion for a title", "Thanks to the team", "Wrong release year")  # fmt: skip
MESSAGES = (
    "The page of my favourite title shows the wrong year",
    "Could you add subtitles to the trailers, please",
    "I would love to write reviews for your site",
    "My account was locked after the last update",
    "How do I change the language of the catalogue",
    "Your collection of classics is wonderful",
    "Please tell me when the new season arrives",
    "The search does not find titles with accents",
)
COMMENTS = (
    "a quiet masterpiece",
    "couldn't stop smiling",
    "far too long for its story",
    "gripping until the last minute",
    "the ending surprised everyone",
    "wonderful characters and sharp dialogue",
    "not what the cover promised",
    "would gladly come back to it",
    "beautiful from start to finish",
)
BIOS = (
    "Collects ticket stubs and forgotten matinees.",
    "Night owl with a weakness for slow stories.",
    "Retired teacher, full-time daydreamer.",
    "Writes letters to fictional detectives.",
    "Hunting for the perfect opening line.",
    "Translator by day, projectionist by night.",
)
LOCATIONS = ("Aarhus, Denmark", "Bergamo, Italy", "Cork, Ireland", "Durban, South Africa", "Galway, Ireland",
             "Kanazawa, Japan", "Leuven, Belgium", "Porto, Portugal", "Tartu, Estonia", "Valdivia, Chile")  # fmt: skip
WEBSITES = (
    "https://cellophane-diary.example",
    "https://margin-notes.example",
    "https://midnight-reels.example",
    "https://paper-lanterns.example",
    "https://second-row-left.example",
    "https://the-long-shelf.example",
)
MAIL_HOSTS = ("mailbox.example", "postkontor.example", "quickletter.example", "inbox.example")
DESCRIPTIONS = (
    "A lighthouse keeper finds a door that opens only at low tide.",
    "Three sisters inherit a theatre and the debts of its ghost.",
    "The last tram of the evening never reaches its terminus.",
    "A clockmaker repairs one hour for everyone in the village.",
    "Two rival gardeners share a greenhouse for a single winter.",
    "An archivist discovers her own name in a century-old diary.",
)


def person(draw: Random) -> str:
    """A full name."""
    return f"{draw.choice(FIRST_NAMES)} {draw.choice(LAST_NAMES)}"


def title(draw: Random) -> str:
    """A film's or a book's name."""
    adjective, noun = draw.choice(_ADJECTIVES), draw.choice(_NOUNS)
    return draw.choice((f"The {adjective} {noun}", f"{adjective} {noun}", f"{noun} of the {adjective} Sea"))


def address(draw: Random) -> str:
    """An e-mail address."""
    return f"{draw.choice(FIRST_NAMES)}.{draw.choice(LAST_NAMES)}@{draw.choice(MAIL_HOSTS)}".lower()
