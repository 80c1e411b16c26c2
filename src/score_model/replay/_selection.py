"""Which rows of a dataset are replayed."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from score_model.contract import Sample


def select(
    samples: Iterable[Sample],
    *,
    websites: Collection[str] = (),
    success: bool | None = None,
    limit: int | None = None,
    per_website_limit: int | None = None,
) -> Iterator[Sample]:
    """The rows with a solution, of the websites (all without any) and with the label that are asked for, in order.

    `per_website_limit` rows of each website at most are taken, and of these the first `limit`.
    """
    wanted = {name.strip().lower() for name in websites}
    taken: Counter[str] = Counter()
    chosen = 0
    for sample in samples:
        website = (sample.website or "").strip().lower()
        if sample.solution_id is None or (wanted and website not in wanted):
            continue
        if success is not None and sample.passed is not success:
            continue
        if per_website_limit is not None and taken[website] >= per_website_limit:
            continue
        taken[website] += 1
        chosen += 1
        yield sample
        if chosen == limit:
            return
