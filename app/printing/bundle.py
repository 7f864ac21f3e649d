"""存 PDF: the papers of an evening as files, one for each and one of all in the order they are printed."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import pikepdf

FORBIDDEN = str.maketrans(dict.fromkeys('\\/:*?"<>|\n\t', "_"))
ALL = "全部_从头印到尾"


@dataclass(frozen=True, slots=True)
class BundledPaper:
    """One paper of a bundle: what it is called, its PDF, and how many copies are wanted."""

    name: str
    pdf: bytes
    copies: int = 1


def bundle(papers: Sequence[BundledPaper]) -> dict[str, bytes]:
    """Return the files by name: 01_签到表.pdf and so on, then all in one, every copy in its place."""
    files = {
        f"{at:02}_{paper.name.translate(FORBIDDEN)}{_copies(paper)}.pdf": paper.pdf
        for at, paper in enumerate(papers, start=1)
    }
    if len(papers) > 1:
        whole = joined([paper.pdf for paper in papers for _ in range(paper.copies)])
        files[f"{ALL}.pdf"] = whole
    return files


def _copies(paper: BundledPaper) -> str:
    return f"_印{paper.copies}份" if paper.copies > 1 else ""


def joined(pdfs: Sequence[bytes]) -> bytes:
    """Return one PDF of many, page after page; the same ones, the same bytes."""
    out = BytesIO()
    with pikepdf.new() as whole:
        opened = {pdf: pikepdf.open(BytesIO(pdf)) for pdf in dict.fromkeys(pdfs)}
        for pdf in pdfs:
            whole.pages.extend(opened[pdf].pages)
        whole.save(out, deterministic_id=True)
        for document in opened.values():
            document.close()
    return out.getvalue()


def pages_from(pdf: bytes, first: int) -> bytes:
    """Return the PDF from a page on, counted from 0; from 0 it is the very same bytes."""
    if first <= 0:
        return pdf
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        del document.pages[:first]
        document.save(out, deterministic_id=True)
    return out.getvalue()
