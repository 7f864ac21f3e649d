"""Ends of logs that others keep: where the log of an office stood, signed by its server, with those above and below it.

Whoever has one can tell a log that was cut short or written anew, be it by whoever has the server (`server/AUDIT.md`).
They are kept for good, each of them. A later one says nothing of what an earlier one would have found out, since who
keeps them does not have the log; and whichever were dropped, by their days, numbers or order, whoever has the server
and signs as it likes could have dropped that way before anybody looks. They are few: 52 a year of each office, 0.4 kB
each, and 11 bytes in a receipt. So all that must not grow with them is what is done for every pack: whoever knows one
already is not told it again, and it is not even read.
"""

from collections.abc import Callable, Container, Iterable, Iterator

from app.ports import Postbox, StatementFile
from sync.directory import AUDIT_HEAD, COUNTY, OTHER, Directory, Said, read_said
from sync.receipts import SHORT
from sync.suite import suite


def heads(
    postbox: Postbox, directory: Directory, is_wanted: Callable[[StatementFile], bool] = lambda file: True
) -> Iterator[tuple[StatementFile, Said]]:
    """Yield the ends of logs that lie here, in the order they came, and that a computer of that very office signed; of
    those only that are wanted, as far as can be told unread."""
    for file in postbox.statements(AUDIT_HEAD, OTHER):
        said = read_said(file.raw) if is_wanted(file) else None
        if said is not None and said.kind == AUDIT_HEAD and _is_of_its_office(said, directory):
            yield file, said


def is_about(file: StatementFile, place: str) -> bool:
    """Return whether a file may hold an end of the log of this office: what an older program kept tells of nobody."""
    return file.kind == OTHER or file.subject == place


def heads_for(
    to: str, postbox: Postbox, directory: Directory, known: Container[str] = frozenset()
) -> Iterable[StatementFile]:
    """Return those that ride to an office: of the offices above it and below, but not those of which it has said that
    it knows them, by their first digits. Laptops are spared them."""
    if len(to) > COUNTY:
        return []

    def may_ride(file: StatementFile) -> bool:
        return file.id[:SHORT] not in known and (file.kind == OTHER or _rides(file.subject, to))

    return [file for file, said in heads(postbox, directory, may_ride) if _rides(said.body.place, to)]


def _rides(of: str, to: str) -> bool:
    return of != to and (of.startswith(to) or to.startswith(of))


def _is_of_its_office(said: Said, directory: Directory) -> bool:
    signers = (directory.device(suite().fingerprint(key)) for key in said.keys)
    return any(card.org == said.body.place for card in signers if card)
