"""A batch from what is due to what the bank says, and to the fen."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import io
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from services.subsidies.batches.documents import Batch, BatchLine
from services.subsidies.payments.documents import Payment
from shared.contracts.subsidies import SubsidyFailed, SubsidyPaid, SubsidyReturned
from shared.storage.audit import AuditEntry
from shared.storage.client import storage
from tests.harness import Harness, eventually
from tests.integration.subsidies.money import (
    HERE,
    act,
    allot,
    exported,
    heaps,
    make_batch,
    money_officer,
    owed,
    result,
    send_result,
    states,
)

BATCHES = "/v1/payment-batches"


def lines_of(file: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.decode("gb18030"), newline="")))


async def test_a_batch_is_made_approved_and_paid(subsidies: Harness, scheduled: list[tuple[str, Any]]) -> None:
    await allot("whole", "100.00")
    ids = await owed("whole", "10.00", "20.50", "0.01")
    batch_id, file = await exported(subsidies, "whole")
    rows = lines_of(file)
    assert [row[2:5] for row in rows] == [
        ["收款账号", "收款户名", "金额"],
        *(["6222020000000000001", "李测试", amount] for amount in ("10.00", "20.50", "0.01")),
    ]
    assert await heaps("whole") == ("69.49", "30.51", "0.00", "0.00")
    done = await send_result(subsidies, batch_id, result(*((row[1], row[4], "成功") for row in rows[1:])))
    assert (done["lines"], done["matched"]) == (3, 3)
    shown = (await subsidies.http.get(f"{BATCHES}/{batch_id}", headers=await money_officer(subsidies, "maker"))).json()
    assert (shown["state"], shown["declared_fen"]) == ("concluded", 3051)
    assert shown["paid"] == shown["declared"] == {"lines": 3, "total": "30.51"}
    assert shown["open"] == {"lines": 0, "total": "0.00"}
    assert await states(ids) == ["paid"] * 3
    assert await heaps("whole") == ("69.49", "0.00", "30.51", "0.00")
    told = [one for one in await subsidies.told(SubsidyPaid) if one.payment_id in ids]
    assert sorted(one.amount for one in told) == ["0.01", "10.00", "20.50"]
    settled = {told.payable_id: told.outcome for kind, told in scheduled if kind == "subsidies.payable_settled"}
    assert settled == dict.fromkeys(ids, "paid")


async def test_each_line_of_a_result_ends_in_one_heap(subsidies: Harness) -> None:
    await allot("mixed", "100.00")
    ids = await owed("mixed", "10.00", "20.00", "30.00")
    batch_id, file = await exported(subsidies, "mixed")
    first, second, third = (row[1] for row in lines_of(file)[1:])
    content = result(
        (first, "10.00", "成功"),
        (first, "10.00", "成功"),
        (second, "20.01", "成功"),
        (third, "30.00", "失败"),
        ("20200101-001-000001", "30.00", "成功"),
        (second, "二十", "成功"),
        (second, "20.00", "处理中"),
    )
    done = await send_result(subsidies, batch_id, content)
    heap_of = {name: done[name] for name in ("matched", "duplicate", "unknown", "amount_differs", "returned")}
    assert heap_of == {"matched": 1, "duplicate": 1, "unknown": 3, "amount_differs": 1, "returned": 1}
    assert sum(heap_of.values()) == done["lines"]
    assert await states(ids) == ["paid", "batched", "failed"]
    assert await heaps("mixed") == ("40.00", "50.00", "10.00", "0.00")
    who = await money_officer(subsidies, "maker")
    path = f"{BATCHES}/{batch_id}/results/{done['result_id']}/lines"
    differs = (await subsidies.http.get(path, params={"heap": "amount_differs"}, headers=who)).json()["items"]
    assert [(one["cell"], one["amount"]) for one in differs] == [("A4", "20.01")]
    again = await send_result(subsidies, batch_id, content)
    assert again["result_id"] == done["result_id"]
    assert await heaps("mixed") == ("40.00", "50.00", "10.00", "0.00")
    later = await send_result(subsidies, batch_id, result((second, "20.00", "成功")))
    assert later["matched"] == 1
    shown = (await subsidies.http.get(f"{BATCHES}/{batch_id}", headers=who)).json()
    assert (shown["state"], shown["paid"]["total"], shown["failed"]["total"]) == ("concluded", "30.00", "30.00")


async def test_returned_money_is_paid_anew_to_another_account(subsidies: Harness) -> None:
    await allot("anew", "50.00")
    (one,) = await owed("anew", "50.00")
    batch_id, file = await exported(subsidies, "anew")
    reference = lines_of(file)[1][1]
    await send_result(subsidies, batch_id, result((reference, "50.00", "成功")))
    assert await heaps("anew") == ("0.00", "0.00", "50.00", "0.00")
    back = await send_result(subsidies, batch_id, result((reference, "50.00", "退汇")))
    assert back["returned"] == 1
    assert await heaps("anew") == ("0.00", "0.00", "0.00", "50.00")
    assert [told.amount for told in await subsidies.told(SubsidyReturned) if told.payment_id == one] == ["50.00"]
    worker = subsidies.headers("worker", worker_id=f"w-{one}")
    shown = await subsidies.http.get(f"/v1/subsidy-payments/{one}", headers=worker)
    assert (shown.json()["state"], shown.json()["account"], shown.json()["reason"]) == (
        "returned",
        "***************0001",
        "账号户名不符",
    )
    corrected = await subsidies.http.put(
        f"/v1/subsidy-payments/{one}/account",
        json={"name": "李测试", "account": "6217000000000000002"},
        headers={**worker, "If-Match": shown.headers["ETag"]},
    )
    assert (corrected.status_code, corrected.json()["state"]) == (200, "due"), corrected.text
    assert await heaps("anew") == ("0.00", "50.00", "0.00", "0.00")
    other, file = await exported(subsidies, "anew")
    assert lines_of(file)[1][2] == "6217000000000000002"
    await send_result(subsidies, other, result((lines_of(file)[1][1], "50.00", "成功")))
    assert await heaps("anew") == ("0.00", "0.00", "50.00", "0.00")
    late = await send_result(subsidies, batch_id, result((reference, "50.00", "成功"), ("", "1.00", "成功")))
    assert (late["duplicate"], late["unknown"]) == (1, 1)
    assert await states([one]) == ["paid"]


async def test_what_failed_is_told_and_corrected(subsidies: Harness) -> None:
    await allot("failing", "50.00")
    (one,) = await owed("failing", "50.00")
    batch_id, file = await exported(subsidies, "failing")
    await send_result(subsidies, batch_id, result((lines_of(file)[1][1], "50.00", "失败")))
    (told,) = [told for told in await subsidies.told(SubsidyFailed) if told.payment_id == one]
    assert told.worker_id == f"w-{one}"
    assert await heaps("failing") == ("0.00", "50.00", "0.00", "0.00")
    head = await money_officer(subsidies, "head", "head")
    await act(subsidies, head, f"/v1/subsidy-payments/{one}/cancellation")
    assert await heaps("failing") == ("50.00", "0.00", "0.00", "0.00")


async def test_the_file_is_the_same_bytes_each_time(subsidies: Harness) -> None:
    await allot("bytes", "100.00")
    await owed("bytes", "10.00", "20.00")
    batch_id, first = await exported(subsidies, "bytes", layout="icbc_batch")
    who = await money_officer(subsidies, "maker")
    path = f"{BATCHES}/{batch_id}/exports"
    shown = (await subsidies.http.get(f"{BATCHES}/{batch_id}", headers=who)).json()
    again = await subsidies.http.post(path, headers=who)
    assert again.content == first
    assert hashlib.sha256(first).hexdigest() == shown["csv_sha256"] == again.headers["Content-SHA256"]
    excel = [(await subsidies.http.post(path, params={"format": "xlsx"}, headers=who)).content for _ in range(2)]
    assert excel[0] == excel[1]
    assert hashlib.sha256(excel[0]).hexdigest() == shown["xlsx_sha256"]
    with CalamineWorkbook.from_filelike(io.BytesIO(excel[0])) as book:
        assert book.get_sheet_by_index(0).to_python() == lines_of(first)
    read = await AuditEntry.find({"about": batch_id, "action": "payment_batch.exported"}).to_list()
    assert [one.clear_detail for one in read] == ["csv", "csv", "xlsx", "xlsx"]


async def test_a_batch_whose_file_differs_has_not_gone_out(subsidies: Harness) -> None:
    """Else nobody could end it: no bank has its file, and only the bank's results end what has gone out."""
    await allot("differs", "100.00")
    ids = await owed("differs", "10.00", "20.00")
    maker, second = await money_officer(subsidies, "maker"), await money_officer(subsidies, "second")
    batch = await make_batch(subsidies, maker, "differs")
    path = f"{BATCHES}/{batch['batch_id']}"
    await act(subsidies, second, f"{path}/approval")
    await (
        storage()
        .collection("payment_batches")
        .update_one({"_id": batch["batch_id"]}, {"$set": {"csv_sha256": "0" * 64}})
    )
    refused = await subsidies.http.post(f"{path}/exports", headers=maker)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/file-differs")
    assert (await subsidies.http.get(path, headers=maker)).json()["state"] == "approved"
    await act(subsidies, maker, f"{path}/cancellation")

    async def due() -> bool:
        return await states(ids) == ["due", "due"]

    await eventually(due)


