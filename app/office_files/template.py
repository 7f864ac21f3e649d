"""Templates: a Word file of the county's own with placeholders in Chinese, filled from what stands on a paper.

`{{标题}}` is put in as text, `{%p for …%}` and `{%tr for …%}` repeat a paragraph or a row (docxtpl, jinja2). A template
comes from outside: it is sandboxed, its size is looked at first, and a mistake in it names the placeholder. What is
half filled is never returned. `starter` writes a template with every placeholder a paper knows, to be cut down.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, cast, get_args, get_origin, get_type_hints

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

from app.domain.errors import Refused
from app.domain.paper import Imprint, Paper
from app.office_files.ooxml import same_bytes, sound
from app.office_files.template_words import EACH, WORDS
from app.office_files.word import PaperWord, sum_of, tell_properties
from app.office_files.word_page import NOT_SIGNED
from app.printing import PAPERS, kind_of
from app.printing.column import Column
from app.printing.fonts import Fonts
from app.printing.paper_pdf import VALUE, PaperPdf
from app.printing.pen import MM

WRONG = (
    *(TemplateError, PackageNotFoundError, zipfile.BadZipFile, zlib.error),
    *(LookupError, ValueError, TypeError, ArithmeticError, AttributeError, SyntaxError, RecursionError),
)
"""What a foreign file and the expressions in it can go wrong with."""
MOST_PARTS, MOST_BYTES = 2_000, 64_000_000
UNSHOWN = {"imprint", "names", "people", "action_ids", "kinds", "attachments"}
SENTENCES = {
    *("正文", "开头", "结尾", "引言", "表决", "告知", "宣读语言"),
    *("份数说明", "效力说明", "日期行", "副标题", "协议内容"),
}
KEPT = "没有生成文件，会议内容都在"
IMPRINT_WORDS = {"编号": "number_shown", "版次": "version", "页脚": "footer", "编制单位": "author"}


class TemplateWrong(Refused):
    """A template that cannot be filled."""

    def __init__(self, what: str, advice: str = "") -> None:
        super().__init__(
            what, "没有生成文件，会议内容都在", advice or "改好模板再试；不改也行，把模板移走就用自带的格式"
        )


def fill(template: bytes, paper: Paper) -> bytes:
    """Return a template filled from a paper: the same template and paper, the same bytes.

    Raises:
        TemplateWrong: It is no Word file, or a placeholder in it is misspelled or unknown.
    """
    _look_at(template)
    told = context(paper)
    jinja = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    try:
        document = DocxTemplate(io.BytesIO(template))
        document.render(told, jinja, autoescape=True)
        tell_properties(document.docx, paper)
        out = io.BytesIO()
        document.save(out)
    except UndefinedError as error:
        raise TemplateWrong(_unknown(str(error)), f"可用的有：{'、'.join(_shown(told))}") from error
    except TemplateSyntaxError as error:
        raise TemplateWrong(f"模板里有一处写得不对：{_place(error)}", "看看 {{ 和 }}、{% 和 %} 是不是成对") from error
    except (SecurityError, OverflowError) as error:
        raise TemplateWrong("模板里有不许用的写法", "模板里只放 {{项目名}} 和循环") from error
    except WRONG as error:
        raise TemplateWrong(f"这个模板填不了：{str(error)[:80]}") from error
    return same_bytes(out.getvalue())


def _look_at(template: bytes) -> None:
    """Refuse what is no Word file, or would swell when it is opened (5.2.3, CWE-409)."""
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as package:
            parts = package.infolist()
    except zipfile.BadZipFile as error:
        raise TemplateWrong("这个模板不是 Word 文件（.docx）", "用 Word 或 WPS 另存为 .docx 再用") from error
    if "word/document.xml" not in {part.filename for part in parts}:
        raise TemplateWrong("这个模板不是 Word 文件（.docx）", "用 Word 或 WPS 另存为 .docx 再用")
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
        raise TemplateWrong("这个模板太大了", "去掉模板里的大图片再用")


def _unknown(said: str) -> str:
    """Return which placeholder is unknown, as the person wrote it."""
    name = said.split("'")[-2] if said.count("'") >= 2 else said
    return f"模板里的“{{{{{name}}}}}”没有这一项"


def _place(error: TemplateSyntaxError) -> str:
    """Return the line of the template that is wrong, without its markup."""
    lines = getattr(error, "docx_context", None) or [error.message or ""]
    text = "".join(str(line) for line in lines)
    plain = "".join(part.rpartition(">")[2] for part in text.split("<")).strip()
    return (plain or str(error.message))[:60]


def _shown(told: Mapping[str, Any]) -> Iterator[str]:
    return (name for name in told if not name.isascii())


def context(paper: Paper) -> dict[str, Any]:
    """Return what a template may name: every part of the paper in Chinese, and as the program calls it."""
    told: dict[str, Any] = _fields(paper)
    told |= {word: sound(str(getattr(paper.imprint, name))) for word, name in IMPRINT_WORDS.items()}
    return told | {"文书": PAPERS[kind_of(paper)].name, "内容摘要": sum_of(paper), "副本声明": NOT_SIGNED}


def _fields(content: Any) -> dict[str, Any]:
    told = {one.name: _plain(getattr(content, one.name)) for one in fields(content)}
    return told | {WORDS[name]: value for name, value in told.items() if name in WORDS}


def _plain(value: Any) -> Any:
    """Return a part of a paper as a template sees it: texts, lists, and things with names."""
    if isinstance(value, Imprint) or value is None:
        return ""
    if isinstance(value, str):
        return "\n".join(sound(line) for line in value.splitlines())
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return _fields(value) if is_dataclass(value) else value


def starter(kind: str, fonts: Fonts) -> bytes:
    """Return a template for a kind of paper with every placeholder it knows, set in the styles of its Word file."""
    about = PAPERS[kind]
    put = PaperWord(PaperPdf(fonts, about.sheet))
    put.title("{{标题}}")
    hints = get_type_hints(about.content)
    for one in _shown_fields(about.content):
        if one != "title":
            _put(put, _name(one), _name(one), hints[one])
    # The version is a placeholder here, and a number only when the template has been filled.
    imprint = Imprint(number="{{编号}}", version=cast(int, "{{版次}}"))
    return put.docx(_Titled(f"{about.name}模板", imprint), "{{内容摘要}}")


@dataclass(frozen=True, slots=True)
class _Titled:
    """A paper of which only the title is known."""

    title: str
    imprint: Imprint


def _shown_fields(content: Any) -> list[str]:
    """Return the parts that are to be read; names to be kept whole and ids are not."""
    return [one.name for one in fields(content) if one.name not in UNSHOWN]


def _name(field: str) -> str:
    return WORDS.get(field, field)


def _put(put: PaperWord, word: str, path: str, hint: Any, depth: int = 0) -> None:
    """Put the placeholders for one part: a text, a list of texts or pairs, a list of things."""
    inner = next((one for one in get_args(hint) if one is not Ellipsis), None) if get_origin(hint) is tuple else None
    if inner is None:
        _put_one(put, word, path, hint, depth)
        return
    each = EACH[depth]
    if is_dataclass(inner) and (columns := _flat(inner)):
        _put_table(put, each, path, columns)
        return
    put.text(f"{{%p for {each} in {path} %}}")
    if is_dataclass(inner):
        _put_things(put, each, inner, depth + 1)
    elif get_origin(inner) is tuple and Ellipsis not in get_args(inner):
        put.text(f"{{{{{each}[0]}}}}：{{{{{each}[1]}}}}")
    else:
        put.text(f"{{{{{each}|join('　')}}}}" if get_origin(inner) is tuple else f"{{{{{each}}}}}")
    put.text("{%p endfor %}")


def _put_one(put: PaperWord, word: str, path: str, hint: Any, depth: int) -> None:
    """Put a single part, left out where it is empty; what is a sentence of its own stands without a label."""
    if is_dataclass(hint):
        _put_things(put, path, hint, depth)
        return
    put.text(f"{{%p if {path} %}}")
    if word == WORDS["heading"]:
        put.heading(f"{{{{{path}}}}}")
    elif hint is bool:
        put.text(f"【{word}】")
    else:
        put.text(f"{{{{{path}}}}}" if word in SENTENCES else f"{word}：{{{{{path}}}}}")
    put.text("{%p endif %}")


def _flat(content: Any) -> list[str]:
    """Return the parts of a thing when all of them are short texts, so that many make a table; else nothing."""
    hints, shown = get_type_hints(content), _shown_fields(content)
    is_flat = all(hints[one] in (str, int) for one in shown) and not {"heading", "text", "speaker"} & set(shown)
    return shown if is_flat and len(shown) > 1 else []


def _put_table(put: PaperWord, each: str, path: str, parts: list[str]) -> None:
    """Put a table whose middle row is repeated for each of many."""
    share = put.sheet.room / MM / (len(parts) + 0.5)
    columns = [Column("序号", share / 2, VALUE), *(Column(_name(part), share, VALUE) for part in parts)]
    cells = ["{{loop.index}}", *(f"{{{{{each}.{_name(part)}}}}}" for part in parts)]
    empty = [""] * len(parts)
    put.table(columns, [[f"{{%tr for {each} in {path} %}}", *empty], cells, ["{%tr endfor %}", *empty]])
    put.blank(0.5)


def _put_things(put: PaperWord, path: str, content: Any, depth: int) -> None:
    hints = get_type_hints(content)
    for one in _shown_fields(content):
        _put(put, _name(one), f"{path}.{_name(one)}", hints[one], depth)
