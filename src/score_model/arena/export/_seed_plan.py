"""What a seeded arena holds: who answers, over what time, and which known troubles are planted where."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from score_model.arena.export._seed_vocabulary import SITES
from score_model.errors import UsageError

EPOCH = datetime(2025, 11, 7, tzinfo=UTC)
DEFAULT_WEBSITES = ("autocinema", "autobooks", "autozone", "autodining", "autoconnect")


@dataclass(frozen=True, kw_only=True)
class Outage:
    """One validator's copy of one website is down: every answer with actions fails there.

    `start` and `end` are fractions (0..1) of the plan's time span, compared with `solution.createdAt`.
    """

    website: str
    validator_uid: int
    start: float = 0.35
    end: float = 0.65


@dataclass(frozen=True, kw_only=True)
class Miner:
    """An agent: `answers` is the share of tasks it answers with any actions, `skill` the share of those done right."""

    uid: int
    answers: float
    skill: float


DEFAULT_MINERS = (
    Miner(uid=41, answers=0.98, skill=0.93),
    Miner(uid=67, answers=0.95, skill=0.85),
    Miner(uid=118, answers=0.01, skill=0.5),
    Miner(uid=203, answers=0.01, skill=0.5),
)


@dataclass(frozen=True, kw_only=True)
class SeedPlan:
    """Settings of the generator. An `…_every` of k plants its case at every k-th task; 0 plants none.

    `outages` left at None plants one: the second website under the last validator.
    """

    websites: tuple[str, ...] = DEFAULT_WEBSITES
    validators: tuple[int, ...] = (12, 34, 90)
    miners: tuple[Miner, ...] = DEFAULT_MINERS
    days: float = 5.0
    outages: tuple[Outage, ...] | None = None
    conflict_every: int = 53
    contradiction_every: int = 37
    null_every: int = 71
    new_generation_every: int = 43
    near_copy_every: int = 17
    fractional_score_every: int = 31
    unknown_every: int = 59

    def __post_init__(self) -> None:
        unknown = sorted(set(self.websites) - set(SITES))
        if unknown or not self.websites:
            raise UsageError(
                f"seeded websites must be among {', '.join(sorted(SITES))}; not: {', '.join(unknown) or 'none'}"
            )
        if not self.validators or not self.miners or self.days <= 0:
            raise UsageError("a seed plan needs at least one validator, one miner and a time span above zero days")

    @property
    def planted_outages(self) -> tuple[Outage, ...]:
        """The outages that the rows will show."""
        if self.outages is not None:
            return self.outages
        return (Outage(website=self.websites[min(1, len(self.websites) - 1)], validator_uid=self.validators[-1]),)

    @property
    def span(self) -> timedelta:
        """Length of the time over which the tasks are spread, from `EPOCH` on."""
        return timedelta(days=self.days)

    def window(self, outage: Outage) -> tuple[datetime, datetime]:
        """First and last instant of an outage."""
        return EPOCH + self.span * outage.start, EPOCH + self.span * outage.end

    @property
    def planted(self) -> dict[str, object]:
        """What is planted, ready for JSON: the answers to check an audit against."""
        return {
            "outages": [
                {
                    "website": outage.website,
                    "validator_uid": outage.validator_uid,
                    "from": self.window(outage)[0].isoformat(),
                    "until": self.window(outage)[1].isoformat(),
                }
                for outage in self.planted_outages
            ],
            "mostly_empty_miners": [miner.uid for miner in self.miners if miner.answers < 0.5],
            "conflict_every_tasks": self.conflict_every,
            "contradiction_every_tasks": self.contradiction_every,
            "null_every_tasks": self.null_every,
            "new_generation_every_tasks": self.new_generation_every,
            "near_copy_every_tasks": self.near_copy_every,
            "fractional_score_every_tasks": self.fractional_score_every,
            "unknown_every_tasks": self.unknown_every,
        }
