"""Answers that lie: a success status over a body that can't be used."""

import msgspec


class UnusableAnswerError(ValueError):
    """A decoder's verdict on a body with a success status; the text says what is wrong. The request is sent again."""


# What a decoder may raise about hostile bytes: wrong JSON, wrong shape, wrong text encoding, absurd nesting.
DECODE_ERRORS = (msgspec.MsgspecError, ValueError, RecursionError)
