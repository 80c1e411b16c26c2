"""How fast a trained model scores answers from their actions.

    python -m benchmarks.scoring [--rows 4000]

Trains on generated rows, then prints the median time of one score with its reasons, the rows per second of a batch from
a dataset's samples (features included), and beside them two rivals on the same answers: a plain scikit-learn pipeline
(two TfidfVectorizers and a logistic regression, no numerical features, no interval, no check of the input) and the mere
decoding of the same dataset lines by the standard library.

Where the production dumps are at hand ($SCORE_MODEL_SHARED, else ../shared), the same of their rows with actions, by a
model of theirs: warm, and cold, as a new process that has seen none of the wordings, URLs and words.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from tests.model.factories import dataset_of, make_samples

from score_model.constraints._match import _wanted
from score_model.contract import Sample
from score_model.dataset import DatasetPaths, build_dataset, load_samples
from score_model.features import episode_text
from score_model.features._satisfaction import _matched, parsed
from score_model.features._texts import read_address, read_texts
from score_model.model import Attempt, Scorer, TrainSettings, load_rows, save_model, train
from score_model.model._inputs import _parse_cached
from score_model.model._libraries import library

SHARED = Path(os.environ.get("SCORE_MODEL_SHARED", Path(__file__).parents[2] / "shared")) / "leaderboard"
_SINGLE = 300
_ROUNDS = 5


def best_of(work: Callable[[], Any]) -> float:
    """The shortest of several runs, in seconds."""
    seconds = []
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def median_ms(work: Callable[[Sample], Any], samples: list[Sample]) -> float:
    """The median time of one call, in ms."""
    seconds = []
    for sample in samples[:_SINGLE]:
        started = time.perf_counter()
        work(sample)
        seconds.append(time.perf_counter() - started)
    return 1000 * statistics.median(seconds)


def pipeline(samples: list[Sample]) -> Any:
    """The rival, fitted on the same texts."""
    text = library("sklearn.feature_extraction.text")
    union = library("sklearn.pipeline").make_union(
        text.TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        text.TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=2, sublinear_tf=True),
    )
    whole = library("sklearn.pipeline").make_pipeline(union, library("sklearn.linear_model").LogisticRegression())
    whole.fit([episode_text(sample.observation()) for sample in samples], [bool(sample.passed) for sample in samples])
    return whole


def trained_on(data: Path, folder: Path, model: str) -> Path:
    """The folder of a model that was trained on a dataset."""
    run = train(load_rows([data]), TrainSettings(folds=3, repeats=1, model=model))
    save_model(folder / "model", run.model)
    return folder / "model"


def score_all(scorer: Scorer, lines: Path) -> None:
    """Scores a dataset's samples."""
    for _ in scorer.score_many(Attempt(sample, sample.actions) for sample in load_samples(lines)):
        pass


def forget() -> None:
    """As in a new process."""
    for cached in (_parse_cached, _matched, _wanted, parsed, read_address, read_texts):
        cached.cache_clear()


def measure(rows: int, model: str) -> None:
    """Prints the figures of one model on generated answers."""
    learnt, answers = list(make_samples(600, seed=1)), list(make_samples(rows, seed=2))
    answers = [sample for sample in answers if sample.actions]
    rival = pipeline(learnt)
    with tempfile.TemporaryDirectory() as folder:
        data = dataset_of(Path(folder) / "train.jsonl", learnt)
        scorer = Scorer.load(trained_on(data, Path(folder), model))
        lines = dataset_of(Path(folder) / "answers.jsonl", answers)
        single = median_ms(lambda sample: scorer.score(sample, sample.actions), answers)
        single_rival = median_ms(lambda sample: rival.predict_proba([episode_text(sample.observation())]), answers)

        def batch_rival() -> None:
            rival.predict_proba([episode_text(sample.observation()) for sample in load_samples(lines)])

        def decoding() -> None:
            for line in lines.read_bytes().splitlines():
                json.loads(line)

        count = len(answers)
        ours = count / best_of(lambda: score_all(scorer, lines))
        theirs, decoded = count / best_of(batch_rival), count / best_of(decoding)
    size = sum(len(msgspec.json.encode(sample)) for sample in answers) / count
    print(f"{model}: {count:,} answers of {size:,.0f} bytes")
    print(f"  one score with reasons: {single:.2f} ms; the rival's bare probability {single_rival:.2f} ms")
    print(f"  batch: {ours:,.0f} rows/s; rival {theirs:,.0f} rows/s ({ours / theirs:.2f} times as fast)")
    print(f"  json.loads of the lines alone: {decoded:,.0f} rows/s ({ours / decoded:.2f} of it)")


def measure_dumps(dumps: list[Path], model: str) -> None:
    """Prints the figures of one model on the rows of production dumps that have actions."""
    with tempfile.TemporaryDirectory() as folder:
        built = build_dataset(dumps, out=DatasetPaths.of(Path(folder), "dumps")).dataset
        saved = trained_on(built, Path(folder), model)
        answers = [sample for sample in load_samples(built) if sample.actions]
        lines = dataset_of(Path(folder) / "answers.jsonl", answers)
        scorer = Scorer.load(saved)
        single = median_ms(lambda sample: scorer.score(sample, sample.actions), answers)
        warm = len(answers) / best_of(lambda: score_all(scorer, lines))
        seconds = []
        for _ in range(_ROUNDS):
            forget()
            fresh = Scorer.load(saved)
            started = time.perf_counter()
            score_all(fresh, lines)
            seconds.append(time.perf_counter() - started)
    cold = len(answers) / min(seconds)
    print(f"{model}: {len(answers):,} answers of production")
    print(f"  one score with reasons: {single:.2f} ms; batch: {warm:,.0f} rows/s, cold {cold:,.0f} rows/s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=4_000)
    arguments = parser.parse_args()
    production = sorted(SHARED.glob("*.jsonl"))
    for name in ("text", "trees", "blend"):
        measure(arguments.rows, name)
        if production:
            measure_dumps(production, name)
