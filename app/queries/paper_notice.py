"""公示, 承诺卡, 上次说的事办到哪了, 满意度测评表: what goes on the wall and to the households."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

import resources
from app.domain import wording
from app.domain.action import ACTION_STAGE_WORDS, Action, ActionStage, Contribution, Progress
from app.domain.attendance import Attendance
from app.domain.consultation import Consultation
from app.domain.notice import IN_OFFICE
from app.domain.notice_check import leaks
from app.domain.notice_mask import SURNAMES, Mask, MaskRules, doubts, masked
from app.domain.paper import ConsensusSection, Imprint
from app.domain.paper_notice import (
    BallotSheet,
    LookBack,
    LookBackLine,
    LookBackWall,
    NoticeSection,
    NoticeTask,
    PromiseCard,
    PromiseCards,
    PublicNotice,
    PublicNoticePoster,
    PublicNoticeWall,
)
from app.domain.people import Person
from app.domain.place import Level
from app.domain.revisit import Revisit
from app.domain.sitting import Sitting
from app.domain.unit import Unit
from app.ports import Among, Shelf
from app.queries.paper import consensus_paper
from app.queries.paper_law import law
from app.queries.paper_places import place_words, seal_words
from app.queries.paper_words import (
    due_words,
    held_on,
    meeting_word,
    printed,
    sentence,
    share_lines,
    title_words,
    was_held,
)
from app.queries.sitting import LiveSitting

if TYPE_CHECKING:
    from app.queries.papers import Matter

NO_PERSON = tuple("会组社所局站办村司队户厂校院委部乡镇县府体")
PERIOD = "公示时间：{start}至{end}，共{days}天。"
REMARKS = "有意见，向村务监督委员会或者主办单位反映。"
WELCOME = "对公示内容有意见的，可在公示期内向村务监督委员会或者主办单位反映，也可以写在下面。"


@dataclass(frozen=True, slots=True)
class ShownMask:
    """One mask and where on the notice it is: 共识一, 任务2."""

    where: str
    mask: Mask


@dataclass(frozen=True, slots=True)
class MaskedNotice:
    """A notice ready to be looked at: the paper, what is hidden on it, what forbids posting it, and what may be a name
    of somebody on no list (`doubts`), which only a person can tell.
    """

    paper: PublicNotice
    masks: tuple[ShownMask, ...]
    findings: tuple[str, ...]
    doubts: tuple[str, ...] = ()


class _Hiding:
    """Hides text by text and remembers each mask."""

    def __init__(self, rules: MaskRules) -> None:
        self.rules = rules
        self.masks: list[ShownMask] = []

    def text(self, where: str, text: str) -> str:
        shown, masks = masked(text, self.rules)
        self.masks += [ShownMask(where, mask) for mask in masks]
        return shown


def mask_rules(
    live: LiveSitting, phones: tuple[str, ...] = (), chosen: tuple[str, ...] = (), lifted: tuple[str, ...] = ()
) -> MaskRules:
    """Return what is hidden of a meeting: whoever is there in no office, who signs for them, who shares a cost, and
    everybody else on the register of the same villages.
    """
    hidden, shown = set[str](), set[str]()
    for attendance in live.attendances():
        person = live.person(attendance.person_id)
        if person is not None:
            (shown if attendance.role in IN_OFFICE else hidden).add(person.name)
        hidden.add(attendance.proxy_name)
    hidden |= {person.name for person in map(live.person, _others(live)) if person} - shown
    hidden |= {name for name in _parties(live) if is_like_a_person(name)} - shown
    told = (live.host(), live.sitting.recorder)
    shown |= {name for name in told if name and name not in hidden}
    hidden |= _neighbours(live) - shown
    things = (*(unit.name for unit in live.register.units.values()), live.consultation.hamlet)
    return rules_hiding(hidden, {*(shown - hidden), *things}, phones, chosen, lifted)


def rules_hiding(
    hidden: Iterable[str],
    shown: Iterable[str],
    phones: tuple[str, ...] = (),
    chosen: tuple[str, ...] = (),
    lifted: tuple[str, ...] = (),
) -> MaskRules:
    """Return the rules that hide these names, let those stand, and know the words that are nobody's business."""
    words = _private_words()
    return MaskRules(
        tuple(sorted(name for name in hidden if len(name) > 1)),
        tuple(sorted({*filter(None, shown), *map(str, _listed(words["public"]))})),
        phones,
        tuple(str(word) for kind in ("health", "family") for word in _listed(words[kind])),
        tuple(map(str, _listed(words["aid"]))),
        chosen,
        lifted,
    )


@cache
def _private_words() -> Mapping[str, object]:
    return resources.private_words()


