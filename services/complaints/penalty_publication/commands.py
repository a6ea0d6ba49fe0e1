"""Publish a decision, and take back what no longer holds."""

from __future__ import annotations

from services.complaints.officers.documents import Officer
from services.complaints.penalties import events, rules, steps
from services.complaints.penalties.confidence import check_public, check_silent
from services.complaints.penalties.documents import Penalty, encrypted_text
from services.complaints.penalties.payment_documents import Publicity
from shared.errors import Conflict
from shared.storage.transaction import Transaction


async def publish(penalty: Penalty, text: str, officer: Officer, tx: Transaction) -> Penalty:
    """Publish a decision of some public influence (行政处罚法 art. 48), as another officer than who investigated; once
    it was taken back, as it was changed. What is published names nobody who reported or was harmed."""
    if penalty.served_on is None or penalty.state not in rules.PUNISHED:
        raise Conflict("not-served", "处罚决定尚未送达或者已撤销", "the decision is not served, or does not stand")
    if penalty.person is not None:
        raise Conflict(
            "person-not-published",
            "对个人的处罚涉及个人信息，不在本系统公开",
            "a penalty on a person is not published",
        )
    if penalty.publicity is not None and penalty.publicity.withdrawn_on is None:
        raise Conflict("published-already", "该处罚决定已公开", "the decision was published")
    if any(one.unlawful for one in penalty.contests):
        raise Conflict("found-unlawful", "该处罚决定已被确认违法，不得公开", "a court found the decision unlawful")
    rules.check_officer(officer.id, steps.investigators(penalty))
    await check_silent(penalty, [text], tx)
    await check_public(penalty, text, tx)
    today = steps.today()
    if penalty.publicity is not None:
        penalty.withdrawn = [*penalty.withdrawn, penalty.publicity]
    penalty.public = True
    penalty.publicity = Publicity(text=encrypted_text(penalty.id, text), by=officer.id, published_on=today)
    steps.tell(penalty, events.published(penalty, today), tx)
    return await penalty.put(tx)


async def withdraw(penalty: Penalty, text: str, tx: Transaction) -> None:
    """Take back what was published, in the moment that it no longer holds, and say why (行政处罚法 art. 48: within three days)."""
    if penalty.publicity is not None and penalty.publicity.withdrawn_on is None:
        await check_public(penalty, text, tx)
        today = steps.today()
        update = {"withdrawn_on": today, "withdrawn_for": encrypted_text(penalty.id, text)}
        penalty.publicity = penalty.publicity.model_copy(update=update)
        steps.tell(penalty, events.withdrawn(penalty, today), tx)
