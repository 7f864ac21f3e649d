"""The PDF file around the pages, fit to be kept for decades: PDF/A-2b (ISO 19005-2) as it is drawn.

Every font is embedded, colours are told by an sRGB profile, what the file is stands in XMP and in Info alike, the
language is declared. There is no date of making: the same content is the same bytes, and when a paper was sealed is
said by its seal.
"""

from collections.abc import Mapping
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab import rl_config
from reportlab.pdfbase.pdfdoc import (
    NoEncryption,
    PDFArray,
    PDFDictionary,
    PDFDocument,
    PDFName,
    PDFObject,
    PDFPage,
    PDFStream,
    PDFString,
)
from reportlab.pdfgen.canvas import Canvas

from app.printing import srgb
from app.printing.fonts import Fonts, Style, clean

rl_config.useA85 = 0  # pages as bytes, not as letters: a fifth smaller

MAKER = "院坝"
PRODUCER = "ReportLab PDF Library"
LANGUAGE = "zh-CN"
VERSION = (1, 7)
CONDITION = "sRGB IEC61966-2.1"
XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>{part}</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
<dc:format>application/pdf</dc:format><dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
{facts}</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
TEXT, LIST = "<{0}>{1}</{0}>", "<{0}><rdf:Seq><rdf:li>{1}</rdf:li></rdf:Seq></{0}>"
WORDS = '<{0}><rdf:Alt><rdf:li xml:lang="x-default">{1}</rdf:li></rdf:Alt></{0}>'
FACTS = {
    "Title": (WORDS, "dc:title"),
    "Author": (LIST, "dc:creator"),
    "Subject": (WORDS, "dc:description"),
    "Creator": (TEXT, "xmp:CreatorTool"),
    "Producer": (TEXT, "pdf:Producer"),
}
"""What Info says, and where XMP says the same (ISO 19005-2, 6.6.3)."""


def xmp(facts: Mapping[str, str], part: int = 2) -> bytes:
    """Return what Info says as XMP, with the part of ISO 19005 the file keeps to."""
    told = "\n".join(
        FACTS[name][0].format(FACTS[name][1], escape(said)) for name, said in facts.items() if name in FACTS and said
    )
    return XMP.format(part=part, language=LANGUAGE, facts=told).encode()


class _Facts(PDFObject):  # type: ignore[misc]  # ReportLab has no types
    """Info without a date and without empty or made-up entries; ReportLab's own always has them."""

    def __init__(self, facts: Mapping[str, str]) -> None:
        self._facts = {name: said for name, said in facts.items() if said}

    def digest(self, md5: Any) -> None:
        """Add what is said to the file's own number."""
        md5.update(repr(self._facts).encode())

    def format(self, document: PDFDocument) -> bytes:
        """Return it as it stands in the file."""
        return bytes(PDFDictionary({name: PDFString(said) for name, said in self._facts.items()}).format(document))


class _Ended(bytes, PDFObject):  # type: ignore[misc]  # ReportLab has no types
    """The content of a stream; a line end behind it keeps it apart from `endstream` (ISO 19005-2, 6.1.7.1)."""

    def format(self, _: PDFDocument) -> bytes:
        """Return it as it stands in the file; ReportLab counts its length without the line end, as it must be."""
        return self + b"\n"


class _Plain(NoEncryption):  # type: ignore[misc]  # ReportLab has no types
    """Nothing is encrypted. ReportLab lets every stream pass here last, which is where its end can be mended."""

    def encode(self, content: str | bytes) -> str | bytes:
        """Return the content of a stream with its end; a word of a dictionary as it is."""
        return _Ended(content) if isinstance(content, bytes) else content


class Document(Canvas):  # type: ignore[misc]  # ReportLab has no types
    """A canvas whose file is PDF/A-2b; `pdf` ends it and returns the bytes."""

    def __init__(
        self, fonts: Fonts, size: tuple[float, float], title: str, author: str = "", subject: str = ""
    ) -> None:
        """Begin a file of pages of one size, in points."""
        self._out = BytesIO()
        # An initial font of ours keeps ReportLab from naming Helvetica, which would not be embedded.
        font = fonts.spans(" ", Style.SONG)[0].font
        super().__init__(
            self._out,
            pagesize=size,
            invariant=1,
            pageCompression=1,
            initialFontName=font,
            lang=LANGUAGE,
            pdfVersion=VERSION,
        )
        self._facts = {"Title": clean(title), "Author": clean(author), "Subject": clean(subject)}
        self._facts |= {"Creator": MAKER, "Producer": PRODUCER}
        self._headings = 0

    def _setAnnotations(self, page: PDFPage) -> None:  # noqa: N802 ReportLab's name
        """Leave out the empty transition ReportLab gives to every page: those are for shows."""
        super()._setAnnotations(page)
        page.Trans = None

    def heading(self, words: str, level: int, top: float) -> None:
        """List a heading of this page, `top` points under the edge of the sheet, among the bookmarks."""
        key = f"h{self._headings}"
        self._headings += 1
        self.bookmarkPage(key, fit="XYZ", left=0, top=self._pagesize[1] - top)
        self.addOutlineEntry(words, key, min(level, self._doc.outline.currentlevel + 1))

    def pdf(self) -> bytes:
        """Return the whole file."""
        document = self._doc
        document.info = _Facts(self._facts)
        document.encrypt = _Plain()
        catalog = document.Catalog
        catalog.__NoDefault__ = [*catalog.__NoDefault__, "OutputIntents"]
        catalog.Metadata = document.Reference(_stream(xmp(self._facts), {"Type": "Metadata", "Subtype": "XML"}))
        catalog.OutputIntents = PDFArray([_intent(document)])
        self.save()
        return self._out.getvalue()


def _stream(content: bytes, names: Mapping[str, str | int]) -> PDFStream:
    entries = {name: PDFName(value) if isinstance(value, str) else value for name, value in names.items()}
    return PDFStream(dictionary=PDFDictionary(entries), content=content)


def _intent(document: PDFDocument) -> PDFDictionary:
    return PDFDictionary(
        {
            "Type": PDFName("OutputIntent"),
            "S": PDFName("GTS_PDFA1"),
            "OutputConditionIdentifier": PDFString(CONDITION),
            "Info": PDFString(CONDITION),
            "DestOutputProfile": document.Reference(_stream(srgb.profile(), {"N": 3})),
        }
    )
