"""Simulated dumps for the audit: what happened in them is known, so what must and must not be found is too."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b

from score_model.dataset import AuditRow

START_US = 1_700_000_000_000_000
HOUR_US = 3_600_000_000
Weight = Callable[[int, int, int, float], float]
FETCH_US = START_US + 400 * 24 * HOUR_US


@dataclass(frozen=True)
class Down:
    """An environment that is down for a validator (None: all) on a website (None: all), in hours from the start."""

    validator: int | None
    website: str | None
    begin: float
    end: float
    lucky: float = 0.0
    """The share of answers that pass all the same."""


@dataclass(frozen=True)
class World:
    """What the simulated arena looks like; times in hours from the start."""

    websites: tuple[str, ...] = ("alpha",)
    validators: tuple[int, ...] = (11, 22, 33)
    miners: dict[int, float] = field(default_factory=lambda: {7: 1.0})
    rows: int = 300
    hours: float = 24.0
    use_cases: int = 12
    hopeless: float = 0.15
    """The share of use cases that nobody passes."""
    usual: Callable[[random.Random], float] = lambda chance: chance.betavariate(9, 1)
    """Draws the pass rate of each other use case."""
    empty: float = 0.3
    downs: tuple[Down, ...] = ()
    weight: Weight = lambda validator, miner, use_case, hour: 1.0
    """How often a validator judges a miner's answer to a use case (by its place, hardest first) at this hour."""
    skill: Callable[[int, float], float] = lambda miner, hour: 1.0
    """What a miner's pass rate is multiplied with at this hour."""
    shared_tasks: bool = False
    """Every task goes to all miners, who pass or fail it together; `rows` then counts tasks."""
    passes_from: float = 0.0
    failures_from: float = 0.0
    """What is older was cut off by a page limit."""
    apart: bool = False


def simulate(world: World, seed: int) -> list[AuditRow]:
    """The rows of this world, oldest first. Their masked intents are a few templates per use case."""
    chance = random.Random(seed)
    rates = {website: _rates(world, chance) for website in world.websites}
    rows: list[AuditRow] = []
    events = sorted(chance.uniform(0, world.hours) for _ in range(world.rows))
    for number, hour in enumerate(events):
        website = chance.choice(world.websites)
        while True:
            validator = chance.choice(world.validators)
            judged = chance.choice(sorted(world.miners))
            use_case = chance.randrange(world.use_cases)
            if chance.random() < world.weight(validator, judged, use_case, hour):
                break
        rate = rates[website][use_case] * world.skill(judged, hour)
        for down in world.downs:
            if (
                down.validator in (None, validator)
                and down.website in (None, website)
                and down.begin <= hour < down.end
            ):
                rate = down.lucky
        intent = f"{website} {use_case} {chance.randrange(6)}"
        luck = chance.random() if world.shared_tasks else None
        for miner in sorted(world.miners) if world.shared_tasks else [judged]:
            empty = chance.random() < world.empty
            passed = (chance.random() if luck is None else luck) < rate * world.miners[miner] and not empty
            if world.apart and hour < (world.passes_from if passed else world.failures_from):
                continue
            work = None if empty else digest(f"{website} {use_case} {miner} {chance.randrange(8)}")
            rows.append(
                AuditRow(
                    ordinal=len(rows),
                    website=website,
                    use_case=f"USE_CASE_{use_case:02}",
                    group=intent,
                    split=("train", "train", "train", "val", "test")[digest(intent)[0] % 5],
                    miner_uid=miner,
                    validator_uid=validator,
                    created_us=START_US + int(hour * HOUR_US),
                    fetched_us=FETCH_US + number,
                    score=float(passed),
                    passed=passed,
                    num_actions=0 if empty else chance.randint(1, 9),
                    work=work,
                    exact_work=None if empty else digest(f"{website} {number}"),
                    masked_intent=digest(intent),
                    fetched_success=passed if world.apart else None,
                )
            )
    return rows


def digest(text: str) -> bytes:
    """A digest as the builder makes them: 16 bytes."""
    return blake2b(text.encode(), digest_size=16).digest()


def hit(row: AuditRow, downs: tuple[Down, ...]) -> bool:
    """Whether the row is a non-empty failure inside one of these."""
    hour = ((row.created_us or 0) - START_US) / HOUR_US
    return (
        row.num_actions > 0
        and row.passed is False
        and any(
            down.validator in (None, row.validator_uid)
            and down.website in (None, row.website)
            and down.begin <= hour < down.end
            for down in downs
        )
    )


def _rates(world: World, chance: random.Random) -> list[float]:
    drawn = [0.0 if chance.random() < world.hopeless else world.usual(chance) for _ in range(world.use_cases)]
    return sorted(drawn)


def _always(rate: float) -> Callable[[random.Random], float]:
    return lambda chance: rate


def _mostly_together(hard: Callable[[int, float], bool], validator: int, otherwise: float) -> Weight:
    """The validator judges nearly only what is hard, and the others nearly only what is not."""

    def weight(judge: int, miner: int, use_case: int, hour: float) -> float:
        return 1.0 if (judge == validator) == hard(miner, hour) else otherwise

    return weight


