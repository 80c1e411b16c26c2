"""Passwords and tokens in what pages send and get."""

import time

import pytest

from score_model.replay._recorder.event_log import masked


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"user": "a", "Password": "b\\"c", "n": 1}', '{"user": "a", "Password": "***", "n": 1}'),
        ('{"csrfToken": 12, "token": "cut o', '{"csrfToken": "***", "token": "***"'),
        ('{"tokens": {"password": ["a"], "n": 2}}', '{"tokens": {"password": ["a"], "n": 2}}'),
        ("user=a&password2=b+c&x=1", "user=a&password2=***&x=1"),
        ("http://localhost:8000/?q=password&token=abc#x", "http://localhost:8000/?q=password&token=***#x"),
        ('--b\r\nContent-Disposition: form-data; name="password"\r\n\r\nb\r\n--b--', None),
        ("a film about a secret: a token of love", "a film about a secret: a token of love"),
    ],
)
def test_masking(text: str, expected: str | None) -> None:
    """Values of what is named like a password or a token go, all other text stays."""
    if expected is None:
        expected = text.replace("\r\n\r\nb", "\r\n\r\n***")
    assert masked(text) == expected


def test_masking_takes_linear_time() -> None:
    """No text makes masking slow."""
    clock = time.monotonic
    for text in ('"passw' * 8_000, "token" * 10_000, "&token" * 10_000, 'name="token" ' * 4_000, '"token":"\\' * 5_000):
        start = clock()
        masked(text)
        assert clock() - start < 10