def _neighbours(live: LiveSitting) -> set[str]:
    """Return everybody on the register of the meeting's villages who is in no office, present or not."""
    villages = {code for code in live.consultation.place_codes if code}
    people = live.register.people.values()
    return {one.name for one in people if one.village_code in villages and one.role not in IN_OFFICE and one.standing}


def hide(matter: "Matter") -> Callable[[str], str]:
    """Return what takes out of a text all that a notice of this meeting would hide."""
    rules = mask_rules(matter.live)
    return lambda text: masked(text, rules)[0]


def _listed(words: object) -> list[object]:
    return words if isinstance(words, list) else []


def _others(live: LiveSitting) -> Iterator[str | None]:
    for statement in live.statements():
        yield statement.speaker_id
    for action in live.actions():
        yield action.person_id
    for _, consensus in live.settled():
        for reservation in live.reservations_of(consensus.id):
            yield reservation.person_id


def _parties(live: LiveSitting) -> Iterator[str]:
    for action in live.actions():
        for part in live.contributions_of(action.id):
            yield part.party


def is_like_a_person(name: str) -> bool:
    """Return whether what somebody wrote as a party may be a person's name; in doubt it is."""
    return 2 <= len(name) <= 4 and name[0] in SURNAMES and not name.endswith(NO_PERSON)


def masked_notice(matter: "Matter", chosen: tuple[str, ...] = (), lifted: tuple[str, ...] = ()) -> MaskedNotice | None:
    """Return the notice of a meeting with every mask and what forbids posting it.

    `chosen` is hidden besides; `lifted` a person has looked at and lets stand, as far as a mask may be lifted.
    None for a closed session, while the meeting lasts, and when nothing came of it.
    """
    live = matter.live
    if live.consultation.closed_session or live.sitting.is_open() or not live.settled():
        return None
    hiding = _Hiding(mask_rules(live, (matter.issuer.phone,) if matter.issuer.phone else (), chosen, lifted))
    paper = _notice(matter, hiding)
    text = "\n".join(_told(paper))
    return MaskedNotice(paper, tuple(hiding.masks), leaks(text, hiding.rules), doubts(text, hiding.rules))


def _notice(matter: "Matter", hiding: _Hiding) -> PublicNotice:
    live, practice = matter.live, matter.practice
    whole = consensus_paper(live, matter.places, practice)
    days = practice.deadlines.display_days
    today = matter.today or held_on(live)
    start, end = (today + timedelta(days=1), today + timedelta(days=days)) if today else (None, None)
    period = PERIOD.format(start=wording.full_day(start), end=wording.full_day(end), days=days) if start and end else ""
    contact = "，".join(part for part in (matter.issuer.contact, matter.issuer.phone) if part)
    settled = {issue.title for issue, _ in live.settled()}
    wanted = [part for issue, part in zip(live.issues(), whole.sections, strict=True) if issue.title in settled]
    sections = tuple(_section(number, part, hiding) for number, part in enumerate(wanted, start=1))
    return PublicNotice(
        title=hiding.text("标题", title_words(live, practice, "结果公示")),
        opening=hiding.text("开头", whole.opening),
        sections=sections,
        tasks=tuple(_task(live, action, hiding) for action in live.actions()),
        basis=_basis(matter),
        period=period,
        phone=f"监督电话：{contact}" if contact else "监督电话：＿＿＿＿＿＿＿＿",
        closing=WELCOME,
        remark_line=REMARKS,
        organ=matter.issuer.organ,
        day=wording.full_day(today) if today else "",
        seals=seal_words(live, matter.places, practice)[:1],
        imprint=Imprint(number=live.consultation.case_number),
    )


def _basis(matter: "Matter") -> str:
    """Return on what ground it is made public: the law where it is a village's, and the meeting itself."""
    codes = matter.live.consultation.place_codes
    found = (matter.places.get(code) for code in codes)
    villages = [place for place in found if place and place.level is Level.VILLAGE]
    is_village = bool(villages) and not any(place.display_name.endswith("社区") for place in villages)
    rules = f"{law('village').cited('publication')}关于村务公开的规定，" if is_village else ""
    return f"公示依据：{rules}{meeting_word(matter.practice)}议定的结果。"


def _section(number: int, section: ConsensusSection, hiding: _Hiding) -> NoticeSection:
    where, kept = f"共识{wording.numeral(number)}", len(section.reservations)
    return NoticeSection(
        hiding.text(f"焦点{number}标题", section.heading),
        hiding.text(where, section.text),
        hiding.text(f"{where}表决", section.tally),
        section.below_ratio,
        f"另有保留意见{kept}条，已记录在案。" if kept else "",
        section.route_line,
    )


