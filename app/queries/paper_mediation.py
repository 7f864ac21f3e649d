"""人民调解文书: the agreement of a settled dispute and the papers around it, made from the meeting as it stands."""

from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain import wording
from app.domain.attendance import Attendance
from app.domain.consensus import SETTLING, Consensus
from app.domain.issue import Issue
from app.domain.paper import Imprint, Signer
from app.domain.paper_law import Law
from app.domain.paper_mediation import (
    DISPUTE,
    ConfirmationRequest,
    MediationAgreement,
    OralAgreement,
    Party,
    RightsNotice,
    Settlement,
    is_mediated,
)
from app.domain.people import Person, Role
from app.domain.place import Places
from app.queries.paper import action_words, names, parties, proxy_words
from app.queries.paper_law import law
from app.queries.paper_places import joined, venue_words
from app.queries.paper_words import BLANK, held_on, matter_words, printed, sentence
from app.queries.sitting import LiveSitting

if TYPE_CHECKING:  # `papers` lists our makers, so it imports us
    from app.queries.papers import Matter

COMMITTEE = "人民调解委员会"
NUMBER_WORDS = "人调字"
LEAD = "经调解，各方当事人自愿达成如下协议："
MOST_PLACES = 6
PROMISE = (
    "申请人出于解决纠纷的目的自愿达成协议，没有恶意串通、规避法律的行为；如果因为该协议内容而给他人造成损害的，"
    "愿意承担相应的民事责任和其他法律责任。"
)
"""What applicants promise the court. Source: 司法确认申请书样式（最高人民法院）."""


def has_agreement(live: LiveSitting) -> bool:
    """Return whether what was settled leaves a mediation agreement; none may be signed before it is in force."""
    return is_mediated(live.consultation, live.attendances(), (consensus for _, consensus in live.settled()))


def mediation_agreement(matter: "Matter") -> MediationAgreement | None:
    """Return the agreement as it will be signed and sealed; None when no dispute was settled."""
    if not has_agreement(matter.live):
        return None
    live, rules = matter.live, law("mediation")
    copies = len(parties(live)) + 1
    who = "、".join(parties(live)) if len(parties(live)) <= MOST_PLACES else "各方当事人"
    each = "各执一份" if len(parties(live)) > 1 else "执一份"
    return MediationAgreement(
        "人民调解协议书",
        settlement(matter),
        LEAD,
        law_lines=_law_lines(rules),
        copies=copies,
        copies_line=f"本协议书一式{copies}份，{who}{each}，{COMMITTEE}留存一份。",
        signers=_signers(live),
        seals=(f"{committee_of(live)}盖章处",),
        imprint=Imprint(number=_number_of(live)),
    )


def oral_agreement(matter: "Matter") -> OralAgreement | None:
    """Return the sheet on which a mediator writes an oral agreement down; None when no dispute was settled."""
    if not has_agreement(matter.live):
        return None
    live, rules = matter.live, law("mediation")
    return OralAgreement(
        "人民调解口头协议登记表",
        settlement(matter),
        f"{rules.says('oral').removesuffix('。')}（{rules.cited('oral')}）。",
        "、".join(person.name for person in mediators(live)),
        live.sitting.recorder,
        (f"{committee_of(live)}盖章处",),
        Imprint(number=_number_of(live)),
    )


def rights_notice(matter: "Matter") -> RightsNotice | None:
    """Return what parties are told before a mediation; None when nobody is a party to a dispute."""
    live, rules = matter.live, law("mediation")
    sides = _sides(live, expected=True)
    if not sides or not (live.consultation.category == DISPUTE or has_agreement(live)):
        return None
    points = (
        ("人民调解的性质和原则", (f"{COMMITTEE}是依法设立的调解民间纠纷的群众性组织。", rules.says("principles"))),
        ("您在调解中的权利", rules.lines("rights")),
        ("您在调解中的义务", rules.lines("duties")),
        ("调解协议的效力和司法确认", (rules.says("binding"), rules.says("lawsuit"), rules.says("confirmation"))),
        ("费用和调解不成", (rules.says("free"), rules.says("failure"))),
    )
    return RightsNotice(
        "人民调解当事人权利义务告知书",
        f"{COMMITTEE}就{matter_words(live, matter.practice)}进行调解，依照{rules.cited()}，告知如下：",
        points,
        "以上内容已向我宣读、说明，我已知悉，同意接受调解。",
        (*(Signer("当事人", person.name) for _, person in sides), Signer("告知人", _first_mediator(live))),
        f"引用法条：{rules.version_words()}。",
        Imprint(number=live.consultation.case_number),
    )


def confirmation_request(matter: "Matter") -> ConfirmationRequest | None:
    """Return the request to a court, the known parts filled in; None when no dispute was settled."""
    if not has_agreement(matter.live):
        return None
    told, rules, live = settlement(matter), law("mediation"), matter.live
    signed = _day_or_blank(told.day)
    reasons = (
        f"申请人经{committee_of(live)}主持调解，于{signed}自愿达成人民调解协议（编号：{told.number}）。",
        f"依照{rules.cited('confirmation')}，{rules.says('confirmation')}申请人认为有必要，现共同提出申请。",
    )
    return ConfirmationRequest(
        "司法确认申请书",
        told,
        "依法确认申请人之间达成的上述人民调解协议有效。",
        reasons,
        PROMISE,
        f"{BLANK * 2}人民法院",
        ("人民调解协议书原件", "申请人身份证明", f"{COMMITTEE}主持调解的有关材料"),
        tuple(Signer("申请人", name) for name in parties(live)),
        told.names,
        Imprint(number=_number_of(live)),
    )


