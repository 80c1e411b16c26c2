"""The text model: logistic regression on TF-IDF of words and characters."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from score_model.arrays import Floats
from score_model.errors import UsageError
from score_model.model._estimators.base import Attribution, Estimator, FittedModel, TrainingSet, keep_strongest
from score_model.model._estimators.logistic import logit
from score_model.model._estimators.tfidf import TermCounter, Vocabulary, count_matrix, learn_vocabularies, weigh
from score_model.model._files import read_arrays, read_json, write_arrays, write_json
from score_model.model._inputs import Inputs
from score_model.model._libraries import library

_VOCABULARY, _WEIGHTS = "text_vocabulary.json", "text.safetensors"
_MOST_STEPS = 5000


class TextModel(FittedModel):
    """Log-odds = intercept + coefficients · TF-IDF."""

    def __init__(self, words: Vocabulary, characters: Vocabulary, coefficients: Floats, intercept: float) -> None:
        self.words, self.characters = words, characters
        self._coefficients, self._intercept = coefficients, intercept
        self._counter = TermCounter(words.number_of.get, characters.number_of.get)

    def matrix(self, texts: tuple[str, ...]) -> Any:
        """The TF-IDF matrix, words before characters (texts × terms, float64, CSR)."""
        return library("scipy.sparse").hstack(self._parts(texts), format="csr")

    def _parts(self, texts: tuple[str, ...]) -> tuple[Any, Any]:
        """The two halves of the matrix: putting them together takes longer than scoring one text."""
        by_word, by_character = self._counter.rows(texts)
        words = weigh(count_matrix(by_word, len(self.words)), self.words.idf)
        return words, weigh(count_matrix(by_character, len(self.characters)), self.characters.idf)

    def predict_logits(self, inputs: Inputs) -> Floats:
        """See FittedModel."""
        words, characters = self._parts(inputs.texts)
        split = len(self.words)
        result: Floats = words @ self._coefficients[:split] + characters @ self._coefficients[split:] + self._intercept
        return result

    def explain(self, inputs: Inputs, most: int) -> list[list[Attribution]]:
        """See FittedModel; the value of a term is its TF-IDF weight."""
        words, characters = self._parts(inputs.texts)
        halves = (("word", words, self.words, 0), ("letters", characters, self.characters, len(self.words)))
        reasons = []
        for row in range(len(inputs)):
            found: list[Attribution] = []
            for kind, matrix, vocabulary, offset in halves:
                entries = slice(matrix.indptr[row], matrix.indptr[row + 1])
                columns, values = matrix.indices[entries], matrix.data[entries]
                moves = values * self._coefficients[columns + offset]
                found += [
                    Attribution(
                        f"{kind}: {vocabulary.terms[columns[place]]}", float(values[place]), float(moves[place])
                    )
                    for place in np.argsort(-np.abs(moves), kind="stable")[:most].tolist()
                ]
            reasons.append(keep_strongest(found, most))
        return reasons

    def save(self, folder: Path) -> None:
        """See FittedModel: the terms as JSON, the numbers as safetensors."""
        write_json(folder / _VOCABULARY, {"words": self.words.terms, "characters": self.characters.terms})
        write_arrays(
            folder / _WEIGHTS,
            {
                "words.idf": self.words.idf,
                "characters.idf": self.characters.idf,
                "coefficients": self._coefficients,
                "intercept": np.array([self._intercept]),
            },
        )

    @classmethod
    def read(cls, folder: Path) -> "TextModel":
        """The model of a folder. Raises UsageError if its files are damaged or do not fit together."""
        terms = read_json(folder / _VOCABULARY, dict[str, tuple[str, ...]])
        arrays = read_arrays(folder / _WEIGHTS, ("words.idf", "characters.idf", "coefficients", "intercept"))
        try:
            words = Vocabulary(terms["words"], arrays["words.idf"])
            characters = Vocabulary(terms["characters"], arrays["characters.idf"])
        except KeyError as missing:
            raise UsageError(f"{folder / _VOCABULARY}: no {missing}") from None
        sizes = (len(words), len(characters), len(words) + len(characters), 1)
        if sizes != tuple(array.shape[0] for array in arrays.values()):
            raise UsageError(f"{folder}: the text model's terms and weights do not fit together")
        return cls(words, characters, arrays["coefficients"], float(arrays["intercept"][0]))


@dataclass(frozen=True)
class TextEstimator(Estimator[TextModel]):
    """`strength` is scikit-learn's C; terms must occur in `least_texts` texts."""

    strength: float = 4.0
    least_texts: int = 2
    most_terms: int = 60_000
    name = "text"
    files = (_VOCABULARY, _WEIGHTS)
    reads_columns = False

    def fit(self, training_set: TrainingSet) -> TextModel:
        """See Estimator."""
        labels = training_set.labels
        learnt = learn_vocabularies(training_set.inputs.texts, least_texts=self.least_texts, most_terms=self.most_terms)
        words, characters = (kind.vocabulary for kind in learnt)
        if labels.min() == labels.max():  # nothing to tell apart
            base = float(logit(np.clip(labels[:1], 0.01, 0.99))[0])
            return TextModel(words, characters, np.zeros(len(words) + len(characters)), base)
        weighed = [weigh(kind.counts, kind.vocabulary.idf) for kind in learnt]
        regression = library("sklearn.linear_model").LogisticRegression(
            C=self.strength, solver="liblinear", random_state=training_set.seed, max_iter=_MOST_STEPS
        )
        regression.fit(
            library("scipy.sparse").hstack(weighed, format="csr"), labels, sample_weight=training_set.weights
        )
        return TextModel(words, characters, regression.coef_[0].astype(np.float64), float(regression.intercept_[0]))

    def load(self, folder: Path) -> TextModel:
        """See Estimator."""
        return TextModel.read(folder)