def _task(live: LiveSitting, action: Action, hiding: _Hiding) -> NoticeTask:
    unit = live.unit(action.unit_id)
    where = f"任务{action.number}"
    return NoticeTask(
        hiding.text(where, printed(action.text)),
        hiding.text(f"{where}单位", unit.name if unit else ""),
        due_words(action, held_on(live)),
    )


def _told(paper: PublicNotice) -> Iterator[str]:
    """Yield every text that was made from what people said; the office's own lines are left out."""
    yield paper.title
    yield paper.opening
    yield paper.basis
    for section in paper.sections:
        yield from (section.heading, section.text, section.tally, section.route_line)
    for task in paper.tasks:
        yield from (task.task, task.unit)


def notice_text(paper: PublicNotice) -> str:
    """Return a notice as plain text, as it is kept with the record that it was posted."""
    tasks = (f"{n}. {task.task}（{task.unit}，{task.due}）" for n, task in enumerate(paper.tasks, start=1))
    return "\n".join(part for part in (*_told(replace(paper, tasks=())), *tasks, paper.period) if part)


def public_notice(matter: "Matter") -> PublicNotice | None:
    """Return the notice, masked."""
    found = masked_notice(matter)
    return found.paper if found else None


def public_notice_wall(matter: "Matter") -> PublicNoticeWall | None:
    """Return the notice in large letters."""
    paper = public_notice(matter)
    return PublicNoticeWall(paper.title, paper, paper.imprint) if paper else None


def public_notice_poster(matter: "Matter") -> PublicNoticePoster | None:
    """Return the notice on A3."""
    paper = public_notice(matter)
    return PublicNoticePoster(paper.title, paper, paper.imprint) if paper else None


def promise_cards(matter: "Matter") -> PromiseCards | None:
    """Return a card for each task and each household that has to do with it; None when there is no task."""
    live = matter.live
    rules = mask_rules(live)
    cards = tuple(card for action in live.actions() for card in _cards(matter, action, rules))
    if not cards or not was_held(live):
        return None
    day = held_on(live)
    return PromiseCards(
        title_words(live, matter.practice, "承诺卡"),
        printed(live.consultation.title),
        wording.full_day(day) if day else "",
        matter.issuer.organ,
        cards,
        Imprint(number=live.consultation.case_number),
    )


def _cards(matter: "Matter", action: Action, rules: MaskRules) -> Iterator[PromiseCard]:
    live = matter.live
    unit = live.unit(action.unit_id)
    for name, share in _households(live, action).items():
        own = replace(rules, hidden=tuple(one for one in rules.hidden if one != name))
        yield PromiseCard(
            action.number,
            name,
            masked(sentence(action.text), own)[0],
            masked(unit.name if unit else "", own)[0],
            due_words(action, held_on(live)),
            share,
            matter.issuer.phone,
        )


def _households(live: LiveSitting, action: Action) -> dict[str, str]:
    """Return whom a task concerns by name, and what each brings; one without a name when it is nobody's in particular.

    Those who share a cost, and a villager who is to do it.
    """
    parts = live.contributions_of(action.id)
    found = {part.party: _own_share(part) for part in parts if is_like_a_person(part.party) or part.person_id}
    person = live.person(action.person_id)
    if person is not None and person.role not in IN_OFFICE:
        found.setdefault(person.name, "")
    return found or {"": ""}


def _own_share(part: Contribution) -> str:
    return "".join(share_lines([part])).removeprefix(printed(part.party))


def look_back(matter: "Matter") -> LookBack | None:
    """Return what became of earlier promises in the same villages, those overdue first; None when none were made."""
    if not matter.promises:
        return None
    lines = sorted(matter.promises, key=lambda line: (not line.is_late, line.is_done))
    place = place_words(matter.live, matter.places)
    when = f"（截至{wording.full_day(matter.today)}）" if matter.today else ""
    return LookBack(
        "上次说的事办到哪了",
        f"{place}前几次会上定下的事，办到哪一步{when}：",
        tuple(lines),
        _sums(lines),
        "说得不对的，请当场指出来；没办的，今天接着说。",
        Imprint(number=matter.live.consultation.case_number),
    )


def _sums(lines: list[LookBackLine]) -> str:
    """Return the figures at the end: 一共5件，办好2件，没办好3件，其中超期1件、终止1件。"""
    done, late = sum(line.is_done for line in lines), sum(line.is_late for line in lines)
    dropped = sum(line.state == ACTION_STAGE_WORDS[ActionStage.DROPPED] for line in lines)
    among = "、".join(f"{word}{count}件" for word, count in (("超期", late), ("终止", dropped)) if count)
    open_words = f"没办好{len(lines) - done}件" if done < len(lines) else "都办好了"
    told = (f"一共{len(lines)}件", f"办好{done}件", open_words, f"其中{among}" if among else "")
    return "，".join(part for part in told if part) + "。"


