"""Texts of actions as pages can hold them."""

from score_model.printable import whole_characters


def plain(text: str) -> str:
    """Return the text with U+FFFD for what no page can hold and no pipe can carry: NUL and lone surrogates."""
    return whole_characters(text).replace("\0", "\ufffd")
