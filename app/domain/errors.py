"""What can go wrong, in the clerk's words: what happened, what is kept, what to do.

    Trouble
    ├─ Refused        a rule says no: show the sentence in place
    │   ├─ StageForbids  Incomplete  IdNumberRefused  AlreadyHere  VotesDoNotAddUp
    │   ├─ ReservationStays  NothingToUndo  ChangedElsewhere  AlreadySettled
    │   └─ Sealed  NotToSeal  UndoEnds  NoticeLeaks
    ├─ Missing        the world says no: it is not there
    ├─ NotSaved       the disk would not take it; the text stays on the screen
    └─ Damaged        a home that cannot be opened, or a picture in it
        ├─ HomeUnreadable  HomeReadOnly  HomeFromTheFuture  HomeBusy
        └─ KeyMissing  AttachmentLost
    and PictureRefused, BatchStopped: paper coming back from the scanner
Everything else is our own mistake: let it rise to the one place that saves a report.
"""

from typing import ClassVar


class Trouble(Exception):
    """Anything a person is told about. `what` is one short line, `kept` what is safe, `advice` the next step."""

    code = "Y-000"

    def __init__(self, what: str, kept: str = "", advice: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.kept = kept
        self.advice = advice

    def sentence(self) -> str:
        """Return all three parts as one line of text."""
        return "。".join(part for part in (self.what, self.kept, self.advice) if part)


class Refused(Trouble):
    """A rule says no."""

    code = "R-100"


class StageForbids(Refused):
    """The meeting has not come to this yet, or is past it."""

    code = "R-101"


class Incomplete(Refused):
    """Something needed is not filled in."""

    code = "R-102"


class IdNumberRefused(Refused):
    """Somebody typed what looks like an identity or bank number."""

    code = "R-103"

    def __init__(self) -> None:
        super().__init__("身份证号、银行卡号不收", "其余内容都在", "把号码删掉再记")


class AlreadyHere(Refused):
    """The person has checked in before."""

    code = "R-104"

    def __init__(self, name: str, time: str) -> None:
        super().__init__(f"{name} {time} 已经到了")


class VotesDoNotAddUp(Refused):
    """More votes than people."""

    code = "R-105"

    def __init__(self, total: int, present: int) -> None:
        super().__init__(f"合计 {total}，到会 {present}，多出 {total - present} 票", "", "改一下票数")


class VotesMissing(Refused):
    """Fewer votes than people, and nobody has said why."""

    code = "R-106"

    def __init__(self, total: int, present: int) -> None:
        super().__init__(f"合计 {total}，到会 {present}，差 {present - total} 人：有人离席？", "", "不表态的人数也填上")


class ReservationStays(Refused):
    """A reservation cannot be removed, only answered."""

    code = "R-107"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}的保留意见要留着", "", "可以写答复，不能删")


class NothingToUndo(Refused):
    """There is no act of this machine left to take back, or to do again."""

    code = "R-108"


class ChangedElsewhere(Refused):
    """Somebody else has changed it since; undoing would overwrite them."""

    code = "R-109"

    def __init__(self, title: str) -> None:
        super().__init__(f"“{title}”之后别处又改过", "两边的内容都在", "要改就在原处改")


class AlreadySettled(Refused):
    """The consensus has been settled."""

    code = "R-110"


class Sealed(Refused):
    """What is to be changed was sealed, and no correction is open."""

    code = "R-111"

    def __init__(self, title: str) -> None:
        super().__init__(
            f"“{title}”已经定稿，正文、票数、签到都锁定了", "原件一个字没动", "要改，先到收尾里开“更正”，写明理由"
        )


class UndoEnds(Refused):
    """The next act to take back lies before a sealing, which nothing takes back."""

    code = "R-116"

    def __init__(self) -> None:
        super().__init__("定稿不能撤销，定稿以前的也不往回撤", "内容都在", "要改，到收尾里开“更正”，写明理由")


class NotToSeal(Refused):
    """The meeting cannot be sealed yet."""

    code = "R-112"


class NoticeLeaks(Refused):
    """A notice still holds what is nobody's business."""

    code = "R-113"

    def __init__(self, found: tuple[str, ...]) -> None:
        super().__init__("公示还不能贴：" + "；".join(found[:3]), "稿子都在", "把它遮上，再贴")
        self.found = found


