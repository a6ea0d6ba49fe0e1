"""Public notices before an approval."""

from __future__ import annotations

from datetime import date

from shared.contracts.base import Id, event
from shared.contracts.subsidies.applications import APPLICATION, FiledFact


@event("cn.deyang.subsidies.notice.opened.v1", topic=APPLICATION, key="application_id")
class NoticeOpened(FiledFact, frozen=True, kw_only=True):
    """It is on public notice, both days included."""

    since: date
    until: date


@event("cn.deyang.subsidies.notice.closed.v1", topic=APPLICATION, key="application_id")
class NoticeClosed(FiledFact, frozen=True, kw_only=True):
    """The days of the public notice are over."""

    until: date
    objections: int


@event("cn.deyang.subsidies.notice.objected.v1", topic=APPLICATION, key="application_id")
class NoticeObjected(FiledFact, frozen=True, kw_only=True):
    """Somebody objects to what is on public notice."""

    objection_id: Id
