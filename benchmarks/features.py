"""How fast features are made of traces, in MB of HTML a second, against bare parsing of the same pages, in one run.

    python -m benchmarks.features [--most 186]

Over the recorded traces of real solutions where they are at hand ($SCORE_MODEL_SHARED, else ../shared), else over
generated ones. MB are those of all pages that a trace holds, before and after each action. The rivals build trees of
the pages and take nothing out of them: selectolax (Lexbor) of every page, and with our trick of passing over a page
that is the same as the one before (speeds count the pages passed over); BeautifulSoup with html.parser, which sees a
sample of the pages. Seconds are of the processor, not of the clock.
"""

import argparse
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bs4 import BeautifulSoup
from selectolax.lexbor import LexborHTMLParser

from benchmarks.traces import generated
from score_model.contract import Observation
from score_model.features import Behaviour, behaviour_of, episode_features, step_features
from score_model.features._pages import _remembered
from score_model.features._satisfaction import _matched, parsed
from score_model.traces import Trace, iter_traces, load_trace

SHARED = Path(os.environ.get("SCORE_MODEL_SHARED", Path(__file__).parents[2] / "shared")) / "traces"
SLOW_SAMPLE = 40  # every so many pages, one


def traces(most: int) -> list[Trace]:
    """What is measured, in memory: reading files is no part of it."""
    recorded = list(iter_traces(SHARED))[:most] if SHARED.is_dir() else []
    print(f"{len(recorded)} recorded traces" if recorded else f"{most} generated traces")
    return list(map(load_trace, recorded)) if recorded else list(generated(most))


def pages(trace: Trace) -> Iterator[str]:
    """All pages of a trace, each as often as it is in it."""
    for step in trace.steps:
        for html in (step.browser_snapshot.prev_html, step.browser_snapshot.current_html):
            if html is not None:
                yield html


def observation(trace: Trace, behaviour: Behaviour) -> Observation:
    """What a model may see of the episode besides its trace."""
    task = trace.header.task or {}
    return Observation(
        website=task.get("website"),
        use_case=task.get("useCase"),
        intent=task.get("intent"),
        start_url=task.get("startUrl"),
        required_url=None,
        web_version=None,
        actions=[step.action for step in behaviour.steps],
        trajectory=None,
    )


def seconds(work: Callable[[], object], repeat: int) -> float:
    """Processor seconds of the quickest of some rounds."""
    best = float("inf")
    for _ in range(repeat):
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return best


def forget() -> None:
    """Every round starts like a new process: what earlier rounds remembered would flatter us."""
    for remembered in (_remembered, _matched, parsed):
        remembered.cache_clear()


def main() -> None:
    """Prints MB/s and ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=186)
    parser.add_argument("--repeat", type=int, default=3)
    arguments = parser.parse_args()
    measured = traces(arguments.most)
    every = [html for trace in measured for html in pages(trace)]
    differing = [html for place, html in enumerate(every) if not place or html != every[place - 1]]
    sampled = differing[::SLOW_SAMPLE] or differing
    total = sum(map(len, every)) / 1e6
    seen = sum(map(len, differing)) / 1e6
    print(
        f"{total:,.1f} MB in {len(every):,} pages; {seen:,.1f} MB in {len(differing):,} that differ from the one before"
    )

    tasks = [observation(trace, behaviour_of(trace)) for trace in measured]

    def features() -> None:
        forget()
        for trace, task in zip(measured, tasks, strict=True):
            behaviour = behaviour_of(trace)
            episode_features(task, behaviour)
            for _ in step_features(task, behaviour):
                pass

    def behaviours() -> None:
        forget()
        for trace in measured:
            behaviour_of(trace)

    rounds = arguments.repeat
    ours = total / seconds(features, rounds)
    reading = total / seconds(behaviours, rounds)
    bare = total / seconds(lambda: [LexborHTMLParser(html) for html in every], rounds)
    fewer = total / seconds(lambda: [LexborHTMLParser(html) for html in differing], rounds)
    slow = sum(map(len, sampled)) / 1e6 / seconds(lambda: [BeautifulSoup(html, "html.parser") for html in sampled], 1)
    print(f"{'features, all of them':34} {ours:>8.1f} MB/s")
    for rival, speed in (("pages and runtime events alone", reading), ("selectolax, every page", bare),
                         ("selectolax, differing pages", fewer), ("BeautifulSoup", slow)):  # fmt: skip
        print(f"{rival:34} {speed:>8.1f} MB/s   features have {ours / speed:.0%} of its speed")


if __name__ == "__main__":
    main()
