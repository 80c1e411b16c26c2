"""Instants as the export writes them."""

from datetime import UTC, datetime, timedelta

from score_model.errors import ContractError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def parse_instant(text: str) -> int:
    """Microseconds since 1970-01-01 UTC of an ISO 8601 text; a text without an offset is taken as UTC.

    Raises ContractError if it is no date.
    """
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        since = moment - _EPOCH
        return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    except (ValueError, OverflowError):
        raise ContractError(f"not an ISO 8601 date: {text[:40]!r}") from None


def format_instant(microseconds: int) -> str:
    """ISO 8601 text in UTC with a trailing Z, to the second, of microseconds since 1970-01-01 UTC."""
    return (_EPOCH + microseconds * _MICROSECOND).strftime("%Y-%m-%dT%H:%M:%SZ")