def look_back_wall(matter: "Matter") -> LookBackWall | None:
    """Return the same in letters for a wall."""
    page = look_back(matter)
    if page is None:
        return None
    day = wording.full_day(matter.today) if matter.today else ""
    return LookBackWall(page.title, page, matter.issuer.organ, day, page.imprint)


def earlier_promises(shelf: Shelf, live: LiveSitting, today: date | None) -> tuple[LookBackLine, ...]:
    """Return what was promised at meetings here that ended before this one, as the wall may tell it, by their day.

    Nobody is named but units; closed sessions are left out. What was dropped is told too.
    """
    sittings = _held_before(shelf, live)
    ids = tuple(sitting.id for sitting in sittings)
    found = shelf.all(Action, Among("sitting_id", ids), order="due_on") if ids else []
    if not found:
        return ()
    units = {unit.id: unit.name for unit in shelf.all(Unit, Among("id", tuple({a.unit_id or "" for a in found})))}
    notes, revisits = (told(shelf, tuple(action.id for action in found)) for told in (_latest_notes, _latest_revisits))
    rules = mask_rules(live)
    rules = replace(rules, hidden=tuple(sorted({*rules.hidden, *_villagers_of(shelf, ids)} - set(rules.shown))))
    what = {action.id: " ".join(filter(None, (notes.get(action.id), revisits.get(action.id)))) for action in found}
    return tuple(_line(action, units, what[action.id], rules, today) for action in found)


def _held_before(shelf: Shelf, live: LiveSitting) -> list[Sitting]:
    """Return the meetings in the same villages that ended before this one began; closed sessions are left out."""
    villages = {code for code in live.consultation.place_codes if len(code) >= 9}
    here = {one.id for one in shelf.all(Consultation) if villages & set(one.place_codes) and not one.closed_session}
    ours = live.sitting.opened_at or live.sitting.starts_at
    told = (one for one in shelf.all(Sitting) if one.consultation_id in here and one.id != live.sitting_id)
    return [one for one in told if one.ended_at is not None and (ours is None or one.ended_at <= ours)]


def _latest_notes(shelf: Shelf, action_ids: tuple[str, ...]) -> dict[str, str]:
    """Return the latest line of progress of each task."""
    return {note.action_id: note.text for note in shelf.all(Progress, Among("action_id", action_ids), order="said_at")}


def _latest_revisits(shelf: Shelf, action_ids: tuple[str, ...]) -> dict[str, str]:
    """Return how many households were asked about each task last, and how many of them are satisfied.

    Of a few it is not told on a wall what they said: everybody there would know who it was.
    """
    asked = shelf.all(Revisit, Among("action_id", action_ids), order="visited_on")
    return {one.action_id or "": _asked(one) for one in asked}


def _asked(one: Revisit) -> str:
    if one.is_few():
        return f"回访了{one.households()}户。"
    displeased = f"，不满意{one.dissatisfied}户" if one.dissatisfied else ""
    return f"回访了{one.households()}户，满意{one.very_satisfied + one.satisfied}户{displeased}。"


def _villagers_of(shelf: Shelf, sitting_ids: tuple[str, ...]) -> set[str]:
    """Return the names of those who came to other meetings in no office."""
    guests = shelf.all(Attendance, Among("sitting_id", sitting_ids))
    ids = tuple({guest.person_id for guest in guests if guest.role not in IN_OFFICE})
    names = {person.name for person in shelf.all(Person, Among("id", ids))} if ids else set()
    return {name for name in (*names, *(guest.proxy_name for guest in guests)) if len(name) > 1}


def _line(action: Action, units: dict[str, str], note: str, rules: MaskRules, today: date | None) -> LookBackLine:
    late = today is not None and action.is_overdue(today)
    state = ACTION_STAGE_WORDS[action.stage]
    days = (today - action.due_on).days if late and today and action.due_on else 0
    return LookBackLine(
        _safe(action.text, rules),
        _safe(units.get(action.unit_id or "", ""), rules),
        wording.day_seen_from(action.due_on, today or action.due_on) if action.due_on else printed(action.due_words),
        f"超期{days}天，{state}" if late else state,
        _safe(note, rules),
        late,
        action.stage == ActionStage.DONE,
    )


def _safe(text: str, rules: MaskRules) -> str:
    return masked(printed(text), rules)[0]


def ballot_sheet(matter: "Matter") -> BallotSheet:
    """Return the ballots about how the matter was handled and what came of it; no name is asked."""
    live = matter.live
    return BallotSheet(
        "群众满意度测评表",
        masked(printed(live.consultation.title), mask_rules(live))[0],
        imprint=Imprint(number=live.consultation.case_number),
    )
