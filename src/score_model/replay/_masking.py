"""Takes passwords and tokens out of what pages sent and got."""

import re

MASK = "***"
_WORDS = r"(?:passw|passphrase|pwd|secret|csrf|xsrf|token|authorization|api[_-]?key)"
# Names are at most so long, and a value that was cut off ends with the text: linear time on every text.
_NAME = rf"[\w.\[\]-]{{0,40}}{_WORDS}[\w.\[\]-]{{0,40}}"
_JSON = re.compile(rf'(?i)("{_NAME}"\s{{0,8}}:\s{{0,8}})(?:"(?:[^"\\]|\\.)*+"?|[^\s,{{}}\[\]"]++)')
_FORM = re.compile(rf"(?i)((?:^|[?&])(?:{_NAME})=)[^&#\s]++")
_PART = re.compile(rf'(?i)(name="{_NAME}"[^\r\n]{{0,200}}\r\n(?:[^\r\n]{{1,200}}\r\n){{0,4}}\r\n)[^\r\n]++')


def masked(text: str) -> str:
    """The JSON, form or URL with `***` in place of the values of what is named like a password or a token."""
    text = _JSON.sub(rf'\1"{MASK}"', text)
    text = _FORM.sub(rf"\1{MASK}", text)
    return _PART.sub(rf"\1{MASK}", text)
