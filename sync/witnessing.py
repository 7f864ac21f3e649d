"""Ends of logs that others keep: where the log of an office stood, signed by its server, with those above and below it.

Whoever has one can tell a log that was cut short or written anew, be it by whoever has the server (`server/AUDIT.md`).
They are kept for good, each of them: a later one says nothing of what an earlier one would have found out.
"""

from collections.abc import Iterable, Iterator

from app.ports import Postbox, StatementFile
from sync.directory import AUDIT_HEAD, COUNTY, OTHER, Directory, Said, read_said
from sync.suite import suite


def heads(postbox: Postbox, directory: Directory) -> Iterator[tuple[StatementFile, Said]]:
    """Yield the ends of logs that lie here, in the order they came, and that a computer of that very office signed."""
    for file in postbox.statements(AUDIT_HEAD, OTHER):
        said = read_said(file.raw)
        if said is not None and said.kind == AUDIT_HEAD and _is_of_its_office(said, directory):
            yield file, said


def heads_for(to: str, postbox: Postbox, directory: Directory) -> Iterable[StatementFile]:
    """Return those that ride to an office: of the offices above it and below. Laptops are spared them."""
    if len(to) > COUNTY:
        return []
    found = ((file, said.body.place) for file, said in heads(postbox, directory))
    return [file for file, of in found if of != to and (of.startswith(to) or to.startswith(of))]


def _is_of_its_office(said: Said, directory: Directory) -> bool:
    signers = (directory.device(suite().fingerprint(key)) for key in said.keys)
    return any(card.org == said.body.place for card in signers if card)
