"""应本人要求删去, without a window: a look at what would go, the erasing, and how far it has come."""

from argparse import Namespace
from collections.abc import Callable

from app.desk import Desk
from app.domain.erasure import KINDS, Reason
from app.domain.errors import ErasureForbidden, Refused
from app.domain.people import Person
from app.ports import Is
from ui.erasing import ErasureDesk, Look, told

Say = Callable[[object], None]
Tell = Callable[[str], None]
LEFT = "印出去的纸、U 盘里的旧包和各处的备份删不到，要人去收"


class EraseVerb:
    """What the command line does about erasing, on one open home."""

    def __init__(self, desk: Desk, erasing: ErasureDesk, say: Say, tell: Tell) -> None:
        self._desk = desk
        self._erasing = erasing
        self._say = say
        self._tell = tell

    def do(self, asked: Namespace) -> None:
        """Look, or erase, and tell what goes, what stays, and how far it has come."""
        kind, record_id = self._whom(asked)
        try:
            if asked.look:
                self._show(self._erasing.look(kind, record_id), "要删的")
            else:
                self._show(self._erasing.erase(kind, record_id, Reason(asked.reason)), "删了")
        except ErasureForbidden:
            if self._erasing.progress(kind, record_id) is None:
                raise
        progress = self._erasing.progress(kind, record_id)
        if progress is None:
            self._tell(LEFT)
        else:
            waiting = [one.name for one in progress.waiting()]
            self._say({"done": progress.done(), "waiting": waiting, "lost": progress.lost(), "at": progress.at})
            self._tell(f"{told(progress)}。{LEFT}")

    def _whom(self, asked: Namespace) -> tuple[str, str]:
        if asked.record:
            kind, _, record_id = asked.record.partition(":")
            if kind not in KINDS:
                raise Refused(f"“{kind}”这种记录不能单独删", "什么都没变", f"能删的：{'、'.join(sorted(KINDS))}")
            return kind, record_id
        if self._desk.ask(lambda shelf: shelf.kept(Person, asked.person)) is not None:
            return Person.KIND, asked.person
        found = self._desk.ask(lambda shelf: shelf.all(Person, Is("name", asked.person)))
        if len(found) != 1:
            words = f"名册上有 {len(found)} 个“{asked.person}”" if found else f"名册上没有“{asked.person}”"
            raise Refused(words, "什么都没变", "用 --person 写他的编号" if found else "看看名字写对没有")
        return Person.KIND, found[0].id

    def _show(self, look: Look, word: str) -> None:
        plan = look.plan
        records = {kind: plan.count(kind) for kind in KINDS if plan.count(kind)}
        found = {"entries": look.found.entries, "beyond": look.found.beyond, "mentions": plan.mentions}
        copies = [one.name for one in look.found.replicas]
        self._say({"records": records, **found, "sealed": list(plan.sealed), "copies": copies})
        self._tell(f"{word}：{look.found.entries} 处，放在 {max(1, len(copies))} 台电脑里")
        for title in plan.sealed:
            self._tell(f"留着：“{title}”已经定稿，按档案法不删")
        if plan.mentions:
            self._tell(f"留着：别人写的文字里有 {plan.mentions} 处提到这个名字，要人去改")
        if look.found.beyond:
            self._tell(f"删不到：{look.found.beyond} 处是别处写的，或只有乡镇打得开，要在那里删")
