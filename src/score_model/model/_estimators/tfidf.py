"""TF-IDF of words and of characters within words, as scikit-learn's TfidfVectorizer defines it (sublinear, L2).

Texts are counted by their own code because serving must be quick: most words of an episode have been seen before, and
what a word contributes is remembered. A test holds the numbers to scikit-learn's.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from score_model.arrays import Floats, Ints
from score_model.model._libraries import library

MOST_CHARACTERS = 20_000
"""Characters of a text that take part: bounds the work on a hostile one."""

_TOKEN = re.compile(r"\w\w+")
_SHORTEST, _LONGEST = 3, 5
_MOST_REMEMBERED = 100_000
_LONGEST_REMEMBERED = 256

Lookup = Callable[[str], int | None]


def word_terms(text: str) -> list[str]:
    """Words of two letters and more in lower case, then the pairs of neighbours."""
    words = _TOKEN.findall(text)
    return words + [f"{first} {second}" for first, second in pairwise(words)]


def single_words(text: str) -> set[str]:
    """The distinct words of a text, in lower case."""
    return set(_TOKEN.findall(text[:MOST_CHARACTERS].lower()))


def character_terms(word: str) -> list[str]:
    """The pieces of three to five characters of a word with a space on either side."""
    padded = f" {word} "
    terms: list[str] = []
    for size in range(_SHORTEST, _LONGEST + 1):
        if len(padded) <= size:
            terms.append(padded)
            break
        terms += [padded[start : start + size] for start in range(len(padded) - size + 1)]
    return terms


class TermCounter:
    """Counts the terms of texts that a lookup knows, and remembers what frequent words are made of."""

    def __init__(self, words: Lookup, characters: Lookup) -> None:
        self._words, self._characters = words, characters
        self._remembered: dict[str, Ints] = {}

    def rows(self, texts: Iterable[str]) -> tuple[list[Ints], list[Ints]]:
        """For each text the numbers of its word terms, and of its character terms, as often as each occurs."""
        by_word, by_character = [], []
        for text in texts:
            lowered = text[:MOST_CHARACTERS].lower()
            by_word.append(_numbers(word_terms(lowered), self._words))
            pieces = [self._pieces(word) for word in lowered.split()]
            by_character.append(np.concatenate(pieces) if pieces else np.empty(0, dtype=np.int64))
        return by_word, by_character

    def _pieces(self, word: str) -> Ints:
        known = self._remembered.get(word)
        if known is None:
            known = _numbers(character_terms(word), self._characters)
            if len(word) <= _LONGEST_REMEMBERED:
                if len(self._remembered) >= _MOST_REMEMBERED:
                    self._remembered.clear()
                self._remembered[word] = known
        return known


def _numbers(terms: list[str], lookup: Lookup) -> Ints:
    return np.array([number for number in map(lookup, terms) if number is not None], dtype=np.int64)


def count_matrix(rows: Sequence[Ints], width: int) -> Any:
    """The sparse matrix (texts × terms, float64, CSR) of how often each term occurs."""
    bounds = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum([len(row) for row in rows], out=bounds[1:])
    columns = np.concatenate(rows) if rows else np.empty(0, dtype=np.int64)
    places = np.repeat(np.arange(len(rows)) * width, np.diff(bounds)) + columns  # in the matrix, written row by row
    places.sort()
    first = np.flatnonzero(np.diff(places, prepend=-1))
    counts = np.diff(first, append=len(places)).astype(np.float64)
    starts = np.searchsorted(places[first], np.arange(len(rows) + 1) * width)
    columns = places[first] - np.repeat(np.arange(len(rows)) * width, np.diff(starts))
    return library("scipy.sparse").csr_matrix((counts, columns, starts), shape=(len(rows), width))


def weigh(counts: Any, idf: Floats) -> Any:
    """The TF-IDF matrix: (1 + ln count) · idf, each row of length 1. Changes `counts` and returns it."""
    counts.data = (1.0 + np.log(counts.data)) * idf[counts.indices]
    sizes = np.diff(counts.indptr)
    filled = np.flatnonzero(sizes)
    if len(filled):
        lengths = np.sqrt(np.add.reduceat(counts.data * counts.data, counts.indptr[filled]))
        lengths[lengths == 0.0] = 1.0
        counts.data /= np.repeat(lengths, sizes[filled])
    return counts


class Vocabulary:
    """The terms of one kind that a corpus taught, sorted, and their inverse document frequencies."""

    def __init__(self, terms: tuple[str, ...], idf: Floats) -> None:
        self.terms, self.idf = terms, idf
        self.number_of = {term: number for number, term in enumerate(terms)}

    def __len__(self) -> int:
        return len(self.terms)


class Learnt(NamedTuple):
    """A vocabulary and how often each of its terms occurs in each text of the corpus (texts × terms, CSR)."""

    vocabulary: Vocabulary
    counts: Any


def word_rows(texts: Iterable[str], lookup: Lookup) -> list[Ints]:
    """For each text the numbers of its word terms, as often as each occurs."""
    return [_numbers(word_terms(text[:MOST_CHARACTERS].lower()), lookup) for text in texts]


def learn_words(texts: Sequence[str], *, least_texts: int, most_terms: int) -> Learnt:
    """The words of `learn_vocabularies` alone."""
    seen: dict[str, int] = {}
    rows = word_rows(texts, lambda term: seen.setdefault(term, len(seen)))
    return _kept(list(seen), count_matrix(rows, len(seen)), len(texts), least_texts, most_terms)


def learn_vocabularies(texts: Sequence[str], *, least_texts: int, most_terms: int) -> tuple[Learnt, Learnt]:
    """Words and characters that occur in `least_texts` texts at least; the `most_terms` most frequent of each kind."""
    seen: tuple[dict[str, int], dict[str, int]] = ({}, {})

    def numbering(kind: dict[str, int]) -> Lookup:
        return lambda term: kind.setdefault(term, len(kind))

    rows = TermCounter(numbering(seen[0]), numbering(seen[1])).rows(texts)
    words, characters = (
        _kept(list(terms), count_matrix(counted, len(terms)), len(texts), least_texts, most_terms)
        for terms, counted in zip(seen, rows, strict=True)
    )
    return words, characters


def _kept(terms: list[str], counts: Any, texts: int, least_texts: int, most_terms: int) -> Learnt:
    frequencies = np.bincount(counts.indices, minlength=len(terms))
    often = np.flatnonzero(frequencies >= least_texts).tolist()
    kept = sorted(often, key=lambda number: (-frequencies[number], terms[number]))[:most_terms]
    kept.sort(key=lambda number: terms[number])
    idf: Floats = np.log((1.0 + texts) / (1.0 + frequencies[kept])) + 1.0
    return Learnt(Vocabulary(tuple(terms[number] for number in kept), idf), counts[:, kept])
