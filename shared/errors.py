"""What a rule says no with: one error for all services, which HTTP answers as a problem and a consumer as a dead letter.

`kind` is stable, and is the last part of the problem's `type`; the texts say in Chinese and in English what stands against it.
"""

from __future__ import annotations

from typing import Any


class DomainError(Exception):
    """Something that was asked for cannot be. `extra` is shown beside the texts, so it holds nothing personal."""

    def __init__(self, kind: str, zh: str, en: str, **extra: Any) -> None:
        super().__init__(f"{kind}: {en}")
        self.kind, self.zh, self.en, self.extra = kind, zh, en, extra


class NotFound(DomainError):
    """There is no such thing, or none that this caller may know of."""

    def __init__(self, what_zh: str, what_en: str) -> None:
        super().__init__("not-found", f"没有找到{what_zh}", f"{what_en} not found")


class Forbidden(DomainError):
    """This caller may not do it."""

    def __init__(self, zh: str = "无权执行此操作", en: str = "you may not do this", kind: str = "forbidden") -> None:
        super().__init__(kind, zh, en)


class Unauthenticated(DomainError):
    """It is not known who calls: nothing that they sent shows it."""


class Conflict(DomainError):
    """Not as things stand now: in this state, or beside what is there already."""


class ChangedMeanwhile(DomainError):
    """What the change rests on has changed since the caller read it."""

    def __init__(self) -> None:
        super().__init__("changed-meanwhile", "内容已被修改，请重新读取", "not the present revision")


class RevisionNeeded(DomainError):
    """The change does not say what it rests on."""

    def __init__(self) -> None:
        super().__init__("if-match-missing", "缺少 If-Match 请求头", "an If-Match header is needed")


class RuleBroken(DomainError):
    """The request is well formed, but a rule stands against it, however things stand."""
