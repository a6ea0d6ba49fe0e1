"""Write, propose and approve a broadcast, and let it rest, go on or stop; and the copy that audiences are found in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from services.notifier.broadcasts import audience, rules, sending
from services.notifier.broadcasts.documents import Broadcast, Standing
from services.notifier.notices.table import TEMPLATES
from services.notifier.sheets.rules import places_of
from shared import clock
from shared.callers import Caller
from shared.contracts.notifier import BroadcastKind
from shared.contracts.platform import Industry
from shared.contracts.registry import EngagementFact
from shared.errors import Forbidden, NotFound, RuleBroken
from shared.identity.regions import DISTRICTS
from shared.storage.audit import write_down
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Written:
    """What an officer writes of a broadcast. No districts: all that the officer reaches."""

    kind: BroadcastKind
    urgent: bool
    title: str
    text: str
    template: str
    districts: list[str]
    industries: list[Industry]
    platforms: list[str]


async def record_standing(fact: EngagementFact, tx: Transaction) -> None:
    """Record how an engagement stands."""
    standing = await Standing.of(fact.engagement_id, tx) or Standing(id=fact.engagement_id)
    if fact.version > standing.version:
        standing.version, standing.worker_id, standing.platform = fact.version, fact.worker_id, fact.platform
        standing.industry, standing.district, standing.standing = fact.industry, fact.district, fact.ended_on is None
        await standing.put(tx)


async def create(written: Written, officer: Caller, tx: Transaction) -> Broadcast:
    """A draft of an officer's department and district."""
    broadcast = Broadcast(
        department=officer.department or "",
        district=officer.district or "",
        authors=[],
        kind=written.kind,
        urgent=written.urgent,
        template=written.template,
        districts=[],
        industries=[],
        platforms=[],
    )
    return await _write(broadcast, written, officer, tx)


async def change(broadcast_id: str, written: Written, officer: Caller, seen: int, tx: Transaction) -> Broadcast:
    """Write a draft anew."""
    broadcast = await seen_by(officer, broadcast_id, tx)
    require_revision(seen, broadcast.revision)
    if broadcast.state != "draft":
        rules.STATES.next(broadcast.state, "propose")  # what can be proposed can be changed
    return await _write(broadcast, written, officer, tx)


async def _write(broadcast: Broadcast, written: Written, officer: Caller, tx: Transaction) -> Broadcast:
    today = sending.law()
    rules.check_kind(written.kind, written.urgent, broadcast.department, today)
    rules.check_words(written.text, today)
    if written.template in TEMPLATES:
        raise RuleBroken("template-taken", "该模板编码已用于其他消息", "the template is that of another message")
    districts = sorted(set(written.districts)) or [one for one in sorted(DISTRICTS) if officer.reaches(one)]
    _check_reach(officer, districts)
    if broadcast.sheet is not None and places_of(broadcast.words[1]) != places_of(written.text):
        broadcast.sheet, broadcast.sheet_people, broadcast.sheet_faults = None, 0, 0  # it says other things
    broadcast.kind, broadcast.urgent, broadcast.template = written.kind, written.urgent, written.template
    broadcast.word(written.title, written.text)
    broadcast.districts, broadcast.industries = districts, sorted(set(written.industries))
    broadcast.platforms = sorted(set(written.platforms))
    return await _signed(broadcast, officer).put(tx)


def _check_reach(officer: Caller, districts: Collection[str]) -> None:
    if not all(officer.reaches(one) for one in districts):
        raise Forbidden("只能向本辖区群发", "only to the own district")


def _signed(broadcast: Broadcast, officer: Caller) -> Broadcast:
    broadcast.authors = sorted({*broadcast.authors, officer.subject})
    return broadcast


async def propose(broadcast_id: str, officer: Caller, seen: int, tx: Transaction) -> Broadcast:
    """Ask a second officer for approval."""
    broadcast = await seen_by(officer, broadcast_id, tx)
    require_revision(seen, broadcast.revision)
    broadcast.state = rules.STATES.next(broadcast.state, "propose")
    if broadcast.sheet is None and places_of(broadcast.words[1]):
        raise RuleBroken("sheet-needed", "正文含占位符，须上传名单表格", "a text with places needs a sheet")
    if broadcast.sheet is not None and await audience.size(broadcast) != broadcast.sheet_people:
        raise RuleBroken(
            "sheet-gone", "名单已过保存期限，请重新上传", "the sheet was kept for its time; send it in again"
        )
    return await _signed(broadcast, officer).put(tx)


async def send_back(broadcast_id: str, officer: Caller, seen: int, tx: Transaction) -> Broadcast:
    """Give a proposal back, to be written anew."""
    broadcast = await seen_by(officer, broadcast_id, tx)
    require_revision(seen, broadcast.revision)
    broadcast.state = rules.STATES.next(broadcast.state, "send_back")
    return await broadcast.put(tx)


async def approve(broadcast_id: str, officer: Caller, seen: int, tx: Transaction) -> Broadcast:
    """Approve what a second officer has read, and begin it; raises Conflict for one who had a hand in it, and Forbidden for one who
    does not reach all districts that it goes to."""
    broadcast = await seen_by(officer, broadcast_id, tx)
    require_revision(seen, broadcast.revision)
    state = rules.STATES.next(broadcast.state, "approve")
    rules.check_approver(officer.subject, broadcast.authors)
    _check_reach(officer, broadcast.districts)
    broadcast.state, broadcast.approved_by, broadcast.approved_at = state, officer.subject, clock.now()
    await write_down("broadcast.approved", broadcast.id, officer, tx)
    tx.schedule(sending.PREPARE, broadcast.id, clock.now())
    return await broadcast.put(tx)


async def pause(broadcast_id: str, officer: Caller, tx: Transaction) -> Broadcast:
    """Let a broadcast rest."""
    broadcast = await seen_by(officer, broadcast_id, tx)
    await sending.pause(broadcast, tx)
    broadcast.paused_for = "officer"
    await write_down("broadcast.paused", broadcast.id, officer, tx)
    return await broadcast.put(tx)


async def resume(broadcast_id: str, officer: Caller, tx: Transaction) -> Broadcast:
    """Let a broadcast go on."""
    broadcast = await seen_by(officer, broadcast_id, tx)
    await sending.resume(broadcast, tx)
    await write_down("broadcast.resumed", broadcast.id, officer, tx)
    return await broadcast.put(tx)


async def stop(broadcast_id: str, officer: Caller, tx: Transaction) -> Broadcast:
    """End a broadcast for good: whose message has no instant yet gets none."""
    broadcast = await seen_by(officer, broadcast_id, tx)
    await sending.end(broadcast, "stop", tx)
    tx.cancel(sending.PREPARE, broadcast.id)
    await write_down("broadcast.stopped", broadcast.id, officer, tx)
    return await broadcast.put(tx)


async def seen_by(officer: Caller, broadcast_id: str, tx: Transaction | None = None) -> Broadcast:
    """A broadcast of the officer's own department and district; raises NotFound."""
    broadcast = await Broadcast.of(broadcast_id, tx)
    if broadcast is None or not (officer.is_officer_of(broadcast.department) and officer.reaches(broadcast.district)):
        raise NotFound("该群发", "broadcast")
    return broadcast
