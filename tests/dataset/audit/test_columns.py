"""The columns hold what the rows said, whatever they said."""

from array import array

from hypothesis import given
from hypothesis import strategies as st

from score_model.dataset import AuditRow
from score_model.dataset.audit import assess, closing_words
from score_model.dataset.audit._columns import NO_DIGEST, equal_runs

_UIDS = st.none() | st.integers(-(2**70), 2**70)
_TIMES = st.none() | st.integers(-(10**16), 10**17)
_DIGESTS = st.none() | st.binary(min_size=16, max_size=16)
_ROWS = st.lists(
    st.builds(
        AuditRow,
        ordinal=st.integers(0, 10**9),
        website=st.sampled_from(["a", "", "\x1b[31mred", "b"]) | st.text(max_size=5),
        use_case=st.text(max_size=3),
        group=st.just(""),
        split=st.sampled_from(["train", "val", "test"]),
        miner_uid=_UIDS,
        validator_uid=_UIDS,
        created_us=_TIMES,
        fetched_us=_TIMES,
        score=st.none() | st.floats(),
        passed=st.none() | st.booleans(),
        num_actions=st.integers(0, 10**6),
        work=_DIGESTS,
        exact_work=_DIGESTS,
        masked_intent=st.binary(min_size=16, max_size=16),
        fetched_success=st.none() | st.booleans(),
        self_contradiction=st.booleans(),
    ),
    max_size=30,
    unique_by=lambda row: row.ordinal,
)


@given(_ROWS)
def test_no_rows_break_the_audit(rows: list[AuditRow]) -> None:
    """Any rows, hostile names, huge ids and absurd times among them, are audited and put into printable sentences."""
    assessment = assess(rows)
    assert assessment.report.counts.total.rows == len(rows)
    assert sum(assessment.report.counts.label_quality.values()) == len(rows)
    for sentence in closing_words(assessment.report):
        assert sentence.isprintable()


def test_equal_runs_skip_missing_digests() -> None:
    """Rows without work are not each other's copies."""
    keys = array("Q", [7, NO_DIGEST, 7, 3, NO_DIGEST, 3, 9])
    assert [sorted(run) for run in equal_runs(keys, range(7))] == [[3, 5], [0, 2]]