async def test_a_file_asked_for_twice_at_once_is_one_file(subsidies: Harness) -> None:
    await allot("at_once", "100.00")
    await owed("at_once", "10.00", "20.00")
    batch_id, first = await exported(subsidies, "at_once")
    who = await money_officer(subsidies, "maker")
    answers = await asyncio.gather(
        *(subsidies.http.post(f"{BATCHES}/{batch_id}/exports", headers=who) for _ in range(4))
    )
    assert {one.status_code for one in answers} == {200}
    assert {one.content for one in answers} == {first}


async def test_a_result_sent_twice_at_once_pays_once(subsidies: Harness) -> None:
    await allot("result_twice", "100.00")
    ids = await owed("result_twice", "10.00", "20.00")
    batch_id, _ = await exported(subsidies, "result_twice")
    who = await money_officer(subsidies, "maker")
    rows = [
        {"reference": f"{batch_id}-{number:06d}", "amount": amount, "result": "paid"}
        for number, amount in ((1, "10.00"), (2, "20.00"))
    ]
    path = f"{BATCHES}/{batch_id}/result-rows"
    sent = [{"rows": rows}, {"rows": rows}, {"rows": rows[::-1]}, {"rows": rows[:1]}]
    answers = await asyncio.gather(*(subsidies.http.post(path, json=body, headers=who) for body in sent))
    assert {one.status_code for one in answers} == {202}

    async def all_paid() -> bool:
        return await states(ids) == ["paid", "paid"]

    await eventually(all_paid)
    await subsidies.settled()
    assert await heaps("result_twice") == ("70.00", "0.00", "30.00", "0.00")


