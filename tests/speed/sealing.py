"""Sealing the standard meeting and checking its codes, beside bare SHA-256 and Ed25519 of the same bytes."""

import hashlib
from collections.abc import Iterator

import resources
from app.commands.edition import SealSitting
from app.commands.sitting import CloseSitting
from app.desk import Desk
from app.domain.edition import Edition
from app.domain.edition_code import PageCode, shown_digits
from app.domain.edition_file import read_record_file, record_file
from app.domain.place import Places
from app.domain.practice import read_practices
from app.ports import Seal
from app.queries.edition import Verdict, content_of, editions_of, seal_text, verdict, verdict_of_file
from db.keep import open_home
from sync.homes import SeededDice, StageClock
from tests.speed.county import EVENING, L, Size, county
from tests.speed.figures import Figure, tell, took_ms, usual_ms


def bench(size: Size = L, times: int = 20) -> Iterator[Figure]:
    """Seal the standard meeting of a whole county, then check it by each of its codes."""
    practice, places = read_practices(resources.practices())["yuanba"], Places(resources.places("53"))
    with county(size) as lent:
        home = open_home(lent.folder, EVENING)
        desk = Desk(home.shelf, home.ledger, StageClock(EVENING), SeededDice("seal"), "示例干部", seal=home.seal)
        desk.do(CloseSitting(lent.standard))
        command = SealSitting(lent.standard, content_of(places, practice, lent.standard))
        seal_ms = took_ms(lambda: desk.do(command))
        edition = desk.ask(editions_of, lent.standard)[0]
        raw = edition.record.encode()
        floor = usual_ms(lambda: bare(raw, home.seal), times)
        what, said = "bare SHA-256, signing and checking", f"{len(raw) / 1000:.0f} kB of record"
        yield Figure("a meeting sealed, durable", seal_ms, "ms", 500, floor, what, note=said)
        for name, text in codes(edition).items():
            assert desk.ask(verdict, desk.seal, text).verdict is Verdict.UNCHANGED
            ms = usual_ms(lambda told=text: desk.ask(verdict, desk.seal, told), times)  # type: ignore[misc]
            yield Figure(f"verified by {name}", ms, "ms", 1_000, floor, what)
        file = record_file(edition, True)
        yield Figure("verified by a record file", usual_ms(lambda: _file(desk, file), times), "ms", 1_000, floor, what)
        home.close()


def codes(edition: Edition) -> dict[str, str]:
    """Return the texts by which a version can be checked."""
    page = PageCode(edition.sitting_id, "consensus_paper", edition.version, 1, 2, edition.digest[:16])
    return {
        "seal code": seal_text(edition),
        "page code": page.text("协商共识", edition.digits),
        "20 digits": shown_digits(edition.digits),
        "12 digits": shown_digits(edition.digits)[:14],
    }


def _file(desk: Desk, raw: bytes) -> None:
    found = read_record_file(raw)
    assert found is not None
    assert desk.ask(verdict_of_file, desk.seal, found).verdict is Verdict.UNCHANGED


def bare(raw: bytes, seal: Seal) -> None:
    """Do the part that no seal can do without."""
    words = hashlib.sha256(raw).digest()
    assert seal.holds(words, seal.sign(words))


if __name__ == "__main__":
    tell(bench())
