"""议题审批表 (F2), made from a topic: nothing is typed twice, and whoever has to agree writes and signs by hand."""

from collections.abc import Mapping

from app.domain import wording
from app.domain.consultation import Consultation, ConsultationStage
from app.domain.paper_approval import ApprovalForm
from app.domain.place import Level, Place, Places
from app.domain.practice import Practice
from app.domain.sitting import Sitting
from app.domain.topic import CATEGORIES, SOURCES, Topic
from app.ports import Is, Shelf
from app.queries.paper_invitation import asked_words
from app.queries.paper_places import venue_words
from app.queries.paper_words import BLANK, printed, sentence
from app.queries.people import register
from app.queries.sitting import LiveSitting, live_sitting

FORM = "议题审批表"
STREET = "街道"
COPIES = "本表一式两份，县级政协、乡镇（街道）各存一份。各栏意见由本单位填写、签字、盖章，填表的人不代填。"


def approval_form(shelf: Shelf, places: Places, practices: Mapping[str, Practice], topic_id: str) -> ApprovalForm:
    """Return the form of a topic; of a meeting that was called about it, when, where and who is asked.

    Raises:
        Missing: There is no such topic.
    """
    topic = shelf.get(Topic, topic_id)
    live = _first_meeting(shelf, topic)
    practice = practices.get(live.consultation.practice) if live else None
    form = practice.name if practice else ""
    return ApprovalForm(
        f"{printed(topic.title)}{FORM}",
        f"{form if form.endswith('协商') else '协商'}{FORM}",
        printed(topic.title),
        SOURCES.get(topic.source, ""),
        wording.full_day(topic.raised_on) if topic.raised_on else "",
        CATEGORIES.get(topic.category, ""),
        "".join(one.display_name for one in _path(places, topic) if one.level in (Level.TOWNSHIP, Level.VILLAGE)),
        _situation(topic, shelf.all(Topic, Is("merged_into", topic.id))),
        _planned(live, places) if live else "",
        asked_words(live) if live else "",
        wording.full_day(topic.approved_on) if topic.approved_on else f"{BLANK}年{BLANK}月{BLANK}日",
        tuple((label, "") for label in _opinions(_path(places, topic))),
        COPIES,
    )


def _path(places: Places, topic: Topic) -> tuple[Place, ...]:
    return places.path(topic.village_code) if places.get(topic.village_code) else ()


def _first_meeting(shelf: Shelf, topic: Topic) -> LiveSitting | None:
    """Return the first meeting called about a topic, called off ones left out; None when there is none yet."""
    called = shelf.all(Consultation, Is("topic_id", topic.id), order="id")
    for one in (one for one in called if one.stage != ConsultationStage.CANCELLED):
        for first in shelf.all(Sitting, Is("consultation_id", one.id), order="ordinal", limit=1):
            return live_sitting(shelf, first.id, register(shelf))
    return None


def _situation(topic: Topic, merged: list[Topic]) -> str:
    """Return what is known of the matter, and what else was raised about it."""
    titles = "；".join(printed(one.title) for one in merged)
    more = f"另有{len(merged)}条相同的议题并入：{titles}。" if merged else ""
    return "\n".join(part for part in (sentence(topic.summary), more) if part)


def _planned(live: LiveSitting, places: Places) -> str:
    when, venue = live.sitting.starts_at or live.sitting.opened_at, printed(live.sitting.venue)
    time = f"{wording.full_day(when.date())}{when.hour}时{when.minute:02}分" if when else ""
    return "\n".join(part for part in (time, venue_words(live, places, venue)) if part)


def _opinions(path: tuple[Place, ...]) -> tuple[str, ...]:
    """Return the heads of the boxes, each office called as it is here: 五珠乡党委, 区政协, 市委."""
    at = {one.level: one.display_name for one in path}
    township, county = at.get(Level.TOWNSHIP, ""), at.get(Level.COUNTY, "")[-1:] or "县"
    party = "党工委" if township.endswith(STREET) else "党委"
    return (
        f"{township or '乡镇'}\n{party}意见",
        f"{county}政协\n专委会意见",
        f"{county}政协主席\n会议意见",
        f"{county}委意见\n（重大议题）",
    )
