"""A sheet of applications as long as one may be: taken in, and its rows submitted; without Kafka."""

from __future__ import annotations

import resource
import time
from itertools import pairwise

from services.subsidies.applications.documents import Application
from services.subsidies.bulk import commands
from services.subsidies.bulk.documents import ApplicationSheet, ApplicationSheetRow
from shared.callers import Caller
from shared.storage.client import collection_of
from shared.storage.transaction import transact
from tests.bench.alone import connected
from tests.bench.stack import Found

UNION = "union:bench"
HEADINGS = "人员编号,姓名,区县,委托书编号,委托书截止日期,收款户名,银行账号,证书编号"
BAD_EVERY = 1_000
"""Every so many rows one names no account."""


async def sheets(rows: int) -> Found:
    """Rows a second, how often the sheet showed that it had come further, and how much more memory this process has at its end than
    when a tenth of it was submitted."""
    async with connected("bench_sheets"):
        return await _measure(rows)


async def _measure(rows: int) -> Found:
    caller = Caller(role="union", subject=UNION)
    began = time.perf_counter()
    sheet = await commands.take_in("training", _sheet(rows), caller)
    taken_in = time.perf_counter() - began
    began, memory, seen = time.perf_counter(), 0, [sheet.submitted]
    more = True
    while more:
        more = await commands.submit_some(sheet.id)
        await transact(lambda tx, more=more: commands.go_on(sheet.id, tx, more=more))  # type: ignore[misc]
        shown = await _shown(sheet.id)
        seen.append(shown.submitted + shown.refused)
        if not memory and seen[-1] >= rows // 10:
            memory = _memory()
    seconds = time.perf_counter() - began
    grown = _memory() - memory
    await _check(sheet.id, rows)
    figures = {
        "sheet_rows": rows,
        "sheet_taken_in_seconds": round(taken_in, 1),
        "sheet_rows_per_second": round(rows / seconds, 1),
        "sheet_progress_steps": sum(later > earlier for earlier, later in pairwise(seen)),
        "sheet_memory_growth_mb": grown,
    }
    return Found(figures)


async def _check(sheet_id: str, rows: int) -> None:
    """Raise where a row is not answered by its cell, or two applications were made of one."""
    cells = collection_of(ApplicationSheetRow).find({"sheet": sheet_id}).sort("_id")
    line, applications = 2, set()
    async for row in cells:
        wanted = (f"G{line}", "refused") if (line - 1) % BAD_EVERY == 0 else (f"A{line}", "submitted")
        if (row["cell"], row["state"]) != wanted:
            raise AssertionError(f"line {line} is {row['cell']}, {row['state']}")
        applications |= {row.get("application_id")} - {None}
        line += 1
    stored, shown = await collection_of(Application).count_documents({}), await _shown(sheet_id)
    bad = rows // BAD_EVERY
    found = (line - 2, len(applications), stored, shown.submitted, shown.refused, shown.state)
    if found != (rows, rows - bad, rows - bad, rows - bad, bad, "finished"):
        raise AssertionError(found)


async def _shown(sheet_id: str) -> ApplicationSheet:
    sheet = await ApplicationSheet.of(sheet_id)
    assert sheet is not None
    return sheet


def _sheet(rows: int) -> bytes:
    lines = [HEADINGS]
    for number in range(1, rows + 1):
        account = "无" if number % BAD_EVERY == 0 else f"62220200{number:011d}"
        lines.append(f"b-{number:06d},李测试,旌阳区,委2026-{number},2099-12-31,李测试,{account},DY{number:06d}")
    return "\r\n".join(lines).encode()


def _memory() -> int:
    """The most memory that this process has had so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
