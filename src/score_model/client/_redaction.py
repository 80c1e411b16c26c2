"""The one place where secrets are taken out of URLs, messages and bodies."""

import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

MASK = "***"
# Query parameters and fields whose value is a credential or is good for one request only, whoever sent them.
_NAMES = (
    "key|api[_-]?key|token|access[_-]?token|refresh[_-]?token|api[_-]?token|auth|authorization|nonce|password|passwd|"
    "secret|client[_-]?secret|signature|sig"
)
_PARAMETER = re.compile(rf"""(?i)(?<![a-z0-9_-])({_NAMES})(=|%3d)[^&;#\s"'<>]+""")
_FIELD = re.compile(rf"""(?i)(["'])({_NAMES})\1(\s*:\s*)(["'])(?:(?!\4).)*\4""")
# A credential has a digit or a sign in it, or is longer than a word: "a bearer token is required" stays readable.
_BEARER = re.compile(
    r"(?i)\b(bearer|basic)\s+(?:(?=[a-z0-9.~+/=%_-]*(?:[0-9~+/=%_]|[.-][a-z0-9]))[a-z0-9.~+/=%_-]+|[a-z.-]{20,})"
)
_USERINFO = re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://)[^/\s@?#\"'<>]+@")
# A body is only searched for secrets that can't be ordinary words: it must stay as received in every other case.
_SHORTEST_IN_BODY = 8


_ESCAPED_BYTE = re.compile(r"%[0-9A-F]{2}")


def _spellings(secrets: Iterable[str]) -> list[str]:
    """Return the ways in which literal secrets can be written in a URL, a header or JSON text, longest first."""
    found = set()
    for secret in secrets:
        quoted = [quote(secret, safe=""), quote(secret), quote_plus(secret), quote(secret, safe="/:?@!$'()*,;=+&-._~")]
        found |= {secret, *quoted, *(_ESCAPED_BYTE.sub(lambda match: match[0].lower(), text) for text in quoted)}
        found |= {secret.replace("\\", "\\\\").replace('"', '\\"'), secret.replace("/", "\\/")}
    return sorted(found - {""}, key=lambda spelling: (-len(spelling), spelling))


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """Return `text` with credential parameters and every spelling of the literal `secrets` replaced by `***`."""
    for spelling in _spellings(secrets):
        text = text.replace(spelling, MASK)
    text = _PARAMETER.sub(rf"\1\2{MASK}", text)
    text = _FIELD.sub(rf"\1\2\1\3\4{MASK}\4", text)
    text = _BEARER.sub(rf"\1 {MASK}", text)
    return _USERINFO.sub(rf"\1{MASK}@", text)


class AnswerMask:
    """Takes credentials out of what a server sends back: an echo gets them neither into a dump nor into a journal."""

    def __init__(self, secrets: Iterable[str]) -> None:
        """Prepare every spelling of `secrets` once; bodies are large and many."""
        known = [secret for secret in secrets if secret]
        self._in_bodies = [
            text.encode() for text in _spellings(item for item in known if len(item) >= _SHORTEST_IN_BODY)
        ]
        self._values = [re.compile(rf"(?<==){re.escape(text)}(?=[&#]|$)") for text in _spellings(known)]

    def body(self, body: bytes) -> bytes:
        """Return `body` with literal secrets replaced.

        Secrets under eight characters are left alone: they could be words of the data, which must stay as received.
        """
        for spelling in self._in_bodies:
            if spelling in body:
                body = body.replace(spelling, MASK.encode())
        return body

    def reference(self, reference: str) -> str:
        """Return a URL reference with every query value that is exactly a secret replaced, however short it is.

        Servers echo the query in their `next`; the session adds the real key again when it follows.
        """
        for value in self._values:
            reference = value.sub(MASK, reference)
        return reference
