"""Licences come and go, and every cooperation that rests on them with them."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from typing import Any

from shared.contracts.complaints import PenaltyClosed, PenaltyDecided
from shared.contracts.registry import LicenceLapsed, LicenceRecorded, LicenceResumed, LicenceSuspended
from shared.ids import new_id
from tests.integration.at_rest import holding
from tests.integration.registry.firms import Firms
from tests.unit.identity.numbers import make_uscc


async def test_a_lapse_and_a_renewal_reach_every_cooperation(firms: Firms, days_pass: Callable[[int], None]) -> None:
    licence = await firms.licensed(courier_until=5)
    cooperation = (await firms.cooperate()).json()["cooperation_id"]
    days_pass(6)
    seen = await firms.becomes(cooperation, "unlicensed")
    assert (seen["missing"], seen["unlicensed_since"]) == (["courier"], firms.day(6))
    assert seen["missing_names"] == ["快递业务经营许可"]
    lapsed = [fact for fact in await firms.registry.told(LicenceLapsed) if fact.uscc == firms.partner]
    assert [str(fact.valid_to) for fact in lapsed] == [firms.day(5)]
    path = f"/v1/licences/{licence['licence_id']}"
    now = (await firms.http.get(path, headers=firms.registry.officer)).headers["etag"]
    assert (await firms.change(f"{path}/renewals", {"valid_to": firms.day(3)}, now)).status_code == 422
    assert (await firms.change(f"{path}/renewals", {"valid_to": firms.day(900)}, now)).status_code == 200
    assert (await firms.read(cooperation))["state"] == "licensed"
    assert await firms.news() == ["recorded", "unlicensed", "relicensed"]


async def test_a_licence_that_begins_later_counts_from_its_day(firms: Firms, days_pass: Callable[[int], None]) -> None:
    await firms.licensed(courier_until=2)
    cooperation = (await firms.cooperate()).json()["cooperation_id"]
    again = await firms.licence("courier", firms.day(10), None, number="新证")
    assert again.status_code == 201
    days_pass(4)
    await firms.becomes(cooperation, "unlicensed")
    days_pass(11)
    await firms.becomes(cooperation, "licensed")


async def test_a_revoked_licence_is_gone_at_once_and_for_good(firms: Firms) -> None:
    licence = await firms.licensed()
    cooperation = (await firms.cooperate()).json()["cooperation_id"]
    path, body = f"/v1/licences/{licence['licence_id']}", {"revoked_on": firms.day(-3), "reason": "违法经营"}
    too_late = {**body, "revoked_on": firms.day(1)}
    assert (await firms.change(f"{path}/revocation", too_late, licence["etag"])).status_code == 422
    revoked = await firms.change(f"{path}/revocation", body, licence["etag"])
    assert (revoked.json()["state"], revoked.json()["valid_to"]) == ("revoked", firms.day(-4))
    assert revoked.json()["revocation"] == body["reason"]
    assert await holding(str(body["reason"])) == []
    seen = await firms.read(cooperation)
    assert (seen["state"], seen["unlicensed_since"]) == ("unlicensed", firms.day(-3))
    renewal = await firms.change(f"{path}/renewals", {"valid_to": None}, revoked.headers["etag"])
    assert renewal.status_code == 409
    assert (await firms.cooperate(starts_on=firms.day(-2), industry="courier")).status_code == 422


async def test_a_cooperation_never_passes_a_revocation_beside_it(firms: Firms) -> None:
    licence = await firms.licensed()
    body = {"revoked_on": firms.day(-40), "reason": "违法经营"}
    revocation = firms.change(f"/v1/licences/{licence['licence_id']}/revocation", body, licence["etag"])
    answers = await asyncio.gather(
        revocation, *(firms.cooperate(starts_on=firms.day(-number)) for number in range(1, 4))
    )
    assert answers[0].status_code == 200
    assert {answer.status_code for answer in answers[1:]} <= {201, 409, 422}
    for answer in answers[1:]:
        if answer.status_code == 201:
            assert (await firms.read(answer.json()["cooperation_id"]))["state"] == "unlicensed"


async def test_a_licence_is_recorded_once_by_who_grants_it(firms: Firms) -> None:
    post = firms.registry.headers("officer", department="post", district="510600")
    assert (await firms.licence("courier", "2026-01-01", None, caller=post)).status_code == 201
    assert (
        await firms.licence(
            "labour_dispatch",
            "2026-01-01",
            None,
            caller=firms.registry.headers("officer", department="post", district="510600"),
        )
    ).status_code == 403
    assert (await firms.licence("courier", "2027-01-01", None)).status_code == 409
    assert (await firms.licence("courier", "2026-01-01", "2025-12-31", number="别的")).status_code == 422
    assert (await firms.licence("courier", "2026-01-01", None, uscc=make_uscc("C99999998"))).status_code == 404
    told = [fact for fact in await firms.registry.told(LicenceRecorded) if fact.uscc == firms.partner]
    assert [(fact.kind, fact.valid_to) for fact in told] == [("courier", None)]


def penalty(kind: type[Any], firms: Firms, penalty_id: str, **facts: Any) -> Any:
    """What complaints tells of a penalty of the dispatch agency."""
    return kind(
        penalty_id=penalty_id,
        number="德罚〔2026〕1号",
        uscc=firms.agency,
        lead_department="hrss",
        district="510681",
        **facts,
    )


def decided(firms: Firms, penalty_id: str, **facts: Any) -> PenaltyDecided:
    day = firms.today
    told = {"warning": False, "fine": "5000.00", "served_on": day, "pay_by": day, "review_by": day, "sue_by": day}
    found: PenaltyDecided = penalty(PenaltyDecided, firms, penalty_id, **told | facts)
    return found


async def test_a_penalty_takes_a_dispatch_licence_away(firms: Firms) -> None:
    penalty_id, uscc = new_id(), firms.agency
    assert (await firms.licence("business", "2020-01-01", None, uscc=uscc)).status_code == 201
    granted = await firms.licence("labour_dispatch", "2020-01-01", firms.day(300), uscc=uscc)
    cooperating: dict[str, Any] = {"partner": uscc, "form": "dispatch"}
    cooperation = (await firms.cooperate(**cooperating)).json()["cooperation_id"]
    await firms.registry.publish(decided(firms, new_id()))
    await firms.registry.publish(decided(firms, penalty_id, revoked="labour_dispatch"))
    await firms.registry.settled()
    path = f"/v1/licences/{granted.json()['licence_id']}"
    shown = (await firms.http.get(path, headers=firms.registry.officer)).json()
    assert (shown["state"], shown["valid_to"]) == ("revoked", firms.day(-1))
    assert (await firms.read(cooperation))["state"] == "unlicensed"
    assert (await firms.cooperate(**cooperating | {"starts_on": firms.day(0)})).json()[
        "type"
    ] == "/problems/partner-unlicensed"
    older = await firms.licence("labour_dispatch", "2021-01-01", None, uscc=uscc, number="另一证")
    assert (older.json()["state"], older.json()["valid_to"]) == ("revoked", firms.day(-1))
    upheld = penalty(PenaltyClosed, firms, penalty_id, outcome="changed", fine="1.00", revoked="labour_dispatch")
    other = penalty(PenaltyClosed, firms, new_id(), outcome="annulled", fine="0.00")
    for told in (upheld, other):
        await firms.registry.publish(told)
    await firms.registry.settled()
    assert (await firms.http.get(path, headers=firms.registry.officer)).json()["state"] == "revoked"
    await firms.registry.publish(penalty(PenaltyClosed, firms, penalty_id, outcome="annulled", fine="0.00"))
    await firms.registry.settled()
    shown = (await firms.http.get(path, headers=firms.registry.officer)).json()
    assert (shown["state"], shown["valid_to"], shown["revocation"]) == ("valid", firms.day(300), None)
    assert (await firms.read(cooperation))["state"] == "licensed"


async def test_a_licence_stays_away_by_the_other_of_two_penalties(firms: Firms) -> None:
    first, second, uscc = new_id(), new_id(), firms.agency
    granted = await firms.licence("labour_dispatch", "2020-01-01", firms.day(300), uscc=uscc)
    path = f"/v1/licences/{granted.json()['licence_id']}"
    for penalty_id in (first, second):
        await firms.registry.publish(decided(firms, penalty_id, revoked="labour_dispatch"))
        await firms.registry.settled()
    for annulled, state, valid_to in ((first, "revoked", firms.day(-1)), (second, "valid", firms.day(300))):
        await firms.registry.publish(penalty(PenaltyClosed, firms, annulled, outcome="annulled", fine="0.00"))
        await firms.registry.settled()
        shown = (await firms.http.get(path, headers=firms.registry.officer)).json()
        assert (shown["state"], shown["valid_to"]) == (state, valid_to)


NAMED = {"licence_number": "派证1号", "licence_authority": "绵阳市人力资源和社会保障局"}


async def licence_of(firms: Firms, recorded: Any) -> dict[str, Any]:
    path = f"/v1/licences/{recorded.json()['licence_id']}"
    shown: dict[str, Any] = (await firms.http.get(path, headers=firms.registry.officer)).json()
    return shown


async def told_of(firms: Firms, *facts: Any) -> None:
    for fact in facts:
        await firms.registry.publish(fact)
        await firms.registry.settled()


async def struck(firms: Firms) -> list[tuple[str, str | None, str | None]]:
    path = f"/v1/enterprises/{firms.agency}/licence-penalties"
    found = (await firms.http.get(path, headers=firms.registry.officer)).json()
    return [(one["kind"], one["licence"], one["last"]) for one in found]


async def test_a_licence_that_comes_later_counts_as_revoked(firms: Firms) -> None:
    """Its department sends it after the penalty: by the number that the decision names."""
    penalty_id, uscc = new_id(), firms.agency
    await told_of(firms, decided(firms, penalty_id, revoked="labour_dispatch", **NAMED))
    assert await struck(firms) == [("labour_dispatch", "派证1号", None)]
    other = await firms.licence("labour_dispatch", "2020-01-01", None, uscc=uscc, number="派证2号")
    assert other.json()["state"] == "valid"
    named = await firms.licence("labour_dispatch", "2020-01-01", firms.day(300), uscc=uscc, number="派证1号")
    assert (named.json()["state"], named.json()["valid_to"]) == ("revoked", firms.day(-1))
    assert "吊销" in named.json()["revocation"]
    await told_of(firms, penalty(PenaltyClosed, firms, penalty_id, outcome="annulled", fine="0.00"))
    shown = await licence_of(firms, named)
    assert (shown["state"], shown["valid_to"], await struck(firms)) == ("valid", firms.day(300), [])


async def test_a_licence_comes_after_two_penalties_one_set_aside(firms: Firms) -> None:
    first, second, uscc = new_id(), new_id(), firms.agency
    await told_of(
        firms,
        decided(firms, first, revoked="labour_dispatch", **NAMED),
        decided(firms, second, revoked="labour_dispatch"),
        penalty(PenaltyClosed, firms, first, outcome="annulled", fine="0.00"),
    )
    late = await firms.licence("labour_dispatch", "2020-01-01", firms.day(300), uscc=uscc, number="派证1号")
    assert late.json()["state"] == "revoked"
    await told_of(firms, penalty(PenaltyClosed, firms, second, outcome="annulled", fine="0.00"))
    assert (await licence_of(firms, late))["state"] == "valid"
    anew = await firms.licence("labour_dispatch", firms.day(400), None, uscc=uscc, number="派证9号")
    assert anew.json()["state"] == "valid"


async def test_a_licence_that_was_over_is_sent_as_revoked(firms: Firms, days_pass: Callable[[int], None]) -> None:
    """And one that lapsed before the penalty is renewed no more."""
    uscc = firms.agency
    lapsed = await firms.licence("labour_dispatch", "2020-01-01", firms.day(-1), uscc=uscc, number="派证3号")
    await told_of(firms, decided(firms, new_id(), revoked="labour_dispatch"))
    renewed = await firms.change(
        f"/v1/licences/{lapsed.json()['licence_id']}/renewals", {"valid_to": firms.day(90)}, lapsed.headers["etag"]
    )
    assert renewed.json()["type"] == "/problems/licence-revoked"
    days_pass(30)
    late = await firms.licence("labour_dispatch", "2020-01-01", firms.day(20), uscc=uscc, number="派证4号")
    assert (late.json()["state"], late.json()["valid_to"]) == ("revoked", firms.day(-1))


async def suspended_agency(firms: Firms, days: int) -> tuple[str, str, Any]:
    """A dispatch agency with a cooperation, whose licence a penalty suspends."""
    penalty_id, uscc = new_id(), firms.agency
    assert (await firms.licence("business", "2020-01-01", None, uscc=uscc)).status_code == 201
    licence = await firms.licence("labour_dispatch", "2020-01-01", None, uscc=uscc, number="派证1号")
    cooperation = (await firms.cooperate(partner=uscc, form="dispatch")).json()["cooperation_id"]
    until = firms.today + dt.timedelta(days)
    await told_of(firms, decided(firms, penalty_id, suspended="labour_dispatch", suspended_until=until, **NAMED))
    return penalty_id, cooperation, licence


async def test_a_suspension_stops_and_ends_by_itself(firms: Firms, days_pass: Callable[[int], None]) -> None:
    _, cooperation, licence = await suspended_agency(firms, 4)
    shown = await licence_of(firms, licence)
    [suspension] = shown["suspensions"]
    assert (shown["state"], suspension["first"], suspension["last"]) == ("valid", firms.day(0), firms.day(4))
    seen = await firms.read(cooperation)
    assert (seen["state"], seen["unlicensed_since"]) == ("unlicensed", firms.day(0))
    begun: dict[str, Any] = {
        "partner": firms.agency,
        "form": "dispatch",
        "starts_on": firms.day(1),
        "industry": "freight",
    }
    assert (await firms.cooperate(**begun)).json()["type"] == "/problems/partner-unlicensed"
    [told] = [one for one in await firms.registry.told(LicenceSuspended) if one.uscc == firms.agency]
    assert str(told.suspended_until) == firms.day(4)
    days_pass(5)
    await firms.becomes(cooperation, "licensed")
    [resumed] = [one for one in await firms.registry.told(LicenceResumed) if one.uscc == firms.agency]
    assert str(resumed.resumed_on) == firms.day(5)
    assert (await firms.cooperate(**begun | {"starts_on": firms.day(5)})).status_code == 201


async def test_a_suspension_ends_early_on_review(firms: Firms) -> None:
    """Shortened to days that are over, or set aside as if it had never been."""
    penalty_id, cooperation, licence = await suspended_agency(firms, 30)
    closed: dict[str, Any] = {"outcome": "changed", "fine": "0.00", "suspended": "labour_dispatch"}
    later, over = firms.today + dt.timedelta(10), firms.today - dt.timedelta(1)
    await told_of(firms, penalty(PenaltyClosed, firms, penalty_id, **closed, suspended_until=later))
    assert (await licence_of(firms, licence))["suspensions"][0]["last"] == firms.day(10)
    assert (await firms.read(cooperation))["state"] == "unlicensed"
    await told_of(firms, penalty(PenaltyClosed, firms, penalty_id, **closed, suspended_until=over))
    assert (await firms.read(cooperation))["state"] == "licensed"
    await told_of(firms, penalty(PenaltyClosed, firms, penalty_id, outcome="annulled", fine="0.00"))
    assert (await licence_of(firms, licence))["suspensions"] == []
    assert len([one for one in await firms.registry.told(LicenceResumed) if one.uscc == firms.agency]) == 1


async def test_a_suspended_licence_may_be_taken_away_too(firms: Firms) -> None:
    suspending, cooperation, licence = await suspended_agency(firms, 30)
    revoking = new_id()
    again = decided(firms, revoking, revoked="labour_dispatch", **NAMED)
    await told_of(firms, again, again)
    assert (await licence_of(firms, licence))["state"] == "revoked"
    await told_of(firms, penalty(PenaltyClosed, firms, revoking, outcome="annulled", fine="0.00"))
    shown = await licence_of(firms, licence)
    assert (shown["state"], len(shown["suspensions"])) == ("valid", 1)
    assert (await firms.read(cooperation))["state"] == "unlicensed"
    await told_of(firms, penalty(PenaltyClosed, firms, suspending, outcome="annulled", fine="0.00"))
    assert (await firms.read(cooperation))["state"] == "licensed"


async def test_a_decision_heard_after_its_end_does_nothing(firms: Firms) -> None:
    """It comes again from the dead letters once its annulment was heard."""
    penalty_id, suspending, uscc = new_id(), new_id(), firms.agency
    licence = await firms.licence("labour_dispatch", "2020-01-01", firms.day(300), uscc=uscc, number="派证1号")
    until, sooner = firms.today + dt.timedelta(30), firms.today + dt.timedelta(5)
    shorter: dict[str, Any] = {"outcome": "changed", "fine": "0.00", "suspended": "labour_dispatch"}
    await told_of(
        firms,
        penalty(PenaltyClosed, firms, penalty_id, outcome="annulled", fine="0.00"),
        decided(firms, penalty_id, revoked="labour_dispatch", **NAMED),
    )
    shown = await licence_of(firms, licence)
    assert (shown["state"], shown["valid_to"], await struck(firms)) == ("valid", firms.day(300), [])
    late = await firms.licence("labour_dispatch", "2020-01-01", None, uscc=uscc, number="派证2号")
    assert late.json()["state"] == "valid"
    await told_of(
        firms,
        penalty(PenaltyClosed, firms, suspending, **shorter, suspended_until=sooner),
        decided(firms, suspending, suspended="labour_dispatch", suspended_until=until, **NAMED),
    )
    [suspension] = (await licence_of(firms, licence))["suspensions"]
    assert (suspension["last"], await struck(firms)) == (firms.day(5), [("labour_dispatch", "派证1号", firms.day(5))])


async def test_a_renewed_licence_is_told_to_be_suspended_still(firms: Firms) -> None:
    """Whoever heard of the renewal last would take it for valid."""
    uscc = firms.agency
    licence = await firms.licence("labour_dispatch", "2020-01-01", firms.day(40), uscc=uscc, number="派证1号")
    until = firms.today + dt.timedelta(30)
    await told_of(firms, decided(firms, new_id(), suspended="labour_dispatch", suspended_until=until, **NAMED))
    path = f"/v1/licences/{licence.json()['licence_id']}"
    now = (await firms.http.get(path, headers=firms.registry.officer)).headers["etag"]
    assert (await firms.change(f"{path}/renewals", {"valid_to": firms.day(400)}, now)).status_code == 200
    told = [one for one in await firms.registry.told(LicenceSuspended) if one.uscc == uscc]
    assert [(str(one.suspended_until), str(one.valid_to)) for one in told] == [
        (firms.day(30), firms.day(40)),
        (firms.day(30), firms.day(400)),
    ]


async def test_a_licence_given_back_is_suspended_by_the_other(firms: Firms, days_pass: Callable[[int], None]) -> None:
    """A suspension that was decided while the licence was taken away holds once that is annulled."""
    revoking, suspending, uscc = new_id(), new_id(), firms.agency
    licence = await firms.licence("labour_dispatch", "2020-01-01", None, uscc=uscc, number="派证1号")
    await told_of(firms, decided(firms, revoking, revoked="labour_dispatch", **NAMED))
    days_pass(3)
    served, until = firms.today + dt.timedelta(3), firms.today + dt.timedelta(30)
    told = decided(firms, suspending, suspended="labour_dispatch", served_on=served, suspended_until=until, **NAMED)
    await told_of(firms, told)
    assert (await licence_of(firms, licence))["suspensions"] == []
    await told_of(firms, penalty(PenaltyClosed, firms, revoking, outcome="annulled", fine="0.00"))
    shown = await licence_of(firms, licence)
    assert (shown["state"], [one["last"] for one in shown["suspensions"]]) == ("valid", [firms.day(30)])
    [heard] = [one for one in await firms.registry.told(LicenceSuspended) if one.uscc == uscc]
    assert str(heard.suspended_until) == firms.day(30)


async def test_a_shortened_suspension_is_told_with_its_new_end(firms: Firms) -> None:
    penalty_id, _, _ = await suspended_agency(firms, 30)
    closed: dict[str, Any] = {"outcome": "changed", "fine": "0.00", "suspended": "labour_dispatch"}
    sooner = firms.today + dt.timedelta(10)
    await told_of(firms, penalty(PenaltyClosed, firms, penalty_id, **closed, suspended_until=sooner))
    told = [str(one.suspended_until) for one in await firms.registry.told(LicenceSuspended) if one.uscc == firms.agency]
    assert told == [firms.day(30), firms.day(10)]


async def test_a_licence_never_passes_a_penalty_beside_it(firms: Firms) -> None:
    """It comes on file at the moment at which the penalty is heard of."""
    uscc = firms.agency
    recorded, *_ = await asyncio.gather(
        firms.licence("labour_dispatch", "2020-01-01", None, uscc=uscc, number="派证1号"),
        firms.registry.publish(decided(firms, new_id(), revoked="labour_dispatch", **NAMED)),
        firms.registry.settled(),
    )
    await firms.registry.settled()
    assert recorded.status_code == 201
    assert (await licence_of(firms, recorded))["state"] == "revoked"
