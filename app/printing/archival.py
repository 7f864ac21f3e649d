"""A PDF for the archive: PDF/A-2b, or PDF/A-3b when a file travels inside it (ISO 19005-2 and -3).

Papers are drawn so already (`document.py`); this is for what is put together from several files, and for the record
that a sealed paper carries along.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import md5
from io import BytesIO

import pikepdf
from pikepdf import Array, AttachedFileSpec, Dictionary, Name, Pdf, String

from app.printing import srgb
from app.printing.document import CONDITION, LANGUAGE, MAKER, PRODUCER, xmp

TOLD = ("Title", "Author", "Subject")


class Relation(StrEnum):
    """What a file inside is to the pages (ISO 19005-3, table E.1)."""

    SOURCE = "Source"
    DATA = "Data"
    SUPPLEMENT = "Supplement"


@dataclass(frozen=True, slots=True)
class Attached:
    """A file inside a PDF: its name in ASCII, its type (application/json), its content, what it is in a few words."""

    name: str
    media_type: str
    content: bytes
    says: str = ""
    relation: Relation = Relation.SOURCE


def archival(pdf: bytes, attachments: Sequence[Attached] = (), title: str = "") -> bytes:
    """Return the same pages as PDF/A with the files inside: the same given, the same bytes.

    Fonts must be embedded already; `title` replaces the one it has, if given.
    """
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        finish(document, attachments, title)
        document.save(out, deterministic_id=True, min_version="1.7")
    return out.getvalue()


def finish(document: Pdf, attachments: Sequence[Attached] = (), title: str = "") -> None:
    """Make an opened PDF one for the archive: files, colours, language, and what it says about itself."""
    for file in attachments:
        _attach(document, file)
    root = document.Root
    names = root.get(Name.Names, Dictionary())
    root.Lang = String(LANGUAGE)
    root.OutputIntents = Array([_intent(document)])
    for page in document.pages:
        if Name.Trans in page.obj:
            del page.obj[Name.Trans]
    facts = _facts(document, title)
    document.trailer.Info = document.make_indirect(Dictionary({f"/{name}": said for name, said in facts.items()}))
    told = document.make_stream(xmp(facts, 3 if Name.EmbeddedFiles in names else 2))
    told.Type, told.Subtype = Name.Metadata, Name.XML
    root.Metadata = told


def attached(pdf: bytes) -> dict[str, bytes]:
    """Return the files inside a PDF by name."""
    with pikepdf.open(BytesIO(pdf)) as document:
        return {name: spec.get_file().read_bytes() for name, spec in document.attachments.items()}


def _attach(document: Pdf, file: Attached) -> None:
    relation = Name(f"/{file.relation.value}")
    said = file.says or file.name
    spec = AttachedFileSpec(document, file.content, description=said, filename=file.name, relationship=relation)
    document.attachments[file.name] = spec
    stream = document.make_stream(file.content)
    stream.Type, stream.Subtype = Name.EmbeddedFile, Name(f"/{file.media_type}")
    # The day of change is asked for; without a clock the same paper stays the same bytes, so it is a fixed one.
    stream.Params = Dictionary(Size=len(file.content), CheckSum=_sum(file.content), ModDate=String("D:20000101000000Z"))
    spec.obj.EF = Dictionary(F=stream, UF=stream)


def _sum(content: bytes) -> String:
    return String(md5(content, usedforsecurity=False).digest())


def _facts(document: Pdf, title: str) -> dict[str, str]:
    """Return what the file says about itself; a date of making is not among it."""
    had = document.trailer.get(Name.Info, Dictionary())
    facts = {name: str(had.get(f"/{name}", "")) for name in TOLD} | {"Creator": MAKER, "Producer": PRODUCER}
    facts["Title"] = title or facts["Title"]
    return {name: said for name, said in facts.items() if said}


def _intent(document: Pdf) -> Dictionary:
    profile = document.make_stream(srgb.profile())
    profile.N = 3
    return Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String(CONDITION),
        Info=String(CONDITION),
        DestOutputProfile=profile,
    )
