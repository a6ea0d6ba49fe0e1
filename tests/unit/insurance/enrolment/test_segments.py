"""The days on which engagements insure a person, and the province's view of them, whatever comes in which order."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.insurance.engagements.rules import Relation, Span
from services.insurance.engagements.rules import spans as spans_of
from services.insurance.enrolment.rules import NewRequest, Sent, reissue, repeat_refused, requests_for
from services.insurance.enrolment.segments import (
    Engaged,
    Segment,
    changes,
    excluded,
    in_force,
    is_listed,
    segments,
)
from services.insurance.outlets.rules import OutletTerms
from shared.policy.parameters import parameters

FIRST = dt.date(2026, 9, 1)
DAYS = [FIRST + dt.timedelta(days=number) for number in range(40)]
PLATFORM, OTHER, INSURER, AGENCY = "platform-a", "platform-b", "insurer", "agency"

days = st.sampled_from(DAYS[:25])
relations: st.SearchStrategy[Relation] = st.sampled_from(["employment", "partial", "self_employed"])


@st.composite
def spans(draw: st.DrawFn) -> Span:
    first = draw(days)
    length = draw(st.none() | st.integers(0, 12))
    return Span(first, None if length is None else first + dt.timedelta(days=length))


@st.composite
def engagements(draw: st.DrawFn, number: str = "1", outlets: bool = True) -> Engaged:
    whole = draw(spans())
    dated = {whole.first: draw(relations)} | {
        day: relation
        for day, relation in draw(st.dictionaries(days, relations, max_size=3)).items()
        if day > whole.first
    }
    outlet = draw(st.none() | st.builds(OutletTerms, st.just(INSURER), spans())) if outlets else None
    return Engaged(
        f"e{number}",
        "p1",
        draw(st.sampled_from([PLATFORM, OTHER])),
        whole.first,
        whole.last,
        sorted(dated.items()),
        True,
        outlet,
    )


people = st.tuples(engagements("1"), engagements("2"), engagements("3"))


def relation_on(one: Engaged, day: dt.date) -> Relation | None:
    if day < one.started_on or (one.ended_on is not None and day > one.ended_on):
        return None
    return max((began, relation) for began, relation in one.footings if began <= day)[1]


@given(engagements(outlets=False))
def test_an_engagement_is_insured_once_on_each_of_its_days(one: Engaged) -> None:
    """By the footing of the day."""
    found = segments([one])["e1"]
    for day in DAYS:
        schemes = [segment.scheme for segment in found if segment.span.covers(day)]
        relation = relation_on(one, day)
        wanted = "work_injury" if relation == "employment" else "occupational_injury"
        assert schemes == ([] if relation is None else [wanted])
    assert all(a.ends_on and a.ends_on < b.starts_on for a, b in pairwise(found))
    assert all(not a.is_same_as(replace(b, starts_on=a.starts_on)) for a, b in pairwise(found)), "one stretch in two"


TRADES = ("ride_hailing", "instant_delivery", "freight", "courier", "other")
partners = st.none() | st.sampled_from([AGENCY, OTHER])
with_partners = st.builds(
    lambda one, partner, industry: replace(one, partner=partner, industry=industry),
    engagements("1", outlets=False),
    partners,
    st.sampled_from(TRADES),
)
crowd = st.lists(with_partners, min_size=1, max_size=4).map(
    lambda some: [replace(one, id=f"e{number}", worker_ref=f"w{number}") for number, one in enumerate(some)]
)


def unit_on(one: Engaged, day: dt.date) -> tuple[str, str] | None:
    """Who must insure the person on a day, and in which scheme, by the engagement alone."""
    relation = relation_on(one, day)
    if relation == "employment":
        return one.partner or one.platform, "work_injury"
    open_to = one.industry in ("ride_hailing", "instant_delivery", "freight")
    return (one.platform, "occupational_injury") if relation is not None and open_to else None


@given(crowd)
def test_units_follow_the_engagement_day_by_day(some: list[Engaged]) -> None:
    """A unit's segments of one person and scheme do not overlap; their days are those on which it must insure."""
    found = segments(some)
    everything = [segment for kept in found.values() for segment in kept]
    assert all(segment.ends_on is None or segment.starts_on <= segment.ends_on for segment in everything)
    for day in DAYS:
        holding = Counter((one.unit, one.scheme) for one in everything if one.span.covers(day))
        assert set(holding) == {unit for one in some if (unit := unit_on(one, day))}
        assert all(count == 1 for count in holding.values())
    for one in some:
        for segment in found[one.id]:
            assert (segment.unit, segment.scheme) == unit_on(one, segment.starts_on)
            assert segment.basis == ("employer" if segment.scheme == "work_injury" else "platform")


@given(crowd, st.sampled_from(DAYS))
def test_whom_no_scheme_takes_in_is_known_by_the_trade(some: list[Engaged], today: dt.date) -> None:
    for one in some:
        goes_on = one.ended_on is None or one.ended_on >= today
        last = spans_of(one.footings, one.ended_on)[-1][1]
        out = goes_on and unit_on(one, last.first) is None
        assert excluded(one, some, today) == (last.first if out else None)


