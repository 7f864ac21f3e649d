"""Words on the screen: all can be said in English, none is a technician's."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ui import words
from ui.theme import RESOURCES

UI = RESOURCES.parent / "ui"
NEVER = re.compile(
    "失败|非法|异常|系统错误|无效|报错|数据库|数据包|服务器|客户端|哈希|校验|缓存|线程|进程|端口|协议(?!书)|字段|参数|初始化|"
    "序列化|日志|接口|令牌|回滚|编码|解析|语法|脚本|控件|元数据|主键|索引|加载|溢出|超时|句柄|终端|配置文件|！|!"
)
LATIN_WE_SAY = {
    "Ctrl",
    "Alt",
    "Shift",
    "Tab",
    "Esc",
    "Enter",
    "Excel",
    "Word",
    "PDF",
    "CSV",
    "A4",
    "U",
    "Del",
    "Home",
    "End",
}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for file in sorted(UI.rglob("*.py")):
        yield str(file.relative_to(UI)), ast.parse(file.read_text("utf-8"))


def said(tree: ast.Module) -> Iterator[ast.Call]:
    """Return every call of tr()."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tr" and node.args:
            yield node


def texts() -> dict[str, str]:
    """Return every literal text passed to tr(), with the file it stands in."""
    return {
        call.args[0].value: where
        for where, tree in sources()
        for call in said(tree)
        if isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    }


@pytest.fixture
def english():
    words.speak("en")
    yield
    words.speak("zh")


def test_chinese_is_the_source_and_needs_no_file():
    assert words.tr("差 {count} 人{word}", count=5, word="过半") == "差 5 人过半"


@pytest.mark.usefixtures("english")
def test_english_is_spoken_when_asked_for():
    assert words.tr("第 {page} 页，共 {count} 页", page=1, count=2) == "Page 1 of 2"


@pytest.mark.usefixtures("english")
def test_what_has_no_english_stays_chinese():
    assert words.tr("没有这句话 {n}", n=1) == "没有这句话 1"


def test_a_language_we_do_not_speak_is_refused():
    with pytest.raises(KeyError):
        words.speak("xx")


def test_every_text_on_the_screen_has_its_english():
    known = words.catalogue("en")

    missing = [f"{where}: {text}" for text, where in texts().items() if text not in known]

    assert missing == [], "\n".join(["", *missing])


def test_translations_keep_the_blanks_of_their_source():
    def blanks(text: str) -> set[str]:
        return set(re.findall(r"\{(\w*)", text))

    assert [text for text, english in words.catalogue("en").items() if blanks(text) != blanks(english)] == []


def test_no_two_files_translate_the_same_text_differently():
    seen: dict[str, str] = {}
    for file in sorted((RESOURCES / "i18n" / "en").glob("*.json")):
        for text, english in json.loads(file.read_text("utf-8")).items():
            assert seen.setdefault(text, english) == english, f"{file.name}: {text}"


def test_texts_are_put_together_by_blanks_and_never_by_f_strings():
    glued = [
        f"{where}:{call.lineno}"
        for where, tree in sources()
        for call in said(tree)
        if isinstance(call.args[0], ast.JoinedStr | ast.BinOp)
    ]

    assert glued == []


def test_no_technicians_word_stands_on_the_screen():
    spoken = [f"{where}: {text}" for text, where in texts().items() if NEVER.search(text)]

    assert spoken == []


def test_no_english_stands_in_chinese_sentences():
    def latin(text: str) -> set[str]:
        bare = re.sub(r"\{\w*\}", "", text)
        key_or_initials = re.compile(r"[A-Z]|F\d+|[b-df-hj-np-tv-z]{2,5}")  # F10, and zmg: initials have no vowels
        return {word for word in re.findall(r"[A-Za-z][A-Za-z0-9]*", bare) if not key_or_initials.fullmatch(word)}

    strays = [f"{where}: {text}" for text, where in texts().items() if latin(text) - LATIN_WE_SAY]

    assert strays == []


def test_the_words_of_the_parts_themselves_are_all_there():
    listed = json.loads(Path(RESOURCES / "i18n" / "en" / "widgets.json").read_text("utf-8"))

    assert {"齐", "缺", "可补", "发言人", "类别", "焦点", "筛选", "回车"} <= set(listed)
