"""The network: one hidden layer over words and features. PyTorch (the extra `torch`) teaches it; NumPy runs it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from score_model.arrays import Floats
from score_model.errors import UsageError
from score_model.model._estimators.base import Attribution, Estimator, FittedModel, TrainingSet, keep_strongest
from score_model.model._estimators.logistic import logit
from score_model.model._estimators.tfidf import Vocabulary, count_matrix, learn_words, weigh, word_rows
from score_model.model._files import read_arrays, read_json, write_arrays, write_json
from score_model.model._inputs import Inputs
from score_model.model._libraries import library

_FILE, _WEIGHTS = "network.json", "network.safetensors"
_ARRAYS = ("idf", "middle", "scale", "words", "numbers", "bias", "output", "base")
_FURTHEST = 5.0  # standard deviations at which a feature is cut off: one wild number must not decide


@dataclass(frozen=True)
class _Weights:
    """`words` is terms × hidden, `numbers` 2·columns × hidden (values, then whether each is known), `output` hidden."""

    words: Floats
    numbers: Floats
    bias: Floats
    output: Floats
    base: float


class Network(FittedModel):
    """Log-odds = base + output · relu(TF-IDF · words + features · numbers + bias)."""

    def __init__(
        self, vocabulary: Vocabulary, columns: tuple[str, ...], middle: Floats, scale: Floats, weights: _Weights
    ) -> None:
        self.columns = columns
        self._vocabulary, self._middle, self._scale, self._weights = vocabulary, middle, scale, weights

    def predict_logits(self, inputs: Inputs) -> Floats:
        """See FittedModel."""
        hidden = np.maximum(self._hidden(self._words(inputs), self._numbers(inputs)), 0.0)
        result: Floats = hidden @ self._weights.output + self._weights.base
        return result

    def explain(self, inputs: Inputs, most: int) -> list[list[Attribution]]:
        """See FittedModel. For the units that a row switches on the network is linear: its inputs' shares add up."""
        words, numbers, weights = self._words(inputs), self._numbers(inputs), self._weights
        hidden, values = self._hidden(words, numbers), inputs.select(self.columns)
        reasons = []
        for row in range(len(inputs)):
            slopes = np.where(hidden[row] > 0, weights.output, 0.0)
            by_column = (numbers[row] * (weights.numbers @ slopes)).reshape(2, -1).sum(axis=0)
            entries = slice(words.indptr[row], words.indptr[row + 1])
            terms, shares = words.indices[entries], words.data[entries]
            by_word = shares * (weights.words[terms] @ slopes)
            found = [
                Attribution(name, None if np.isnan(values[row, place]) else float(values[row, place]), float(move))
                for place, (name, move) in enumerate(zip(self.columns, by_column, strict=True))
            ]
            found += [
                Attribution(f"word: {self._vocabulary.terms[term]}", float(share), float(move))
                for term, share, move in zip(terms.tolist(), shares, by_word, strict=True)
            ]
            reasons.append(keep_strongest(found, most))
        return reasons

    def _hidden(self, words: Any, numbers: Floats) -> Floats:
        found: Floats = words @ self._weights.words + numbers @ self._weights.numbers + self._weights.bias
        return found

    def _words(self, inputs: Inputs) -> Any:
        rows = word_rows(inputs.texts, self._vocabulary.number_of.get)
        return weigh(count_matrix(rows, len(self._vocabulary)), self._vocabulary.idf)

    def _numbers(self, inputs: Inputs) -> Floats:
        return _standardise(inputs.select(self.columns), self._middle, self._scale)

    def save(self, folder: Path) -> None:
        """See FittedModel: the terms and columns as JSON, the numbers as safetensors."""
        weights = self._weights
        write_json(folder / _FILE, {"terms": self._vocabulary.terms, "columns": self.columns})
        arrays = (
            self._vocabulary.idf,
            self._middle,
            self._scale,
            weights.words.ravel(),
            weights.numbers.ravel(),
            weights.bias,
            weights.output,
            np.array([weights.base]),
        )
        write_arrays(folder / _WEIGHTS, dict(zip(_ARRAYS, arrays, strict=True)))

    @classmethod
    def read(cls, folder: Path) -> "Network":
        """The network of a folder. Raises UsageError if its files are damaged or do not fit together."""
        found = read_json(folder / _FILE, dict[str, tuple[str, ...]])
        arrays = read_arrays(folder / _WEIGHTS, _ARRAYS)
        if found.keys() != {"terms", "columns"}:
            raise UsageError(f"{folder / _FILE}: damaged: not a network")
        terms, columns, hidden = len(found["terms"]), len(found["columns"]), len(arrays["bias"])
        sizes = (terms, columns, columns, terms * hidden, 2 * columns * hidden, hidden, hidden, 1)
        if sizes != tuple(array.shape[0] for array in arrays.values()):
            raise UsageError(f"{folder}: the network's terms, columns and weights do not fit together")
        weights = _Weights(
            arrays["words"].reshape(terms, hidden),
            arrays["numbers"].reshape(2 * columns, hidden),
            arrays["bias"],
            arrays["output"],
            float(arrays["base"][0]),
        )
        vocabulary = Vocabulary(found["terms"], arrays["idf"])
        return cls(vocabulary, found["columns"], arrays["middle"], arrays["scale"], weights)