async def test_a_result_for_another_batch_pays_nothing_there(subsidies: Harness) -> None:
    await allot("result_other", "100.00")
    (one,) = await owed("result_other", "10.00")
    first, _ = await exported(subsidies, "result_other")
    (other,) = await owed("result_other", "10.00")
    second, _ = await exported(subsidies, "result_other")
    who = await money_officer(subsidies, "maker")
    rows = [{"reference": f"{first}-000001", "amount": "10.00", "result": "paid"}]
    sent = await subsidies.http.post(f"{BATCHES}/{second}/result-rows", json={"rows": rows}, headers=who)
    await subsidies.settled()
    shown = await subsidies.http.get(f"{BATCHES}/{second}/results/{sent.json()['result_id']}", headers=who)
    assert (shown.json()["unknown"], shown.json()["matched"]) == (1, 0)
    assert await states([one, other]) == ["batched", "batched"]
    await subsidies.http.post(f"{BATCHES}/{first}/result-rows", json={"rows": rows}, headers=who)

    async def paid() -> bool:
        return await states([one, other]) == ["paid", "batched"]

    await eventually(paid)


async def test_accounts_lie_sealed_and_are_shown_masked(subsidies: Harness) -> None:
    await allot("sealed", "100.00")
    (one,) = await owed("sealed", "10.00")
    batch_id, _ = await exported(subsidies, "sealed")
    for name in ("payments", "batch_lines", "timers", "outbox"):
        for row in await storage().collection(name).find().to_list(None):
            assert "6222020000000000001" not in str(row), name
    who = await money_officer(subsidies, "maker")
    lines = await subsidies.http.get(f"{BATCHES}/{batch_id}/lines", headers=who)
    assert [(line["payment_id"], line["account"]) for line in lines.json()["items"]] == [(one, "***************0001")]
    denied = await subsidies.http.post(
        f"{BATCHES}/{batch_id}/exports", headers=await money_officer(subsidies, "head", "head")
    )
    assert denied.status_code == 403
    elsewhere = await money_officer(subsidies, "elsewhere", "finance", "510681")
    denied = await subsidies.http.post(f"{BATCHES}/{batch_id}/exports", headers=elsewhere)
    assert denied.status_code == 404


async def test_a_large_batch_needs_the_head(subsidies: Harness) -> None:
    await allot("large", "600000.00")
    await owed("large", "600000.00")
    maker = await money_officer(subsidies, "maker")
    batch = await make_batch(subsidies, maker, "large")
    assert batch["needed"] == ["finance", "head"]
    assert {one["key"] for one in batch["used"]} >= {"payment_batch.head_from"}
    path = f"{BATCHES}/{batch['batch_id']}/approval"
    await act(subsidies, maker, path, expect=409)
    assert (await act(subsidies, await money_officer(subsidies, "second"), path))["state"] == "ready"
    await act(subsidies, await money_officer(subsidies, "third"), path, expect=403)
    early = await subsidies.http.post(f"{BATCHES}/{batch['batch_id']}/exports", headers=maker)
    assert early.status_code == 409
    assert (await act(subsidies, await money_officer(subsidies, "head", "head"), path))["state"] == "approved"


