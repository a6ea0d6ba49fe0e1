"""The advance notice (行政处罚事先告知书) as a document, with the right to a hearing where one is due (听证告知书), as it was served:
what 行政处罚法 art. 44 asks for, to be printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from services.complaints.evidence.documents import Evidence
from services.complaints.penalties.decision_documents import NoticeLetter
from services.complaints.penalties.documents import Notice, Penalty
from services.complaints.penalties.rules import speak_workdays
from services.complaints.penalties.told_views import NoticeLetterView, view_of
from services.complaints.penalty_decisions.letter_views import named, printed
from shared.errors import Conflict
from shared.policy.parameters import Law
from shared.policy.wording import day

TITLE: Final = "行政处罚事先告知书"
WITH_HEARING: Final = "行政处罚事先（听证）告知书"
"""One paper tells of both: the term is one, and runs from one day."""
TEMPLATE: Final = "notice_letter.html"


def title(notice: Notice) -> str:
    return WITH_HEARING if notice.hearing_due else TITLE


def rendered(penalty: Penalty, notice: Notice, evidence: Sequence[Evidence], law: Law) -> str:
    """The notice as one page of HTML; `evidence` are the files that the party may read now, `law` is that of its day. Raises Conflict
    for a notice that is not kept as a document."""
    kept = notice.letter
    if kept is None:
        raise Conflict(
            "no-letter",
            "该告知书不由本系统生成（当场处罚为当场口头告知）",
            "the notice is not kept as a document here: on the spot it is told by mouth",
        )
    letter = view_of(NoticeLetterView, penalty.id, kept, *NoticeLetterView.model_fields)
    assert letter is not None
    return printed(
        TEMPLATE,
        penalty,
        notice,
        [one for one in evidence if one.id in kept.evidence],
        title=title(notice),
        letter=letter,
        statement=_statement(kept, letter, law),
        hearing=list(_hearing(kept, letter, law)) if notice.hearing_due else [],
        given_on=day(notice.given_on),
        notes=list(_notes(notice, kept, evidence)),
    )


def _term(kept: NoticeLetter, law: Law) -> str:
    return f"自告知之日起{speak_workdays(law)}个工作日内（至{day(kept.speak_until)}止）"


def _statement(kept: NoticeLetter, letter: NoticeLetterView, law: Law) -> str:
    """The right to state and defend, and that it makes nothing worse (行政处罚法 art. 44, 45)."""
    return (
        "根据《中华人民共和国行政处罚法》第四十四条、第四十五条的规定，当事人对拟作出的行政处罚有权进行陈述和申辩，"
        f"可以{_term(kept, law)}提出陈述、申辩意见和有关证据。本机关不因当事人陈述、申辩而给予更重的处罚。"
        f"途径：{letter.speak_to}。逾期未提出的，视为放弃陈述、申辩的权利。"
    )


def _hearing(kept: NoticeLetter, letter: NoticeLetterView, law: Law) -> Iterator[str]:
    """The right to a hearing, which costs the party nothing (行政处罚法 art. 63, 64)."""
    yield (
        "根据《中华人民共和国行政处罚法》第六十三条、第六十四条的规定，当事人有权要求听证，"
        f"可以{_term(kept, law)}向本机关提出。途径：{letter.speak_to}。逾期未提出的，视为放弃要求听证的权利。"
    )
    days = law.days("penalty.hearing_notice_workdays")
    yield (
        f"要求听证的，本机关将在举行听证的{days}个工作日前通知时间和地点；当事人可以亲自参加，也可以委托一至二人代理，"
        "不承担组织听证的费用。"
    )


def _notes(notice: Notice, kept: NoticeLetter, evidence: Sequence[Evidence]) -> Iterator[str]:
    """What was told since (行政处罚法 art. 44, 45)."""
    if notice.told_on is None:
        return
    further = "、".join(named(one) for one in evidence if one.id not in kept.evidence)
    rights = "陈述、申辩和要求听证" if notice.hearing_due else "陈述、申辩"
    yield f"本机关于{day(notice.told_on)}就补充证据再次告知当事人，{rights}的期限至{day(notice.speak_until)}。"
    if further:
        yield f"告知后补充的证据：{further}。"
