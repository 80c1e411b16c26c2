"""Promises of the text model's numbers: they are scikit-learn's, and survive the folder."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from score_model.model._estimators.base import TrainingSet
from score_model.model._estimators.text import TextEstimator, TextModel
from score_model.model._estimators.tfidf import (
    MOST_CHARACTERS,
    TermCounter,
    character_terms,
    learn_vocabularies,
    word_terms,
)
from score_model.model._libraries import library
from tests.model.factories import make_samples, rows_of

TEXTS = (
    "Search for 'Marrow Hill'\nclick //button[@id='go']", "navigate /films?seed=#&q=marrow hill", "", "a b c",
    "Žižek's ЖУРНАЛ 東京 film İstanbul", "go go go Go GO", "navigate /films?seed=#&q=glass harbour",
)  # fmt: skip


def rival(kind: str) -> Any:
    """scikit-learn's vectorizer of the same definition."""
    text = library("sklearn.feature_extraction.text")
    if kind == "words":
        return text.TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    return text.TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=2, sublinear_tf=True)


@given(st.text(max_size=60))
def test_terms_are_scikit_learns(text: str) -> None:
    """Any text falls into the same pieces."""
    lowered = text.lower()
    words = rival("words").build_analyzer()
    assert word_terms(lowered) == words(text)
    pieces = rival("characters").build_analyzer()
    assert [term for word in lowered.split() for term in character_terms(word)] == pieces(text)


def test_the_matrix_is_scikit_learns() -> None:
    """Vocabulary, inverse document frequencies and TF-IDF agree to the last few bits."""
    words, characters = (kind.vocabulary for kind in learn_vocabularies(TEXTS, least_texts=2, most_terms=1000))
    model = TextModel(words, characters, np.zeros(len(words) + len(characters)), 0.0)
    theirs = []
    for kind, own in (("words", words), ("characters", characters)):
        vectorizer = rival(kind)
        theirs.append(vectorizer.fit_transform(TEXTS).toarray())
        assert vectorizer.get_feature_names_out().tolist() == list(own.terms)
        np.testing.assert_allclose(own.idf, vectorizer.idf_, rtol=1e-15)
    np.testing.assert_allclose(model.matrix(TEXTS).toarray(), np.hstack(theirs), rtol=1e-14)


def test_scikit_learn_can_read_the_files(tmp_path: Path) -> None:
    """The saved vocabulary, frequencies and coefficients make the same scores in a plain TfidfVectorizer."""
    rows = rows_of(tmp_path, [each for each in make_samples(80) if each.actions])
    model = TextEstimator().fit(TrainingSet.of(rows, (), np.ones(len(rows)), 0))
    model.save(tmp_path)
    terms = json.loads((tmp_path / "text_vocabulary.json").read_bytes())
    arrays = library("safetensors.numpy").load((tmp_path / "text.safetensors").read_bytes())
    text, parts = library("sklearn.feature_extraction.text"), []
    for kind, settings in (
        ("words", {"ngram_range": (1, 2)}),
        ("characters", {"analyzer": "char_wb", "ngram_range": (3, 5)}),
    ):
        vectorizer = text.TfidfVectorizer(vocabulary=terms[kind], sublinear_tf=True, **settings)
        vectorizer.idf_ = arrays[f"{kind}.idf"]
        parts.append(vectorizer.transform(rows.inputs.texts).toarray())
    scores = np.hstack(parts) @ arrays["coefficients"] + arrays["intercept"]
    np.testing.assert_allclose(scores, model.predict_logits(rows.inputs), rtol=1e-10)
    assert np.array_equal(TextEstimator().load(tmp_path).predict_logits(rows.inputs), model.predict_logits(rows.inputs))


def test_a_long_text_is_cut() -> None:
    """A hostile text costs no more than its first 20,000 characters."""
    counter = TermCounter({"needle": 0}.get, lambda term: None)
    by_word, _ = counter.rows(["x " * MOST_CHARACTERS + " needle", "needle"])
    assert [len(found) for found in by_word] == [0, 1]


def test_reasons_are_terms_and_add_up(tmp_path: Path) -> None:
    """All reasons together are the score but for the intercept, the strongest first."""
    rows = rows_of(tmp_path, [each for each in make_samples(80) if each.actions])
    model = TextEstimator().fit(TrainingSet.of(rows, (), np.ones(len(rows)), 0))
    reasons = model.explain(rows.inputs, 100_000)[0]
    empty = rows.inputs.take(np.array([0]))
    base = model.predict_logits(type(empty)(**{**vars(empty), "texts": ("",)}))[0]
    assert sum(each.contribution for each in reasons) + base == pytest.approx(model.predict_logits(rows.inputs)[0])
    strengths = [abs(each.contribution) for each in reasons]
    assert strengths == sorted(strengths, reverse=True)
    assert all(each.name.startswith(("word: ", "letters: ")) for each in reasons)
