"""Everything a person can do, declared once: name, words, keys, icon. Menus, help and the key card read it here.

`scope` says where the keys count: everywhere, in lists, in the live desk, in the closing assistant, on one page.
The same keys may mean different things in different scopes, never within one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from ui.words import tr


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do. `keys` are Qt key sequences, the first the one that is shown; `tip` is a whole sentence."""

    name: str
    words: str
    keys: tuple[str, ...]
    icon: str
    scope: str
    tip: str = ""


EVERYWHERE, LIST, DESK, CLOSING, READOUT = "everywhere", "list", "desk", "closing", "readout"
FORM = "form"
EXCHANGE, CONTEST, LEDGER = "exchange", "contest", "ledger"
SETTLE, VOTES, ISSUES = "settle", "votes", "issues"

ACTS: tuple[Act, ...] = (
    Act("find", "找", ("Ctrl+K",), "magnifying-glass", EVERYWHERE, "找人、议题、任务、会，可只打首字母"),
    Act("page.home", "工作台", ("Ctrl+1",), "house", EVERYWHERE),
    Act("page.topics", "议题", ("Ctrl+2",), "tray", EVERYWHERE),
    Act("page.desk", "会场", ("Ctrl+3",), "chats-circle", EVERYWHERE),
    Act("page.actions", "任务", ("Ctrl+4",), "list-checks", EVERYWHERE),
    Act("page.people", "名册", ("Ctrl+5",), "address-book", EVERYWHERE),
    Act("page.ledger", "台账", ("Ctrl+6",), "chart-bar", EVERYWHERE, "报表和清单，数字都从会上来，不用另填"),
    Act("page.exchange", "同步", ("Ctrl+7",), "arrows-clockwise", EVERYWHERE),
    Act("new", "新建", ("Ctrl+N",), "plus", EVERYWHERE, "新建这一页的东西"),
    Act("meet.now", "现在开会", ("Ctrl+Shift+N",), "chats-circle", EVERYWHERE, "十秒钟开一个会，别的以后再补"),
    Act("filter", "筛选本页", ("Ctrl+F",), "funnel", EVERYWHERE),
    Act("undo", "撤销", ("Ctrl+Z",), "arrow-u-up-left", EVERYWHERE, "撤销本机上一步"),
    Act("redo", "重做", ("Ctrl+Y", "Ctrl+Shift+Z"), "arrow-u-up-right", EVERYWHERE),
    Act("saved", "都存好了", ("Ctrl+S",), "floppy-disk", EVERYWHERE, "不用存，随写随存；按一下看存到几点几分"),
    Act("print", "打印", ("Ctrl+P",), "printer", EVERYWHERE),
    Act("larger", "字大", ("Ctrl++", "Ctrl+="), "text-aa", EVERYWHERE),
    Act("smaller", "字小", ("Ctrl+-",), "text-aa", EVERYWHERE),
    Act("standard", "还原字号", ("Ctrl+0",), "text-aa", EVERYWHERE),
    Act("theme", "明 / 暗 / 户外", ("Ctrl+Shift+T",), "sun", EVERYWHERE),
    Act("settings", "设置", ("Ctrl+,",), "gear", EVERYWHERE),
    Act("help", "帮助与全部按键", ("F1", "Ctrl+/"), "question", EVERYWHERE),
    Act("heard", "刚才说了什么", ("F7",), "chat-text", EVERYWHERE, "再念一遍最近十条提示"),
    Act("list.tick", "勾选", ("Space",), "check", LIST),
    Act("list.bin", "放进回收站", ("Del",), "trash", LIST),
    Act("list.edit", "改", ("F2",), "pencil-simple-line", LIST),
    Act("list.merge", "合并相同议题", ("Ctrl+M",), "arrows-clockwise", LIST),
    Act("list.call", "安排协商", ("Ctrl+Return",), "chats-circle", LIST),
    Act("list.advance", "往前走", ("A",), "arrow-right", LIST, "征集到研判，研判到立题"),
    Act("list.decline", "不予列题", ("X",), "prohibit", LIST, "不列这一条，要写一句理由"),
    Act("list.finish", "办完了", ("Ctrl+D",), "check-circle", LIST),
    Act("list.revisit", "记回访", ("V",), "house-line", LIST, "回去走几户，问满意不满意，记下户数"),
    Act(
        "list.revise", "改回访", ("Shift+V",), "pencil-simple-line", LIST, "最近一次回访记错了，改数、改那一句、改日子"
    ),
    Act("list.extend", "要延期", ("Ctrl+Shift+D",), "calendar-blank", LIST, "改期限，要写一句理由，原来的日子一直留着"),
    Act("list.print", "印表", ("Ctrl+P",), "printer", LIST, "议题印审批表，任务印反馈表、回访记录；也能存 PDF、Word"),
    Act("people.household", "合成一户", ("Ctrl+M",), "house-line", "people", "勾选的人登记成一户"),
    Act("people.one", "合成一个", ("Alt+H",), "user", "people", "名册上记了两次的人合成一个，随时能分开"),
    Act("people.apart", "不是同一个人", ("Alt+B",), "users-three", "people", "这两个人不再提"),
    Act("action.by_due", "按期限", ("1",), "calendar-blank", "actions"),
    Act("action.by_unit", "按单位", ("2",), "bank", "actions"),
    Act("action.by_village", "按村", ("3",), "map-pin", "actions"),
    Act("desk.checkin", "签到", ("F2", "Alt+Q"), "user-plus", DESK),
    Act("desk.speak", "发言", ("F3", "Alt+F"), "chat-text", DESK),
    Act("desk.issue", "焦点", ("F4", "Alt+J"), "flag", DESK),
    Act("desk.new_issue", "加焦点", ("Ctrl+F4",), "plus", DESK),
    Act("desk.settle", "共识", ("F5", "Alt+G"), "handshake", DESK),
    Act("desk.assign", "任务", ("F6", "Alt+R"), "list-checks", DESK),
    Act("desk.readout", "念一遍", ("F9", "Alt+N"), "speaker-high", DESK),
    Act("desk.stage", "开会 / 结会", ("F10",), "timer", DESK),
    Act("desk.print", "印签到表", ("Ctrl+P",), "printer", DESK, "会前会中印签到表，后面留着空行；会结了印全套"),
    *(Act(f"desk.issue.{n}", f"归到焦点 {n}", (f"Alt+{n}",), "flag", DESK) for n in range(1, 10)),
    *(
        Act(f"desk.kind.{n}", words, (f"Ctrl+{n}",), "chat-text", "statement")
        for n, words in enumerate(("诉求", "意见", "建议", "答复", "承诺", "异议"), start=1)
    ),
    Act("form.finish", "记下", ("Ctrl+Return", "Ctrl+Enter"), "check", FORM, "填到哪算哪，记下"),
    Act("form.back", "先放着", ("Esc",), "arrow-left", FORM, "回上一处，写了一半的留着"),
    Act("call.village", "请全村", ("Alt+Z",), "users-three", FORM, "名册里这个村的人都请"),
    Act("call.again", "请上次到会的人", ("Alt+S",), "users-three", FORM),
    Act("verify", "查真伪", ("Ctrl+Shift+V",), "seal-check", EVERYWHERE, "纸上的码、照片，查改没改过"),
    Act("verify.picture", "从照片里读码", ("Ctrl+O",), "camera", "verify"),
    Act("notice.post", "贴出去了", ("Ctrl+Return", "Ctrl+Enter"), "check", "notice", "记下公示从今天起挂"),
    Act("ledger.excel", "存 Excel", ("Ctrl+E",), "download-simple", LEDGER, "看着的这一张存成 Excel"),
    Act("ledger.pdf", "存 PDF", ("Ctrl+Shift+E",), "file-pdf", LEDGER, "看着的这一张存成 PDF"),
    Act("ledger.word", "存 Word", ("Ctrl+Shift+W",), "file-text", LEDGER, "看着的这一张存成 Word，作通知的附件用"),
    Act("ledger.print", "打印", ("Ctrl+P",), "printer", LEDGER, "看着的这一张印出来，下面有填报人、审核人签字的地方"),
    Act("ledger.back", "回表上", ("Esc",), "arrow-left", LEDGER),
    Act("exchange.write", "写进 U 盘", ("Ctrl+U",), "upload-simple", EXCHANGE, "要送出去的都写进 U 盘，带到县里"),
    Act("exchange.take", "从 U 盘收", ("Ctrl+I",), "download-simple", EXCHANGE, "先看看有什么，点了“收”才收"),
    Act("exchange.wire", "走网络", ("Ctrl+R",), "wifi-high", EXCHANGE, "和上级的电脑直接交换"),
    Act("exchange.door", "开收件、关收件", ("Ctrl+Shift+R",), "wifi-high", EXCHANGE, "县里用：让乡镇从网上自己交来"),
    Act("exchange.check", "印核对单", ("Ctrl+P",), "printer", EXCHANGE, "印一张：送出去的哪一级收到了，还差什么"),
    Act("exchange.stop", "停下", ("Esc",), "x", EXCHANGE, "停下正在写、正在收的；不收看着的这一份"),
    Act("contest.left", "左边一份", ("Left", "Alt+Left"), "arrow-left", CONTEST),
    Act("contest.right", "右边一份", ("Right", "Alt+Right"), "arrow-right", CONTEST),
    Act("contest.both", "都留着", ("Up",), "arrow-up", CONTEST),
    Act("contest.join", "合成一份", ("Down",), "arrow-down", CONTEST, "看看合起来的样子，不替您定"),
    Act("contest.decide", "定了", ("Return", "Enter"), "check", CONTEST, "定了，看下一处"),
    Act("contest.next", "下一处", ("PgDown",), "caret-down", CONTEST, "这一处先放着，看下一处"),
    Act("contest.previous", "上一处", ("PgUp",), "caret-up", CONTEST),
    Act("contest.down", "往下看", ("Ctrl+Down",), "caret-down", CONTEST, "长的文字往下看"),
    Act("contest.up", "往上看", ("Ctrl+Up",), "caret-up", CONTEST),
    Act("contest.later", "等会儿再说", ("Esc",), "x", CONTEST, "回同步，一处都不动"),
    Act("closing.notice", "公示", ("Ctrl+Shift+G",), "eye", CLOSING, "看遮了哪些，贴出去"),
    Act("closing.scan", "收签好的纸", ("F8",), "camera", CLOSING, "照片、扫描件按页脚的码自己归位"),
    Act(
        "closing.seal",
        "定稿落印",
        ("Ctrl+Return", "Ctrl+Enter"),
        "stamp",
        CLOSING,
        "锁定正文、票数、签到，以后只能更正",
    ),
    Act("closing.print", "打印", ("Ctrl+P",), "printer", CLOSING),
    Act("closing.pdf", "存 PDF", ("Ctrl+E",), "file-pdf", CLOSING),
    Act("closing.word", "存 Word", ("Ctrl+Shift+E",), "file-text", CLOSING, "勾上的存成 Word，领导要改字用"),
    Act("closing.back", "回会场接着议", ("F10",), "arrow-left", CLOSING),
    Act("closing.up", "上一步", ("Esc",), "arrow-left", CLOSING, "回上一步；在第一步回会场，会不重开"),
    Act("closing.tick", "勾选", ("Space",), "check", CLOSING, "这一样印不印"),
    Act("closing.more", "多印一份", ("+", "="), "plus", CLOSING),
    Act("closing.fewer", "少印一份", ("-",), "minus", CLOSING),
    Act("issues.take", "议这个", ("Return",), "flag", ISSUES, "接着议这一条"),
    Act("issues.rename", "改名", ("F2",), "pencil-simple-line", ISSUES),
    Act("issues.drop", "拿掉", ("Del",), "trash", ISSUES, "拿掉这一条，可以撤销"),
    Act("issues.reopen", "重议", ("R",), "arrow-u-up-left", ISSUES, "定下的再议一次，保留意见都留着"),
    Act("settle.votes", "到票数", ("Ctrl+Down",), "arrow-down", SETTLE),
    Act("settle.words", "回正文", ("Ctrl+Up",), "arrow-up", SETTLE),
    Act("settle.method", "换方式", ("Ctrl+M",), "handshake", SETTLE, "怎么定的：举手、一户一票、当事人签字"),
    Act("settle.result", "换结果", ("Ctrl+R",), "scales", SETTLE, "达成、附条件、未达成、择期再议"),
    Act("settle.down", "定下", ("Ctrl+Return", "Ctrl+Enter"), "seal-check", SETTLE),
    Act("votes.all", "全体一致", ("Y",), "check", VOTES),
    Act("votes.agree", "同意", ("T",), "check", VOTES, "同意添一笔，退格去一笔"),
    Act("votes.against", "反对", ("F",), "x", VOTES, "反对添一笔，退格去一笔"),
    Act("votes.abstain", "弃权", ("Q",), "minus", VOTES, "弃权添一笔，退格去一笔"),
    Act("votes.silent", "不表态", ("B",), "question", VOTES, "差的人都记成不表态"),
    Act("readout.larger", "字大", ("+", "="), "plus", READOUT),
    Act("readout.smaller", "字小", ("-",), "minus", READOUT),
    Act("readout.actions", "翻到任务", ("Space",), "list-checks", READOUT),
    Act("readout.close", "回会场", ("Esc",), "x", READOUT),
    Act("readout.next", "下一条", ("Right",), "arrow-right", READOUT),
    Act("readout.previous", "上一条", ("Left",), "arrow-left", READOUT),
)

