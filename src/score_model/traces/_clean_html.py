"""Pages without what differs from load to load: scripts, styles, comments and tokens against request forgery.

Passes over the text in linear time, and no parse into a tree: pages are hostile, and building the tree takes time that
grows with the square of the nesting (Lexbor: 80 s for 750 KB of nested elements).
"""

import re

# Quotes count only behind an equals sign, as in the HTML standard; a tag that does not end takes the rest of the page.
# At each place one alternative at most can match, so there is nothing to backtrack into. Only single characters are
# repeated possessively: with groups Python before 3.11.5 goes wrong.
_REST_OF_TAG = r"""(?:(?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+'|(?=[^"'])|\Z))*>|.*)"""
_COMMENT = r"<!--(?:-?>|[^-]*+(?:-(?!->)[^-]*+)*(?:-->)?)"
_SCRIPT_OR_STYLE = (
    rf"<(?P<name>(?i:script|style))(?=[\s/>]){_REST_OF_TAG}"
    r"[^<]*+(?:<(?!/(?i:(?P=name))[\s/>])[^<]*+)*(?:</(?i:(?P=name))[^>]*+>?)?"
)
_PART = re.compile(
    rf"(?P<kept>(?:[^<]++|<(?!!--|(?i:script|style)[\s/>])(?:[a-zA-Z]{_REST_OF_TAG})?)*)"
    rf"(?:{_COMMENT}|{_SCRIPT_OR_STYLE})?",
    re.DOTALL,
)

_TOKEN_WORDS = ("csrf", "xsrf", "nonce", "authenticity_token", "verificationtoken", "_token")
_TAG = re.compile(rf"<[a-zA-Z]{_REST_OF_TAG}", re.DOTALL)
_TOKEN_NAME = re.compile(
    r"""\sname\s*=\s*["']?(?:[^"'\s>]*[cx]srf|_token\b|authenticity_token\b|__requestverificationtoken\b)""",
    re.IGNORECASE,
)
_VALUE = r"""(\s*+=\s*+)(?:"[^"]*"|'[^']*'|[^\s"'>]+)"""
_VALUE_ATTRIBUTE = re.compile(rf"(\s(?:value|content)){_VALUE}", re.IGNORECASE)
_TOKEN_ATTRIBUTE = re.compile(rf"(\s(?:nonce|(?=[\w:.-]*[cx]srf)[\w:.-]++)){_VALUE}", re.IGNORECASE)


def clean_html(html: str) -> str:
    """The page, as a browser serialises it, without script and style elements and comments, and with empty CSRF tokens.

    Emptied are the values of elements that are named like a token (`input`, `meta`), `nonce` attributes, and attributes
    with csrf or xsrf in their name. The rest keeps its spelling. Takes time linear in the length.
    """
    kept = _PART.sub(r"\g<kept>", html)
    return _TAG.sub(_without_token, kept) if _holds_token(kept) else kept


def _holds_token(text: str) -> bool:
    lower = text.lower()
    return any(word in lower for word in _TOKEN_WORDS)


def _without_token(match: re.Match[str]) -> str:
    tag = match[0]
    if not _holds_token(tag):
        return tag
    if _TOKEN_NAME.search(tag):
        tag = _VALUE_ATTRIBUTE.sub(r'\1\2""', tag)
    return _TOKEN_ATTRIBUTE.sub(r'\1\2""', tag)