def test_whoever_is_dispatched_is_insured_by_the_agency() -> None:
    """The firm that dispatches is the employer (劳动合同法 art. 58); a partner firm employs its own people."""
    own = Engaged("e1", "p1", PLATFORM, FIRST, None, [(FIRST, "employment")], activated=True)
    dispatched = replace(own, partner=AGENCY)
    [found] = segments([dispatched])["e1"]
    assert (found.scheme, found.basis, found.unit) == ("work_injury", "employer", AGENCY)
    # employed by one agency at two platforms: it insures once
    twice = segments([dispatched, replace(dispatched, id="e2", platform=OTHER)])
    assert [len(kept) for kept in twice.values()] == [1, 0]
    # who is not employed is insured by the platform, whoever the partner is
    partial = replace(dispatched, footings=[(FIRST, "partial")])
    assert segments([partial])["e1"][0].unit == PLATFORM


def test_an_outlet_that_is_only_filed_is_no_employer() -> None:
    """The enterprise that it belongs to is, on the days on which it insures for it."""
    terms = OutletTerms(INSURER, Span(DAYS[5], None))
    one = Engaged(
        "e1", "p1", PLATFORM, FIRST, None, [(FIRST, "employment")], True, terms, industry="courier", partner="outlet"
    )
    found = segments([one])["e1"]
    assert [(kept.unit, kept.basis, kept.starts_on) for kept in found] == [
        ("outlet", "employer", FIRST),
        (INSURER, "employer", DAYS[5]),
    ]


@pytest.mark.parametrize("industry", TRADES)
def test_three_trades_are_open_to_the_occupational_scheme(industry: str) -> None:
    """From 2022-07-01 on (办法（试行） art. 2); a courier is insured through an outlet, or not at all."""
    began = dt.date(2021, 5, 1)
    one = Engaged("e1", "p1", PLATFORM, began, None, [(began, "partial")], activated=True, industry=industry)
    found = segments([one])["e1"]
    if industry in ("courier", "other"):
        assert found == ()
        assert excluded(one, [one], FIRST) == began
    else:
        assert [kept.starts_on for kept in found] == [dt.date(2022, 7, 1)]
        assert excluded(one, [one], FIRST) is None
    outlet = replace(one, outlet=OutletTerms(INSURER, Span(FIRST, None)))
    assert excluded(outlet, [outlet], FIRST) is None
    assert excluded(replace(one, ended_on=DAYS[3]), [one], DAYS[4]) is None
    assert excluded(replace(one, activated=False), [one], FIRST) is None


@pytest.mark.parametrize(("day", "listed"), [("2022-06-30", False), ("2025-06-30", False), ("2025-07-01", True)])
def test_a_platform_is_listed_by_its_trade_name_and_day(day: str, listed: bool) -> None:
    law = parameters.on(dt.date.fromisoformat(day))
    assert is_listed("四川滴滴出行科技有限公司", law) is listed
    assert not is_listed("某某出行有限公司", law)
    assert not is_listed(None, law)


@given(people, st.randoms())
def test_no_unit_insures_a_person_twice_in_a_scheme(people: tuple[Engaged, ...], order: object) -> None:
    """No day is lost, in whatever order engagements are told."""
    found = segments(people)
    assert segments(reversed(people)) == found
    for day in DAYS:
        holding = Counter(
            (segment.unit, segment.scheme) for kept in found.values() for segment in kept if segment.span.covers(day)
        )
        assert all(count == 1 for count in holding.values())
        employers = {one.platform for one in people if relation_on(one, day) == "employment"}
        assert {unit for unit, scheme in holding if scheme == "work_injury"} - {INSURER} == employers
        if employers:
            assert (INSURER, "work_injury") not in holding, "moved to the single scheme"
        for one in people:
            relation = relation_on(one, day)
            if relation in ("partial", "self_employed"):
                through = one.outlet is not None and one.outlet.span.covers(day) and not employers
                assert (
                    (INSURER, "work_injury") in holding if through else (one.platform, "occupational_injury") in holding
                )


def test_whoever_was_never_let_to_work_is_not_insured() -> None:
    one = Engaged("e1", "p1", PLATFORM, FIRST, None, [(FIRST, "employment")], activated=False)
    assert segments([one]) == {}


def test_a_restart_told_before_the_end_is_insured_once() -> None:
    """It goes on after the end, when that is told."""
    first = Engaged("e1", "p1", PLATFORM, FIRST, None, [(FIRST, "partial")], activated=True)
    again = replace(first, id="e2", started_on=DAYS[10], footings=[(DAYS[10], "partial")])
    assert [len(kept) for kept in segments([again, first]).values()] == [1, 0]
    ended = segments([again, replace(first, ended_on=DAYS[15])])
    assert [(kept[0].starts_on, kept[0].ends_on) for kept in ended.values()] == [(FIRST, DAYS[15]), (DAYS[16], None)]


