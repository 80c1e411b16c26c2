"""Logistic regression on few dense columns, by Newton's method: exact, and the same numbers on every run."""

import numpy as np

from score_model.arrays import Floats

IMPOSSIBLE = -30.0
"""Log-odds of an answer without actions, by the rule: below every other."""

_MOST_STEPS = 100
_CLOSE_ENOUGH = 1e-10
_FURTHEST = 35.0  # log-odds beyond which a probability is 0 or 1 in double precision


def sigmoid(logits: Floats) -> Floats:
    """1 / (1 + e^-x), without overflow."""
    result: Floats = 1.0 / (1.0 + np.exp(-np.clip(logits, -_FURTHEST, _FURTHEST)))
    return result


def logit(probabilities: Floats) -> Floats:
    """ln(p / (1 - p)), bounded where p is 0 or 1."""
    bounded = np.clip(probabilities, 1e-12, 1 - 1e-12)
    result: Floats = np.log(bounded / (1.0 - bounded))
    return result


def fit_logistic(matrix: Floats, labels: Floats, weights: Floats, penalties: Floats) -> Floats:
    """The coefficients, one per column, that minimise weighted log loss + Σ penalty·coefficient²/2.

    There is no intercept but a column of ones. Every penalty must be positive, so that there is one minimum and
    Newton's method with halved steps reaches it even where the classes can be separated.
    """

    def loss(at: Floats) -> float:
        margins = matrix @ at
        return float(weights @ (np.logaddexp(0.0, margins) - labels * margins) + 0.5 * penalties @ (at * at))

    coefficients = np.zeros(matrix.shape[1])
    current = loss(coefficients)
    for _ in range(_MOST_STEPS):
        probabilities = sigmoid(matrix @ coefficients)
        gradient = matrix.T @ (weights * (probabilities - labels)) + penalties * coefficients
        curvature = weights * probabilities * (1.0 - probabilities)
        step = np.linalg.solve((matrix.T * curvature) @ matrix + np.diag(penalties), gradient)
        scale = 1.0
        while (reached := loss(coefficients - scale * step)) > current and scale > 1e-9:
            scale /= 2.0
        if current - reached <= _CLOSE_ENOUGH * (1.0 + abs(current)):
            return coefficients
        coefficients, current = coefficients - scale * step, reached
    return coefficients
