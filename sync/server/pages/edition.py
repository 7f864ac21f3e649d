"""查一查: a code from a paper, typed or read by a telephone, and what it is worth."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.domain.edition import Edition
from app.queries.consultation_open import OpenConsultation, open_consultation
from app.queries.edition import PROVES, Finding, Verdict, verdict
from sync.server.pages.guard import note
from sync.server.pages.room import Room, language_of, page, room_of
from sync.server.words import Tr, words

LONGEST_CODE = 4_000
WORDS: dict[Verdict, str] = {
    Verdict.UNCHANGED: "没改过：这是第{version}版，就是现行的一版。",
    Verdict.SUPERSEDED: "旧版：这是第{version}版，没改过，但现行的是第{now}版。",
    Verdict.ALTERED: "改动过：和定稿时记下的对不上，或者盖印是假的。",
    Verdict.NOT_OURS: "不是院坝的码，或者没拍全、没输全。",
    Verdict.UNKNOWN_HERE: "这里没有这份原件，看不出是不是现行的一版。可能还没送到；到出具它的乡镇或者县里查。",
    Verdict.UNSEALED: "这是定稿前印的纸，没有盖印，验不了。",
}
SIGNED_ELSEWHERE = "签名是好的，但这里还没有这份原件。到出具它的乡镇或者县里查。"


def check(request: Request) -> Response:
    """Return what a code is worth; without one, where to type it."""
    room, code = room_of(request), request.query_params.get("code", "")[:LONGEST_CODE].strip()
    found = room.ask(verdict, room.seal, code) if code else None
    edition = found.edition or found.latest if found else None
    if edition:
        note(request, "read.edition", edition.consultation_id)  # the code itself was typed, and is told by no line
    shown = _meeting(room, edition)
    told = _told(found, words(language_of(request))) if found else ""
    is_good = found is not None and found.verdict == Verdict.UNCHANGED
    common: dict[str, Any] = {"code": code, "found": found, "shown": shown, "told": told}
    return page(request, "check.html", tab="check", is_good=is_good, proves=PROVES, **common)


def _told(found: Finding, tr: Tr) -> str:
    """Return a verdict as whoever asks a province reads it: what is not here may be at the county."""
    if found.verdict == Verdict.UNKNOWN_HERE and found.is_signed:
        return tr(SIGNED_ELSEWHERE)
    version = found.edition.version if found.edition else 0
    return tr(WORDS[found.verdict], version=version, now=found.latest.version if found.latest else version)


def _meeting(room: Room, edition: Edition | None) -> OpenConsultation | None:
    """Return the meeting that a code is about, if everybody may read it."""
    return room.ask(open_consultation, edition.consultation_id, room.today()) if edition else None