def test_employment_and_orders_at_two_platforms_both_stand() -> None:
    employed = Engaged("e1", "p1", PLATFORM, FIRST, None, [(FIRST, "employment")], activated=True)
    orders = Engaged("e2", "p1", OTHER, FIRST, None, [(FIRST, "self_employed")], activated=True)
    found = segments([employed, orders])
    assert [kept[0].scheme for kept in found.values()] == ["work_injury", "occupational_injury"]


@dataclass
class Province:
    """A province that is asked what `requests_for` gives, and answers when and how a test says."""

    sent: dict[str, Sent] = field(default_factory=dict)
    view: dict[str, Segment] = field(default_factory=dict)

    def follow(self, wanted: tuple[Segment, ...], how: Any = requests_for) -> None:
        for change in how(list(self.sent.values()), wanted):
            if isinstance(change, NewRequest):
                number = str(len(self.sent) + 1)
                self.sent[number] = Sent(number, change.segment, "waiting")
            else:
                self._set_end(change.number, change.ends_on)

    def _set_end(self, number: str, ends_on: dt.date | None) -> None:
        kept = self.sent[number]
        assert not (kept.status == "accepted" and ends_on is None), "an end that was told cannot be taken back"
        self.sent[number] = replace(kept, segment=replace(kept.segment, ends_on=ends_on))
        if kept.status == "accepted":
            self.view[number] = self.sent[number].segment

    def answer(self, accepts: bool) -> None:
        for number, kept in self.sent.items():
            if kept.status == "waiting":
                self.sent[number] = replace(kept, status="accepted" if accepts else "rejected")
                if accepts:
                    self.view[number] = kept.segment

    @property
    def holds(self) -> list[Segment]:
        return sorted((one for one in self.view.values() if one != one.never), key=lambda one: one.starts_on)


rests = st.lists(spans(), max_size=2)
steps = st.lists(st.tuples(engagements(), rests, st.sampled_from(["accept", "wait"])), min_size=1, max_size=6)


@given(steps)
def test_the_province_holds_what_is_wanted_after_any_versions(
    versions: list[tuple[Engaged, list[Span], str]],
) -> None:
    """Any versions of an engagement, with any rests and answers."""
    province = Province()
    wanted: tuple[Segment, ...] = ()
    for one, resting, answer in versions:
        wanted = in_force(segments([one]).get("e1", ()), resting)
        province.follow(wanted)
        asked = len(province.sent)
        province.follow(wanted)
        assert len(province.sent) == asked, "the same version again asks nothing"
        if answer == "accept":
            province.answer(accepts=True)
    province.answer(accepts=True)
    assert province.holds == list(wanted)


@given(engagements(), engagements(), st.booleans())
def test_a_corrected_id_number_is_told_by_new_requests_only(one: Engaged, other: Engaged, answered: bool) -> None:
    province = Province()
    province.follow(segments([one])["e1"])
    province.answer(accepts=True)
    wanted = segments([other])["e1"]
    province.follow(wanted)
    if answered:
        province.answer(accepts=True)
    before = {number for number, sent in province.sent.items() if sent.status == "accepted"}
    province.follow(wanted, reissue)
    province.answer(accepts=True)
    assert province.holds == list(wanted)
    assert all(province.view[number] == province.view[number].never for number in before)


@given(engagements(), engagements())
def test_what_was_refused_is_asked_again_by_a_person_only(one: Engaged, other: Engaged) -> None:
    province = Province()
    province.follow(segments([one])["e1"])
    province.answer(accepts=False)
    wanted = segments([other])["e1"]
    province.follow(wanted)
    province.answer(accepts=True)
    refused = [sent for sent in province.sent.values() if sent.status == "rejected"]
    missing = [segment for segment in wanted if segment not in province.holds]
    assert all(any(segment.is_same_as(sent.segment) for sent in refused) for segment in missing)
    if missing:
        assert [ask.segment for ask in repeat_refused(list(province.sent.values()), wanted)] == missing


def test_what_was_refused_is_not_asked_again_by_itself() -> None:
    """Not even when the facts return to it."""
    partial = Engaged("e1", "p1", PLATFORM, FIRST, None, [(FIRST, "partial")], activated=True)
    employed = replace(partial, footings=[(FIRST, "employment")])
    province = Province()
    for one, accepts in ((partial, False), (employed, True), (partial, True)):
        province.follow(segments([one])["e1"])
        province.answer(accepts)
    assert [sent.segment.scheme for sent in province.sent.values()] == ["occupational_injury", "work_injury"]
    assert province.holds == []


@given(st.lists(engagements(), min_size=1, max_size=5))
def test_what_is_told_adds_up_to_the_segments(versions: list[Engaged]) -> None:
    kept: tuple[Segment, ...] = ()
    heard: dict[Segment, Segment] = {}
    for one in versions:
        after = segments([one])["e1"]
        for _, segment in changes(kept, after):
            heard[replace(segment, ends_on=None)] = segment
        kept = after
    assert sorted((one for one in heard.values() if one != one.never), key=lambda one: one.starts_on) == list(kept)
