"""One consultation as everybody may read it, beside the columns that lead to it."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.domain.action import ACTION_STAGE_WORDS, ActionStage
from app.domain.consensus import COUNTED, METHOD_WORDS, RESULT_WORDS, SETTLING
from app.domain.edition import Edition
from app.domain.edition_code import signed_words
from app.domain.errors import Missing
from app.domain.revisit import Revisit
from app.domain.topic import TOPIC_STAGE_WORDS
from app.ports import Signature
from app.queries.consultation_open import Item, OpenConsultation, Task, open_consultation
from app.queries.place_cells import TOWNSHIP
from sync.server.pages.place import columns, meetings, way_down
from sync.server.pages.room import Room, language_of, page, room_of
from sync.server.pages.templates import day_words
from sync.server.words import Tr, words

LONGEST_POSTER = 20_000
"""So many signs of a notice are shown; none that anybody can read on a wall has more."""


def consultation(request: Request) -> Response:
    """Return one consultation.

    Raises:
        Missing: There is none, it lies elsewhere, or it is not for everybody.
    """
    room = room_of(request)
    found = found_here(room, request.path_params["consultation_id"])
    host = found.consultation.place_codes[0]
    path = [one for one in room.places.path(host[:TOWNSHIP]) if one.code.startswith(room.code)]
    year, tr = found.years() or room.year(request), words(language_of(request))
    shown: dict[str, Any] = {
        "columns": columns(room, path, year),
        "crumbs": way_down(room, path),
        "chosen": found,
        "address": address(room, found),
        "steps": [(TOPIC_STAGE_WORDS[stage], is_reached) for stage, is_reached in found.steps()],
        "items": [(item, votes(item, tr), reservations(item, tr)) for item in found.items],
        "tasks": [(task, *came_of(task, tr, language_of(request), year)) for task in found.tasks],
        "revisits": [(revisit, went_round(revisit, tr)) for revisit in found.revisits],
        "poster": found.notice.shown[:LONGEST_POSTER].splitlines() if found.notice else (),
        "is_signed": found.edition is not None and is_signed(room, found.edition),
    }
    return page(request, "place.html", tab="place", year=year, **shown, **meetings(room, path, year))


def found_here(room: Room, consultation_id: str) -> OpenConsultation:
    """Return a consultation of this place that everybody may read.

    Raises:
        Missing: There is none.
    """
    found = room.ask(open_consultation, consultation_id, room.today())
    hosts = found.consultation.place_codes[:1] if found else ()
    if found is None or not any(code.startswith(room.code) for code in hosts):
        raise Missing("consultation", consultation_id)
    return found


def address(room: Room, found: OpenConsultation) -> str:
    """Return where it was held: township and village; of several villages, all of them."""
    names = [
        "".join(one.display_name for one in room.places.path(code) if len(one.code) >= TOWNSHIP)
        for code in found.consultation.place_codes
        if room.places.get(code)
    ]
    return "、".join(names)


def is_signed(room: Room, edition: Edition) -> bool:
    """Return whether the signature under a sealed version is good."""
    said = signed_words(edition.sitting_id, edition.version, edition.digest)
    return room.seal.holds(said, Signature(edition.device_key, edition.signature))


def votes(item: Item, tr: Tr) -> str:
    """Return by how many something was settled, as the notice on the wall says it."""
    consensus = item.consensus
    if consensus is None:
        return tr("等定稿") if item.waits else tr("没有议定")
    if consensus.result not in SETTLING:
        return tr(RESULT_WORDS[consensus.result])
    if consensus.method not in COUNTED:
        return tr(METHOD_WORDS[consensus.method])
    tally = consensus.tally()
    if tally.is_unanimous():
        return tr("一致 {count}", count=tally.agree)
    parts = (
        (tally.agree, tr("同意 {count}", count=tally.agree)),
        (tally.against, tr("反对 {count}", count=tally.against)),
        (tally.abstain, tr("弃权 {count}", count=tally.abstain)),
        (tally.silent, tr("不表态 {count}", count=tally.silent)),
    )
    told = [words for count, words in parts if count]
    return " · ".join([*told, tr("未达比例")] if consensus.is_below_ratio() else told)


def reservations(item: Item, tr: Tr) -> str:
    """Return how many kept a reservation; what they said, and who, stays in the county."""
    return tr("保留意见 {count} 条", count=item.reservations) if item.reservations else ""


def went_round(revisit: Revisit, tr: Tr) -> str:
    """Return how a revisit went: about how many households, and whether most were satisfied.

    Of a few nothing is told but that somebody went: who lives there would know whose answer it was.
    """
    one = revisit.as_told()
    count, content = one.households(), one.very_satisfied + one.satisfied
    if not count:
        return tr("走了几户")
    return tr("走了约 {count} 户，多数满意" if 2 * content > count else "走了约 {count} 户", count=count)


def came_of(task: Task, tr: Tr, language: str, year: int) -> tuple[str, bool]:
    """Return what came of a task in a few words, and whether it is done; `year` is that of its meeting."""
    action = task.action
    if action.stage == ActionStage.DONE and action.done_on:
        return tr("{day}办完", day=day_words(action.done_on, language, year)), True
    if action.is_open() and action.due_on:
        return tr("期限 {day}", day=day_words(action.due_on, language, year)), False
    return tr(ACTION_STAGE_WORDS[action.stage]), False
