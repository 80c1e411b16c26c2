"""Where an outage would have been seen, and where nothing can be told."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from score_model.dataset.audit._columns import UNKNOWN, Columns
from score_model.dataset.audit._comparison import Rates
from score_model.dataset.audit._outages import ALPHA, LEAST_ROWS, Outage
from score_model.dataset.audit._report import Testability, chance
from score_model.dataset.audit._significance import Stratum, few_passes_chance


def testability(
    columns: Columns, cells: Mapping[int, Mapping[int, Sequence[int]]], outages: list[Outage], family: int
) -> list[Testability]:
    """One entry per website and validator with non-empty labelled rows; `cells` are the rows that could be compared."""
    judged: dict[tuple[int, int], int] = defaultdict(int)
    for row in columns.rows():
        if columns.num_actions[row] > 0 and columns.label[row] != UNKNOWN:
            judged[columns.website[row], columns.validator[row]] += 1
    flagged = {(outage.website, outage.validator) for outage in outages}
    down = {row for outage in outages for row in outage.rows}
    validators: dict[int, int] = defaultdict(int)
    for website, validator in judged:
        validators[website] += columns.validators.values[validator] is not None
    sound = {
        website: Rates(columns, [row for rows in by_validator.values() for row in rows if row not in down])
        for website, by_validator in cells.items()
    }
    entries = []
    for (website, validator), rows in judged.items():
        strata = {}
        cell = cells.get(website, {}).get(validator, [])
        if cell and (website, validator) not in flagged:
            strata = sound[website].strata(validator)
        comparable = sum(stratum.cell_rows for stratum in strata.values())
        smallest = None
        if comparable:
            failed = {key: Stratum(s.cell_rows, 0, s.control_rows, s.control_passes) for key, s in strata.items()}
            smallest = few_passes_chance(failed) * 2 * family
        if (website, validator) in flagged:
            verdict = "flagged"
        elif columns.validators.values[validator] is None:
            verdict = "unknown_validator"
        elif validators[website] == 1:
            verdict = "one_validator"
        elif rows < LEAST_ROWS:
            verdict = "too_few_rows"
        elif len(cell) < LEAST_ROWS:
            verdict = "outside_overlap"
        elif smallest is None:
            verdict = "no_common_work"
        else:
            verdict = "clear" if smallest <= ALPHA else "low_power"
        entries.append(
            Testability(
                website=columns.websites.values[website],
                validator=columns.validators.values[validator],
                rows=rows,
                comparable_rows=comparable,
                smallest_p=None if smallest is None else chance(smallest),
                verdict=verdict,
            )
        )
    return sorted(entries, key=lambda entry: (entry.website, entry.validator is None, entry.validator or 0))