class Missing(Trouble):
    """A record that should be there is not."""

    code = "M-200"

    def __init__(self, kind: str, record_id: str) -> None:
        super().__init__("这一条找不到了", "别的内容都在", "回上一页再打开")
        self.kind = kind
        self.record_id = record_id


class NotSaved(Trouble):
    """The disk did not take it. Nothing is half written."""

    code = "S-300"

    def __init__(self, cause: str) -> None:
        super().__init__("没存上", "写的字还在屏幕上，前面的都存好了", "磁盘满了或拔掉了，腾出地方会自己再存")
        self.cause = cause


class FileNotWritten(NotSaved):
    """A file was to be written where somebody said, and could not be; what was there before is as it was."""

    code = "S-301"

    def __init__(self, name: str, cause: str) -> None:
        kept, advice = "会议内容都在，原来的文件没动", "换个文件夹再存，或者看看磁盘满没满"
        Trouble.__init__(self, f"“{name}”写不进去", kept, advice)
        self.cause = cause


class Damaged(Trouble):
    """A home that cannot be opened."""

    code = "D-400"


class HomeUnreadable(Damaged):
    """The key does not fit, or the file is not ours."""

    code = "D-401"

    def __init__(self, where: str) -> None:
        super().__init__("这份数据打不开", f"原文件一个字没动，在 {where}", "换回原来的钥匙文件，或用备份恢复")


class HomeReadOnly(Damaged):
    """The folder may be read but not written."""

    code = "D-405"

    def __init__(self, where: str) -> None:
        super().__init__("数据文件夹写不进去", f"原来的内容一个字没动，在 {where}", "看看盘是不是只读")


class HomeFromTheFuture(Damaged):
    """Written by a newer version of the program."""

    code = "D-402"

    def __init__(self, where: str) -> None:
        super().__init__("这份数据是新版本写的", f"原文件一个字没动，在 {where}", "装上新版本再打开")


class HomeBusy(Damaged):
    """Another window has it open."""

    code = "D-403"

    def __init__(self, where: str) -> None:
        super().__init__("院坝已经开着了", f"数据在 {where}", "到开着的那个窗口接着用")


class KeyMissing(Damaged):
    """The ledger is there, its key file is not."""

    code = "D-404"

    def __init__(self, where: str) -> None:
        super().__init__("钥匙文件不见了", f"数据还在 {where}", "把原来的钥匙文件放回去再打开")


class AttachmentLost(Damaged):
    """A picture or file that was kept is gone or is not what it was; `how` is gone, unreadable or damaged."""

    code = "D-406"

    def __init__(self, blob_id: str, how: str) -> None:
        what = "这份附件不见了" if how == "gone" else "这份附件坏了，打不开"
        super().__init__(what, "会议内容都在，纸还在就没丢", "用备份恢复，或者把纸再扫一次")
        self.blob_id = blob_id
        self.how = how


class PictureRefused(Trouble):
    """A photograph or scan that cannot be read; `why` is one of the words below."""

    code = "I-501"
    WORDS: ClassVar[dict[str, tuple[str, str]]] = {
        "missing": ("找不到了", "看看U盘、手机还连着没有"),
        "unknown": ("不是照片，也不是扫描件", "收 JPG、PNG、HEIC、TIFF 和 PDF"),
        "broken": ("打不开，文件坏了或者没拷完", "从手机、扫描仪再拷一次"),
        "large": ("太大了", "照片选小一档的尺寸，扫描用 300 点"),
        "long": ("页数太多了", "分成几份来收"),
        "locked": ("带着密码", "另存一份不带密码的再收"),
        "memory": ("太大，这台电脑的内存不够", "关掉别的程序再收，或者选小一档的尺寸"),
        "slow": ("读了太久，没有再等", "再拍一张，或者另存一份再收"),
    }

    def __init__(self, name: str, why: str) -> None:
        said, advice = self.WORDS.get(why, self.WORDS["broken"])
        super().__init__(f"“{name}”{said}", "别的页照样收，原来的文件没动", advice)
        self.name = name
        self.why = why


class BatchStopped(Trouble):
    """Somebody stopped taking scans in."""

    code = "I-502"

    def __init__(self) -> None:
        super().__init__("停下了，这一批一页也没存", "原来的文件没动，以前收的都在", "要收就从头再收一次")
