"""Dossiers over HTTP: a timeline of facts with their sources, what a reader may see of it, and an enterprise's public record."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Callable, Collection
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from services.registry.dossier import access, timeline
from services.registry.dossier.contents import KINDS, SECTIONS
from services.registry.dossier.rules import CREDIT, Reader, credit_subject, may_see, public_facts, sections_seen, shown
from services.registry.enterprises.documents import Enterprise
from shared import clock
from shared.errors import NotFound, RuleBroken
from shared.policy import calendar
from shared.policy.parameters import parameters
from shared.storage.client import Row
from shared.web.auth import Worker as WorkerCaller
from shared.web.paging import Page, PageAsked, cursor_of
from shared.web.problems import Problem
from shared.web.scope import Everybody
from shared.web.tables import Cell, TableFormat, table_response

router = APIRouter(prefix="/v1", tags=["dossiers 信息归集"])

SectionAsked = Annotated[str | None, Query(description=f"only this section: {', '.join(SECTIONS)}", max_length=20)]
COLUMNS = ["时间", "类别", "事项", "来源", "内容"]


class FactView(BaseModel):
    """One fact: when it happened, who told it (`source`: a service or a platform), and what it says.

    `type` is the event's type; its fields are in `data`, as `/v1/events` describes them, without anything sealed or personal.
    """

    at: dt.datetime
    section: str
    section_title: str = Field(description="the section in Chinese")
    title: str = Field(description="the event in Chinese")
    type: str
    source: str
    data: dict[str, Any]


class CreditRecord(BaseModel):
    """What anybody may know of an enterprise: its licences, credit listings and restrictions, the latest first."""

    uscc: str
    name: str
    facts: list[FactView]


@router.get("/workers/me/dossier")
async def read_own_dossier(caller: WorkerCaller, page: PageAsked, section: SectionAsked = None) -> Page[FactView]:
    """Everything on file about me, from every service, the latest first."""
    return await _page(*await access.of_worker("me", caller), page, section)


@router.get("/workers/me/dossier/export")
async def export_own_dossier(caller: WorkerCaller, kind: TableFormat = "csv") -> StreamingResponse:
    """Everything on file about me, to take away (个人信息保护法 art. 45)."""
    return await _table("dossier", *await access.of_worker("me", caller), kind)


@router.get("/workers/{worker_id}/dossier")
async def read_worker_dossier(
    worker_id: str, caller: access.WorkersReader, page: PageAsked, section: SectionAsked = None
) -> Page[FactView]:
    """What the caller may see of a worker's dossier, the latest first. An officer's reading is written down.

    An officer sees workers with an engagement in the district, and there the sections of the articles in which the policy
    names the department; a platform its own facts about those who work through it; a union, of its members,
    what they share with it.
    """
    return await _page(*await access.of_worker(worker_id, caller), page, section)


@router.get("/workers/{worker_id}/dossier/export")
async def export_worker_dossier(
    worker_id: str, caller: access.WorkersReader, kind: TableFormat = "csv"
) -> StreamingResponse:
    """The same to take away, as CSV or Excel."""
    return await _table(f"dossier-{worker_id}", *await access.of_worker(worker_id, caller), kind)


@router.get("/enterprises/{uscc}/dossier")
async def read_enterprise_dossier(
    uscc: str, caller: access.EnterprisesReader, page: PageAsked, section: SectionAsked = None
) -> Page[FactView]:
    """What the caller may see of an enterprise's dossier, the latest first: officers by department and district, the
    enterprise itself, unions of whose scope it is. An officer's or a union's reading is written down."""
    return await _page(*await access.of_enterprise(uscc, caller), page, section)


@router.get("/enterprises/{uscc}/dossier/export")
async def export_enterprise_dossier(
    uscc: str, caller: access.EnterprisesReader, kind: TableFormat = "csv"
) -> StreamingResponse:
    """The same to take away, as CSV or Excel."""
    return await _table(f"dossier-{uscc}", *await access.of_enterprise(uscc, caller), kind)


@router.get("/enterprises/{uscc}/credit-record")
async def read_credit_record(uscc: str, caller: Everybody) -> CreditRecord:
    """An enterprise's public credit record, for every caller (德人社发〔2022〕95 号 art. 11).

    A penalty stands in it while it is published; what is only intended, or was taken back, does not.
    """
    enterprise = await Enterprise.of(uscc)
    if enterprise is None:
        raise NotFound("该企业", "this enterprise")
    rows = [row async for row in timeline.read([credit_subject(uscc)], lambda row: row["section"] == CREDIT)]
    facts = public_facts(rows, {name for name, kind in KINDS.items() if kind.section == CREDIT})
    return CreditRecord(uscc=uscc, name=enterprise.name, facts=[_view(row, None) for row in facts])


async def _page(reader: Reader, subjects: list[str], asked: PageAsked, section: str | None) -> Page[FactView]:
    if section is not None and section not in SECTIONS:
        raise RuleBroken("unknown-section", "没有这个类别", "there is no such section")
    if asked.after is not None and not isinstance(asked.after, str):
        raise Problem(400, "bad-cursor", "翻页参数无效", "the cursor is not one of ours")
    rows: list[Row] = []
    async for row in timeline.read(subjects, _wanted(reader, section), asked.after):
        rows.append(row)
        if len(rows) > asked.limit:
            break
    page = rows[: asked.limit]
    following = cursor_of(page[-1]["position"]) if len(rows) > asked.limit else None
    return Page(items=[_view(row, reader) for row in page], next=following)


async def _table(name: str, reader: Reader, subjects: list[str], kind: TableFormat) -> StreamingResponse:
    async def cells() -> AsyncIterator[list[Cell]]:
        async for row in timeline.read(subjects, _wanted(reader, None)):
            fact = _view(row, reader)
            local = fact.at.astimezone(calendar.SHANGHAI)
            said = orjson.dumps(fact.data).decode()
            yield [f"{local:%Y-%m-%d %H:%M:%S}", fact.section_title, fact.title, fact.source, said]

    return await table_response(name, COLUMNS, cells(), kind)


def _wanted(reader: Reader, section: str | None) -> Callable[[Row], bool]:
    law = parameters.on(calendar.shanghai_date(clock.now()))
    articles = {name: part.article for name, part in SECTIONS.items()}
    seen: Collection[str] = sections_seen(reader, articles, law.lists("duty.departments"))

    def wanted(row: Row) -> bool:
        fits = section is None or row["section"] == section
        return fits and may_see(reader, seen, row["section"], row["data"], row["source"], row["type"])

    return wanted


def _view(row: Row, reader: Reader | None) -> FactView:
    return FactView(
        at=row["at"],
        section=row["section"],
        section_title=SECTIONS[row["section"]].title,
        title=KINDS[row["type"]].title,
        type=row["type"],
        source=row["source"],
        data=shown(reader, row["data"]) if reader else row["data"],
    )