_BY_NAME = {act.name: act for act in ACTS}


def act(name: str) -> Act:
    """Return what was declared under a name."""
    return _BY_NAME[name]


def shown_key(name: str) -> str:
    """Return the first key of an act as it is shown on a cap (Ctrl N, F2, ↵)."""
    keys = act(name).keys
    return keys[0].replace("Ctrl++", "Ctrl +").replace("+", " ").replace("Return", "↵") if keys else ""


def means(event: QKeyEvent, name: str) -> bool:
    """Return whether a key event is one of an act's keys, for keys that count only where they are looked for."""
    modifiers = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.GroupSwitchModifier)
    pressed = QKeySequence(QKeyCombination(modifiers, Qt.Key(event.key())))
    return any(pressed == QKeySequence(keys) for keys in act(name).keys)


def bind(widget: QWidget, slots: Mapping[str, Callable[[], object]], everywhere: bool = False) -> dict[str, QAction]:
    """Give a widget its acts: each becomes a QAction with words, keys, tip and status tip, alive inside the widget."""
    made = {}
    for name, slot in slots.items():
        declared = act(name)
        action = QAction(tr(declared.words), widget)
        action.setObjectName(name)
        action.setShortcuts([QKeySequence(keys) for keys in declared.keys])
        action.setToolTip(tr(declared.tip or declared.words))
        action.setStatusTip(tr(declared.tip or declared.words))
        context = Qt.ShortcutContext.WindowShortcut if everywhere else Qt.ShortcutContext.WidgetWithChildrenShortcut
        action.setShortcutContext(context)
        action.triggered.connect(lambda _=False, act=slot: act())
        widget.addAction(action)
        made[name] = action
    return made