def settlement(matter: "Matter") -> Settlement:
    """Return what all papers of the mediation tell."""
    live, day = matter.live, held_on(matter.live)
    agreed = _agreed(live)
    tasks = (action for action in live.actions() if action.consensus_id in {one.id for _, one in agreed})
    return Settlement(
        _number_of(live) or f"（{day.year if day else BLANK}）{BLANK}{NUMBER_WORDS}第{BLANK}号",
        _parties(live, matter.places),
        _facts(matter),
        tuple(sentence(one.text) for _, one in agreed),
        tuple(action_words(live, action) for action in tasks),
        wording.full_day(day) if day else "",
        venue_words(live, matter.places, printed(live.sitting.venue)),
        names(live),
    )


def _number_of(live: LiveSitting) -> str:
    """Return the committee's number; a number of the consultation is not one."""
    number = live.consultation.case_number
    return number if NUMBER_WORDS in number else ""


def _day_or_blank(day: str) -> str:
    return day or f"{BLANK}年{BLANK}月{BLANK}日"


def _agreed(live: LiveSitting) -> list[tuple[Issue, Consensus]]:
    """Return what was really agreed on, by number; votes that missed their ratio are no agreement."""
    return [(i, one) for i, one in live.settled() if one.result in SETTLING and not one.is_below_ratio()]


def _sides(live: LiveSitting, *, expected: bool = False) -> list[tuple[Attendance, Person]]:
    """Return the parties who came, in the order of arrival; those who are awaited too when asked for."""
    guests = [*live.came(), *(live.awaited() if expected else ())]
    found = ((guest, live.person(guest.person_id)) for guest in guests if guest.role == Role.PARTY)
    return [(guest, person) for guest, person in found if person]


def mediators(live: LiveSitting) -> list[Person]:
    """Return the mediators who came."""
    found = (live.person(guest.person_id) for guest in live.came() if guest.role == Role.MEDIATOR)
    return [person for person in found if person]


def _first_mediator(live: LiveSitting) -> str:
    return next((person.name for person in mediators(live)), "")


def committee_of(live: LiveSitting) -> str:
    """Return the committee whose seal is wanted: the mediator's own if it is known, else only what it is."""
    units = (live.unit(person.unit_id) for person in mediators(live))
    return next((unit.name for unit in units if unit and unit.name.endswith(COMMITTEE)), COMMITTEE)


def _parties(live: LiveSitting, places: Places) -> tuple[Party, ...]:
    """Return one party for each household; when only one side is on the register, room for the other."""
    sides: dict[str, Party] = {}
    for guest, person in _sides(live):
        key = person.household_id or person.id
        if key in sides:
            sides[key] = replace(sides[key], household=(*sides[key].household, person.name))
        else:
            sides[key] = Party(person.name, _home(person, places), proxy=proxy_words(guest))
    found = tuple(sides.values())
    return found if len(found) > 1 else (*found, Party(""))


def _home(person: Person, places: Places) -> str:
    """Return where somebody lives, from the township down, as far as it is known: 青石乡石墙村二组."""
    known = places.path(person.village_code) if places.get(person.village_code) else ()
    path = [place for place in known if len(place.code) >= 9]
    home = "".join(place.display_name if len(place.code) == 12 else place.printed_name for place in path)
    return joined(home, person.group)


def _facts(matter: "Matter") -> tuple[str, ...]:
    """Return what the dispute is and what was to be settled, sentence by sentence."""
    live, day = matter.live, held_on(matter.live)
    who = "与".join(parties(live)) if len(parties(live)) == 2 else "、".join(parties(live))
    about, by = matter_words(live, matter.practice), "、".join(person.name for person in mediators(live))
    told = about if about.startswith(who) or any(name in about for name in parties(live)) else f"{who}之间因{about}"
    when = wording.full_day(day) if day else ""
    where = venue_words(live, matter.places, printed(live.sitting.venue))
    questions = [printed(issue.title) for issue in live.issues()]
    return (
        f"{told}发生纠纷。{when}，{f'{by}在' if by else '在'}{where}主持调解。",
        f"争议事项：{'；'.join(questions)}。" if questions else "",
    )


def _law_lines(rules: Law) -> tuple[str, ...]:
    """Return what the law says of the agreement, each sentence with its source."""
    said = (
        (rules.says(name).removesuffix("。"), rules.cited(name)) for name in ("in_force", "binding", "confirmation")
    )
    return tuple(f"{text}（{source}）。" for text, source in said)


def _signers(live: LiveSitting) -> tuple[Signer, ...]:
    """Return who signs: every party who came, every mediator, the recorder."""
    sides = [Signer(_label(guest), person.name) for guest, person in _sides(live)]
    other = [Signer("当事人")] if len(parties(live)) < 2 else []
    by = [Signer("人民调解员", person.name) for person in mediators(live)] or [Signer("人民调解员")]
    return (*sides, *other, *by, Signer("记录人", live.sitting.recorder))


def _label(guest: Attendance) -> str:
    proxy = proxy_words(guest)
    return f"当事人（{proxy}）" if proxy else "当事人"
