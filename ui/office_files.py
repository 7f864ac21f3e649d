"""Word, Excel and templates without a window: the same files the window writes, whole or not at all."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import resources
from app.desk import Desk
from app.domain.errors import Refused
from app.domain.place import Places
from app.domain.practice import read_practices
from app.domain.return_figures import Use, usual_use
from app.office_files.excel import excel
from app.office_files.template import TemplateWrong, fill, starter
from app.office_files.word import NoWordFile, word
from app.printing import PAPERS
from app.printing.fonts import Fonts
from app.queries.ledger_book import LISTS, OF_ONE_MEETING, Asked, Book, Ledger
from app.queries.return_count import count_return
from app.queries.return_sheet import return_ledger
from app.settings import ORGAN, PLACE
from ui.office_papers import Press, write_whole

TEMPLATES = "templates"
RETURN = "return"
LARGEST_TEMPLATE = 32_000_000


@dataclass(frozen=True, slots=True)
class Written:
    """One file as it was written; `rows` counts those of a list, `template` names the one that was filled."""

    file: str
    size: int
    sha256: str
    rows: int = 0
    template: str = ""


def write_word(
    desk: Desk, consultation_id: str, kind: str, to: Path, template: Path | None = None, home: Path | None = None
) -> Written:
    """Write one paper as Word: in the county's own template when there is one, else in the form of its print.

    Raises:
        Refused: There is no such paper, or it has no Word file, or the template is wrong.
        Trouble: There is no such meeting, or nothing to say on the paper.
        NotSaved: The disk would not take the file.
    """
    _must_be_known(kind)
    press = Press(desk)
    paper = press.paper(consultation_id, kind)
    own = template or template_of(home, kind)
    content = fill(_read(own), paper) if own else word(paper, press.fonts)
    return _written(to, content, template=str(own) if own else "")


def template_of(home: Path | None, kind: str) -> Path | None:
    """Return the county's own template for a kind of paper, if one lies in the home folder."""
    own = home / TEMPLATES / f"{kind}.docx" if home else None
    return own if own and own.is_file() else None


def write_template(kind: str, to: Path) -> Written:
    """Write a template of a paper with every placeholder it knows; errors as for `write_word`."""
    _must_be_known(kind)
    if PAPERS[kind].compose is None:
        raise NoWordFile(PAPERS[kind].name)
    return _written(to, starter(kind, Fonts()))


def write_excel(desk: Desk, name: str, to: Path, asked: Asked) -> Written:
    """Write a list, or the return, as Excel; of our own place and this year where nothing else is asked for.

    Raises:
        Refused: The list is of one meeting, and it is not said which.
        Missing: There is no such consultation, or no such place.
        NotSaved: The disk would not take the file.
    """
    if name in OF_ONE_MEETING and not asked.consultation_id:
        raise Refused("签到名单是一场会的", "", "用 --consultation 说明是哪一场")
    asked = replace(asked, unit=desk.jotted(ORGAN.name).get(ORGAN.name, ORGAN.default))
    places = Places(resources.places())
    ledger = _return(desk, places, asked) if name == RETURN else _list(desk, places, name, asked)
    return _written(to, excel(ledger), rows=len(ledger.rows))


def _list(desk: Desk, places: Places, name: str, asked: Asked) -> Ledger:
    practices = {code: practice.name for code, practice in read_practices(resources.practices()).items()}
    return desk.ask(lambda shelf: LISTS[name](Book(shelf, places, practices), asked))


def _return(desk: Desk, places: Places, asked: Asked) -> Ledger:
    code = asked.place or desk.jotted(PLACE.name).get(PLACE.name, PLACE.default)[:9]
    year = asked.today.year
    since = date(year, 1, 1) if asked.since == date.min else asked.since
    until = date(year, 12, 31) if asked.until == date.max else asked.until
    use = Use(asked.use) if asked.use else usual_use(places.place(code).level)
    return return_ledger(desk.ask(count_return, places, code, since, until, use), asked.unit, asked.today)


def _must_be_known(kind: str) -> None:
    if kind not in PAPERS:
        raise Refused(f"没有“{kind}”这种文书", "", f"有的是：{'、'.join(PAPERS)}")


def _read(template: Path) -> bytes:
    try:
        with template.open("rb") as file:
            content = file.read(LARGEST_TEMPLATE + 1)
    except OSError as error:
        raise TemplateWrong(f"模板打不开：{template.name}", "看看文件在不在、是不是正开着") from error
    if len(content) > LARGEST_TEMPLATE:
        raise TemplateWrong("这个模板太大了", "去掉模板里的大图片再用")
    return content


def _written(to: Path, content: bytes, *, rows: int = 0, template: str = "") -> Written:
    write_whole(to, content)
    return Written(str(to), len(content), hashlib.sha256(content).hexdigest(), rows, template)
