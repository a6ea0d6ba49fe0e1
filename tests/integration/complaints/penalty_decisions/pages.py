"""The papers of a penalty as pages of HTML, read by a test."""

from __future__ import annotations

from html.parser import HTMLParser

PLAIN_TAGS = {"html", "head", "meta", "title", "style", "body", "h1", "br", "p", "h2", "ol", "li", "div"}
PLAIN_ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "class"}
"""Of what a page is made that runs nothing and loads nothing."""


class Page(HTMLParser):
    """What stands on a page, and of which elements and attributes it is made."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.words.append(data.strip())

    @property
    def text(self) -> str:
        return "\n".join(filter(None, self.words))