@dataclass(frozen=True)
class NetworkEstimator(Estimator[Network]):
    """A network over the columns and the words that occur in `least_texts` texts, `hidden` units wide."""

    hidden: int = 32
    epochs: int = 20
    batch: int = 32
    learning_rate: float = 3e-3
    decay: float = 0.1
    least_texts: int = 2
    most_terms: int = 5_000
    name = "network"
    files = (_FILE, _WEIGHTS)

    def fit(self, training_set: TrainingSet) -> Network:
        """See Estimator. Raises MissingExtraError without PyTorch."""
        learnt = learn_words(training_set.inputs.texts, least_texts=self.least_texts, most_terms=self.most_terms)
        matrix = training_set.matrix
        middle, scale = _middle_and_scale(matrix)
        words = weigh(learnt.counts.tocsr(), learnt.vocabulary.idf)
        weights = self._train(words, _standardise(matrix, middle, scale), training_set)
        return Network(learnt.vocabulary, training_set.columns, middle, scale, weights)

    def load(self, folder: Path) -> Network:
        """See Estimator."""
        return Network.read(folder)

    def _train(self, words: Any, numbers: Floats, training_set: TrainingSet) -> _Weights:
        """AdamW on weighted log loss, one core, every random number from the training set's seed."""
        torch = library("torch")
        random = np.random.default_rng(training_set.seed)
        rate = float(np.clip(training_set.weights @ training_set.labels / training_set.weights.sum(), 0.01, 0.99))

        def learnable(start: Floats) -> Any:
            return torch.tensor(start, dtype=torch.float64, requires_grad=True)

        parameters = [
            learnable(random.normal(0.0, 0.05, (words.shape[1], self.hidden))),
            learnable(random.normal(0.0, 1.0 / np.sqrt(numbers.shape[1]), (numbers.shape[1], self.hidden))),
            learnable(np.zeros(self.hidden)),
            learnable(random.normal(0.0, 1.0 / np.sqrt(self.hidden), self.hidden)),
            learnable(logit(np.array([rate]))),
        ]
        optimizer = torch.optim.AdamW(parameters, lr=self.learning_rate, weight_decay=self.decay)
        loss_of = torch.nn.functional.binary_cross_entropy_with_logits
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            for _ in range(self.epochs):
                order = random.permutation(len(training_set))
                for start in range(0, len(order), self.batch):
                    rows = order[start : start + self.batch]
                    some = words[rows]
                    by_word = torch.nn.functional.embedding_bag(
                        torch.from_numpy(some.indices.astype(np.int64)),
                        parameters[0],
                        torch.from_numpy(some.indptr[:-1].astype(np.int64)),
                        per_sample_weights=torch.from_numpy(some.data),
                        mode="sum",
                    )
                    hidden = torch.relu(by_word + torch.from_numpy(numbers[rows]) @ parameters[1] + parameters[2])
                    loss = loss_of(
                        hidden @ parameters[3] + parameters[4],
                        torch.from_numpy(training_set.labels[rows]),
                        weight=torch.from_numpy(training_set.weights[rows]),
                    )
                    optimizer.zero_grad()
                    loss.backward()
                    optimizer.step()
        finally:
            torch.set_num_threads(threads)
        by_word, by_number, bias, output, base = (each.detach().numpy() for each in parameters)
        return _Weights(by_word, by_number, bias, output, float(base[0]))


def _middle_and_scale(matrix: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation of the known values of each column; 0 and 1 where there are none or all are equal."""
    known = ~np.isnan(matrix)
    count = np.maximum(known.sum(axis=0), 1)
    middle = np.where(known, matrix, 0.0).sum(axis=0) / count
    spread = np.sqrt((np.where(known, matrix - middle, 0.0) ** 2).sum(axis=0) / count)
    return middle, np.where(spread > 0, spread, 1.0)


def _standardise(matrix: Floats, middle: Floats, scale: Floats) -> Floats:
    """Each value in standard deviations from the mean, 0 where unknown; then, column by column, whether it is known."""
    known = ~np.isnan(matrix)
    values = np.clip(np.where(known, (matrix - middle) / scale, 0.0), -_FURTHEST, _FURTHEST)
    return np.hstack([values, known.astype(np.float64)])
