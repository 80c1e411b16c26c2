"""Poster art: what each genre is drawn with."""

from collections.abc import Callable
from random import Random

from score_model.arena.sites.autocinema import _emblems as emblems
from score_model.arena.sites.autocinema import _scenes as scenes
from score_model.arena.sites.autocinema._shapes import Ink

Motif = Callable[[Random, Ink], str]

MOTIFS: dict[str, tuple[Motif, ...]] = {
    "Action": (emblems.action,),
    "Adventure": (scenes.adventure, emblems.compass),
    "Animation": (emblems.animation,),
    "Comedy": (emblems.comedy, emblems.hat),
    "Crime": (scenes.crime,),
    "Drama": (scenes.drama, scenes.lamp),
    "Fantasy": (scenes.fantasy,),
    "History": (scenes.history,),
    "Horror": (scenes.horror,),
    "Musical": (emblems.musical,),
    "Mystery": (emblems.mystery,),
    "Romance": (emblems.romance,),
    "Sci-Fi": (scenes.sci_fi,),
    "Thriller": (emblems.thriller,),
}
"""The motifs of each of the site's genres."""