def _hard_mix(hardest: int, otherwise: float) -> Weight:
    """Validator 22 draws nearly only from the hardest use cases."""
    return lambda validator, miner, use_case, hour: 1.0 if validator != 22 or use_case < hardest else otherwise


_MANY = {number: 0.5 + 0.05 * number for number in range(10)}
_ALIKE = dict.fromkeys(range(10), 1.0)
_THREE = ("alpha", "beta", "gamma")

SCENARIOS: dict[str, World] = {
    "healthy": World(),
    "healthy: 48 cells of coin tosses": World(
        websites=tuple("abcdefgh"), validators=(1, 2, 3, 4, 5, 6), rows=2000, usual=_always(0.5), hopeless=0
    ),
    "healthy: any difficulty": World(websites=_THREE, rows=600, usual=lambda chance: chance.random()),
    "healthy: thin, half hopeless": World(websites=(*_THREE, "delta"), rows=160, hopeless=0.5),
    "healthy: hard everywhere": World(websites=_THREE, rows=900, usual=lambda chance: chance.betavariate(1, 4)),
    "healthy: many unequal miners": World(rows=900, miners={n: 0.1 * n for n in range(10)}),
    "healthy: tasks shared by ten miners": World(
        rows=150, shared_tasks=True, miners=_ALIKE, usual=_always(0.6), hopeless=0
    ),
    "harder mix": World(rows=600, usual=lambda chance: chance.random(), weight=_hard_mix(5, 0.1)),
    "hopeless mix": World(rows=600, hopeless=0.4, weight=_hard_mix(5, 0.02)),
    "weak miner, mostly one validator's": World(
        rows=600, miners={7: 1.0, 8: 0.1}, weight=_mostly_together(lambda miner, hour: miner == 8, 22, 0.05)
    ),
    "weak miner, one validator's alone": World(
        rows=600, miners={7: 1.0, 8: 0.05}, weight=_mostly_together(lambda miner, hour: miner == 8, 22, 0.0)
    ),
    "miner improves, judged before by one": World(
        rows=600,
        skill=lambda miner, hour: 0.1 if hour < 12 else 1.0,
        weight=_mostly_together(lambda miner, hour: hour < 12, 22, 0.15),
    ),
    "one validator": World(validators=(11,), downs=(Down(11, "alpha", 8, 12),)),
    "website down for all": World(rows=600, downs=(Down(None, "alpha", 8, 12),)),
    "website down for all, mostly one judged": World(
        rows=600,
        downs=(Down(None, "alpha", 8, 12),),
        weight=_mostly_together(lambda miner, hour: 8 <= hour < 12, 22, 0.15),
    ),
    "fetched apart": World(rows=600, apart=True, failures_from=14),
    "fetched apart, one judged late": World(
        rows=600, apart=True, failures_from=14, weight=_mostly_together(lambda miner, hour: hour > 14, 22, 0.2)
    ),
    "fetched apart, passes cut off": World(rows=600, apart=True, passes_from=14),
    "tiny outage": World(rows=40, downs=(Down(22, "alpha", 10, 12),)),
    "outage": World(downs=(Down(22, "alpha", 0, 24),)),
    "outage, thin": World(rows=90, downs=(Down(22, "alpha", 0, 24),)),
    "outage of 4 hours": World(rows=600, downs=(Down(22, "alpha", 9, 13),)),
    "outage of 2 hours": World(rows=900, downs=(Down(22, "alpha", 9, 11),)),
    "outage starts amid": World(downs=(Down(22, "alpha", 14, 24),)),
    "outage ends amid": World(downs=(Down(22, "alpha", 0, 8),)),
    "outage with 1 lucky pass in 40": World(rows=400, downs=(Down(22, "alpha", 0, 24, 0.025),)),
    "outage with 8 % lucky passes": World(rows=400, downs=(Down(22, "alpha", 6, 18, 0.08),)),
    "two validators of three down": World(
        websites=_THREE, rows=900, downs=(Down(22, "alpha", 6, 16), Down(33, "alpha", 6, 16))
    ),
    "validator down everywhere": World(websites=_THREE, rows=900, downs=(Down(22, None, 5, 15),)),
    "validator down everywhere, thin": World(websites=tuple("abcdefghij"), rows=500, downs=(Down(22, None, 8, 14),)),
    "outage, fetched apart": World(rows=600, apart=True, failures_from=10, downs=(Down(22, "alpha", 0, 24),)),
    "outage, fetched apart, passes cut off": World(
        rows=600, apart=True, passes_from=10, downs=(Down(22, "alpha", 14, 24),)
    ),
    "outage, ten miners": World(rows=900, miners=_MANY, downs=(Down(22, "alpha", 6, 14),)),
    "outage, tasks shared by ten miners": World(
        rows=200, shared_tasks=True, miners=_ALIKE, downs=(Down(22, "alpha", 6, 16),)
    ),
}
"""Every kind of dump that the audit must get right: what comes before "tiny outage" must not be flagged."""
