"""Just enough of an HTML reader to check pages with the standard library's parser."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset(("img", "input", "link", "meta", "br", "circle", "path"))


@dataclass
class Element:
    """A start tag, the text inside it with single spaces, and the tags that it is inside of."""

    tag: str
    attributes: dict[str, str]
    inside: tuple[str, ...]
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text inside."""
        return " ".join("".join(self.pieces).split())


class Markup(HTMLParser):
    """A page's elements in document order. Fails for tags that don't nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(text)
        self.close()
        assert not self._open, [element.tag for element in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute comes twice in {attrs}"
        inside = tuple(element.tag for element in self._open)
        element = Element(tag, {name: value or "" for name, value in attrs}, inside)
        self.elements.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"{tag} ends before it starts"
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.pieces.append(data)

    def by_id(self, element_id: str) -> Element:
        """The one element with this id."""
        (element,) = (element for element in self.elements if element.attributes.get("id") == element_id)
        return element

    def all(self, tag: str) -> list[Element]:
        """The elements of a tag."""
        return [element for element in self.elements if element.tag == tag]
