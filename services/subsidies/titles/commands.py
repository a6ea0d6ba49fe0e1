"""Nominate, check, forward, and record what the review body has decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from services.subsidies.titles import events, rules
from services.subsidies.titles.documents import (
    CONTENT,
    Material,
    NominatedPerson,
    Nomination,
    NominationPiece,
    Nominator,
    Paper,
    Step,
    encrypted_text,
)
from services.subsidies.titles.rules import Move
from services.subsidies.trainees import commands as trainees
from services.subsidies.trainees.documents import Trainee
from shared import clock, files
from shared.contracts.subsidies import TitleRank
from shared.errors import Conflict, NotFound, RuleBroken
from shared.ids import new_id, readable_number
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import parameters
from shared.storage.pieces import delete_pieces, read_pieces, store_pieces
from shared.storage.taken import AlreadyTaken
from shared.storage.transaction import Transaction

FORGOTTEN: Final = "（已按规定删除）"
ERASED: Final = "erasure"
"""By whom a step was taken that followed of an erasure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is said on a paper of a nomination, in clear."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file as it was handed in: the kind of paper that it is, its name and its bytes."""

    kind: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a platform or an association proposes. A platform names its own worker, an association one whom the registry knows."""

    worker_ref: str | None
    worker_id: str | None
    nominator: Nominator
    nominator_id: str
    nominator_name: str
    title: str
    rank: TitleRank
    district: str
    said: Sequence[Said]


async def nominate(proposal: Proposal, by: str, tx: Transaction) -> Nomination:
    """Nominate a worker for a title; once in a year for the same one."""
    worker_id, nomination_id, today = await _whom(proposal, tx), new_id(), _today()
    try:
        await NominatedPerson.take(NominatedPerson.key(worker_id, proposal.title, today.year), nomination_id, tx)
    except AlreadyTaken:
        zh = "该劳动者本年度已被推荐申报同一职称"
        raise Conflict("nominated-already", zh, "the worker is nominated for this title this year") from None
    nomination = Nomination(
        id=nomination_id,
        number=readable_number("德职推", nomination_id, today),
        worker_id=worker_id,
        nominator=proposal.nominator,
        nominator_id=proposal.nominator_id,
        nominator_name=proposal.nominator_name,
        title=proposal.title,
        rank=proposal.rank,
        year=today.year,
        district=proposal.district,
        materials=[],
        missing=None,
    )
    _hand_in(nomination, proposal.said)
    _move(nomination, "submit", by)
    tx.publish(events.nominated(nomination))
    return await nomination.put(tx)


async def hand_in_again(nomination: Nomination, said: Sequence[Said], by: str, tx: Transaction) -> Nomination:
    """Hand in the papers of a nomination anew, after it was returned."""
    _move(nomination, "resubmit", by)
    _hand_in(nomination, said)
    tx.publish(events.checked(nomination, "handed_in_again"))
    return await nomination.put(tx)


async def add_paper(nomination: Nomination, file: File, tx: Transaction) -> Nomination:
    """Keep a file as a paper of a nomination that is not forwarded yet; raises RuleBroken for one that is not taken."""
    rules.check_open(nomination.state, len(nomination.papers))
    files.check_size(len(file.content))
    found, digest = await files.examine(file.content)
    paper_id, media_type = new_id(), files.media_type(found, files.PAPERS)
    paper = Paper(
        id=paper_id,
        kind=file.kind,
        name=encrypted_text(nomination.id, files.file_name(file.name, media_type)),
        media_type=media_type,
        size=len(file.content),
        sha256=digest,
        pieces=await store_pieces(CONTENT, NominationPiece, paper_id, file.content, tx),
        handed_in_at=clock.now(),
    )
    nomination.papers = [*nomination.papers, paper]
    _look(nomination)
    return await nomination.put(tx)


async def content_of(nomination: Nomination, paper_id: str) -> tuple[Paper, bytes]:
    """A file of a nomination; one that is none of its, or was removed, is not found."""
    paper = next((one for one in nomination.papers if one.id == paper_id and one.removed_on is None), None)
    if paper is None:
        raise NotFound("该材料", "the paper")
    return paper, await read_pieces(CONTENT, NominationPiece, paper.id, paper.pieces)


async def erase(worker_id: str, tx: Transaction) -> None:
    """Remove the files of an erased person's nominations, with their names (个人信息保护法 art. 47). What was decided stays; a
    nomination that is not forwarded yet is over."""
    for nomination in await tx.find(Nomination, {"worker_id": worker_id}):
        for paper in nomination.papers:
            delete_pieces(NominationPiece, paper.id, paper.pieces, tx)
        gone = {"name": encrypted_text(nomination.id, FORGOTTEN), "pieces": 0, "removed_on": _today()}
        nomination.papers = [one.model_copy(update=gone) for one in nomination.papers]
        if nomination.state in rules.OPEN:
            _move(nomination, "withdraw", ERASED)
            await _give_up(nomination, tx)
        await nomination.put(tx)


async def give_back(nomination: Nomination, note: str, by: str, tx: Transaction) -> Nomination:
    """Return a nomination to who made it, and say what it lacks."""
    _move(nomination, "return", by, note)
    tx.publish(events.checked(nomination, "returned"))
    return await nomination.put(tx)


async def refuse(nomination: Nomination, note: str, by: str, tx: Transaction) -> Nomination:
    """Refuse to forward a nomination, with the reason."""
    _move(nomination, "refuse", by, note)
    await _give_up(nomination, tx)
    tx.publish(events.checked(nomination, "refused"))
    return await nomination.put(tx)


async def withdraw(nomination: Nomination, by: str, tx: Transaction) -> Nomination:
    """Take a nomination back before it is forwarded, as who made it or as the worker."""
    _move(nomination, "withdraw", by)
    await _give_up(nomination, tx)
    tx.publish(events.checked(nomination, "withdrawn"))
    return await nomination.put(tx)


async def forward(nomination: Nomination, review_body: str, by: str, tx: Transaction) -> Nomination:
    """Forward a nomination to the body that reviews it."""
    _move(nomination, "forward", by)
    nomination.review_body = review_body
    tx.publish(events.checked(nomination, "forwarded"))
    return await nomination.put(tx)


async def decide(
    nomination: Nomination, on: dt.date, *, awarded: bool, certificate: str | None, by: str, tx: Transaction
) -> Nomination:
    """Record what the review body has decided, on a legal day."""
    forwarded = [shanghai_date(one.at) for one in nomination.steps if one.move == "forward"]
    if on > _today() or any(on < day for day in forwarded):
        zh, en = "评审日期不能晚于今天，也不能早于报送之日", "the decision lies ahead, or before it was forwarded"
        raise RuleBroken("decided-day", zh, en)
    _move(nomination, "award" if awarded else "decline", by)
    nomination.decided_on, nomination.certificate = on, certificate
    if not awarded:
        await _give_up(nomination, tx)
    tx.publish(events.decided(nomination))
    return await nomination.put(tx)


async def merge(worker_id: str, merged_worker_id: str, tx: Transaction) -> None:
    """Give a person's nominations to the record that has taken the other's place. Where both are nominated for one title, an
    officer finds both under the one person."""
    for nomination in await tx.find(Nomination, {"worker_id": merged_worker_id}):
        await _give_up(nomination, tx)
        nomination.worker_id = worker_id
        if nomination.state in rules.RUNNING:
            key = NominatedPerson.key(worker_id, nomination.title, nomination.year)
            if await NominatedPerson.of(key, tx) is None:
                await NominatedPerson.take(key, nomination.id, tx)
        await nomination.put(tx)


async def _whom(proposal: Proposal, tx: Transaction) -> str:
    worker_id = proposal.worker_id
    if proposal.nominator == "platform":
        key = Trainee.key(proposal.nominator_id, str(proposal.worker_ref))
        trainee = await Trainee.of(key, tx)
        worker_id = None if trainee is None else trainee.worker_id
    if worker_id is not None:
        worker_id = await trainees.current(worker_id, tx)
        if await trainees.is_known(worker_id, tx):
            return worker_id
    raise NotFound("该劳动者", "this worker")


def _hand_in(nomination: Nomination, said: Sequence[Said]) -> None:
    nomination.materials = [Material(kind=one.kind, text=encrypted_text(nomination.id, one.text)) for one in said]
    _look(nomination)


def _look(nomination: Nomination) -> None:
    """Note which kinds of paper it lacks: a paper is there as a file, not by what is said of it."""
    law = parameters.on(_today(), place=nomination.district)
    lacking = rules.missing({one.kind for one in nomination.papers}, law)
    nomination.missing, nomination.used = None if lacking is None else list(lacking), list(law.used)


async def _give_up(nomination: Nomination, tx: Transaction) -> None:
    key = NominatedPerson.key(nomination.worker_id, nomination.title, nomination.year)
    await NominatedPerson.give_up(key, nomination.id, tx)


def _move(nomination: Nomination, move: Move, by: str, note: str | None = None) -> None:
    nomination.state = rules.STATES.next(nomination.state, move)
    kept = None if note is None else encrypted_text(nomination.id, note)
    nomination.steps = [*nomination.steps, Step(at=clock.now(), move=move, by=by, note=kept)]


def _today() -> dt.date:
    return shanghai_date(clock.now())