async def test_a_cancelled_batch_gives_its_payments_back(subsidies: Harness) -> None:
    await allot("dropped", "30.00")
    ids = await owed("dropped", "10.00", "20.00")
    maker = await money_officer(subsidies, "maker")
    batch = await make_batch(subsidies, maker, "dropped")
    assert await states(ids) == ["batched", "batched"]
    await act(subsidies, maker, f"{BATCHES}/{batch['batch_id']}/cancellation")

    async def cancelled() -> bool:
        found = await Batch.get(batch["batch_id"])
        return found is not None and found.state == "cancelled"

    await eventually(cancelled)
    assert await states(ids) == ["due", "due"]
    again = await make_batch(subsidies, maker, "dropped")
    assert again["declared"] == {"lines": 2, "total": "30.00"}


async def test_two_batches_at_the_same_moment_share_nothing(subsidies: Harness) -> None:
    await allot("twice", "100.00")
    ids = await owed("twice", *["1.00"] * 12)
    maker = await money_officer(subsidies, "maker")
    made = await asyncio.gather(*(make_batch(subsidies, maker, "twice") for _ in range(3)))
    assert sum(batch["declared"]["lines"] for batch in made) == 12
    lines = await BatchLine.find({"payment_id": {"$in": ids}}).to_list()
    assert sorted(line.payment_id for line in lines) == sorted(ids)


async def test_rows_over_http_are_a_result_too(subsidies: Harness) -> None:
    await allot("rows", "10.00")
    (one,) = await owed("rows", "10.00")
    batch_id, file = await exported(subsidies, "rows")
    who = await money_officer(subsidies, "maker")
    rows = [{"reference": lines_of(file)[1][1], "amount": "10.00", "result": "paid"}]
    for _ in range(2):
        sent = await subsidies.http.post(f"{BATCHES}/{batch_id}/result-rows", json={"rows": rows}, headers=who)
        assert sent.status_code == 202, sent.text

    async def paid() -> bool:
        return await states([one]) == ["paid"]

    await eventually(paid)
    listed = await subsidies.http.get(f"{BATCHES}/{batch_id}/results", headers=who)
    assert len(listed.json()["items"]) == 1
    found = await Payment.get(one)
    assert found is not None
    assert [step.move for step in found.steps] == ["take", "pay"]


@pytest.mark.parametrize("content", [b"\xff\xff", b"", "流水号,金额\r\n1,2".encode()])
async def test_a_result_that_cannot_be_read_is_refused(subsidies: Harness, content: bytes) -> None:
    kind = f"unread_{'abc'[len(content) % 3]}"
    await allot(kind, "10.00")
    await owed(kind, "10.00")
    batch_id, _ = await exported(subsidies, kind)
    await send_result(subsidies, batch_id, content, expect=422)


async def test_lists_show_what_a_caller_may_see(subsidies: Harness) -> None:
    await allot("listed", "10.00")
    (one,) = await owed("listed", "10.00")
    own = await subsidies.http.get("/v1/subsidy-payments", headers=subsidies.headers("worker", worker_id=f"w-{one}"))
    assert [item["payment_id"] for item in own.json()["items"]] == [one]
    other = subsidies.headers("worker", worker_id="w-other")
    assert (await subsidies.http.get(f"/v1/subsidy-payments/{one}", headers=other)).status_code == 404
    here = subsidies.headers("officer", department="hrss", district=HERE)
    due = await subsidies.http.get("/v1/subsidy-payments", params={"state": "due", "limit": "500"}, headers=here)
    assert one in {item["payment_id"] for item in due.json()["items"]}
    batches = await subsidies.http.get(BATCHES, headers=here)
    assert batches.status_code == 200


async def test_a_result_comes_as_excel_too(subsidies: Harness) -> None:
    await allot("excel", "30.00")
    ids = await owed("excel", "10.00", "20.00")
    batch_id, file = await exported(subsidies, "excel")
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["自定义序号", "交易金额", "交易状态", "失败原因"])
        for number, (row, word) in enumerate(zip(lines_of(file)[1:], ("交易成功", "已退汇"), strict=True), 1):
            sheet.write_row(number, 0, [row[1], float(row[4]), word, ""])
    done = await send_result(subsidies, batch_id, content.getvalue())
    assert (done["matched"], done["returned"]) == (1, 1)
    assert await states(ids) == ["paid", "failed"]
