"""What can go wrong, in the clerk's words: what happened, what is kept, what to do.

    Trouble
    ├─ Refused        a rule says no: show the sentence in place
    │   ├─ StageForbids  Incomplete  IdNumberRefused  AlreadyHere  VotesDoNotAddUp
    │   ├─ ReservationStays  NothingToUndo  ChangedElsewhere  AlreadySettled
    │   ├─ Sealed  NotToSeal  UndoEnds  NoticeLeaks
    │   └─ NotEnrolled  DigitsDiffer  ErasureForbidden
    ├─ Missing        the world says no: it is not there
    ├─ NotSaved       the disk would not take it; the text stays on the screen
    │   └─ FileNotWritten  StoreAway
    └─ Damaged        a home that cannot be opened, or a picture in it
        ├─ HomeUnreadable  HomeReadOnly  HomeFromTheFuture  HomeBusy
        └─ KeyMissing  AttachmentLost
    and PictureRefused, BatchStopped: paper coming back from the scanner
    and NotTaken: what came from elsewhere, refused whole
        ├─ NotAPack  PackCutShort  PackSpoilt  PackTooLarge  PackFromNewer  PackForged
        └─ NotForUs  SegmentSpoilt  SegmentForged  SegmentReaddressed  StatementSpoilt
    and NotCarried: a pack that did not get onto the stick or from it
        StickFull  StickReadOnly  StickGone  StickLies  CarryStopped  NoRoomHere  TooLargeToCarry
    and NotSent: what the line would not carry (`errors_of_line.py`)
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


class ContestMoved(Refused):
    """What two sides had changed is not as it was looked at: somebody has settled it, or written once more."""

    code = "R-119"

    def __init__(self) -> None:
        super().__init__("这一处刚又有变化", "几边写的都在", "再看一眼，再定")


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


class NotEnrolled(Refused):
    """Nobody has vouched for this computer yet, so nothing can be sealed; or keys are being changed (`is_turning`)."""

    code = "R-117"

    def __init__(self, is_turning: bool = False) -> None:
        if is_turning:
            super().__init__("正在换钥匙，新钥匙还没到这台电脑", "记下的都在，照样能记", "先收一次县里的包，再导出")
        else:
            super().__init__("这台电脑还没登记，导出的包没人能打开", "记下的都在，照样能记", "先向县里登记，再导出")


class DigitsDiffer(Refused):
    """The eight digits read out on the telephone are not those of what came on the stick."""

    code = "R-118"

    def __init__(self, whose: str) -> None:
        kept = "没有登记，什么也没变"
        super().__init__(f"8 位数和{whose}对不上", kept, "请对方再念一遍；还是不对，就是路上换过，别用这个 U 盘")


class ErasureForbidden(Refused):
    """What is to be erased was sealed, and so belongs to the archive; or there is nothing left to erase."""

    code = "R-120"

    def __init__(self, titles: tuple[str, ...] = ()) -> None:
        what = "、".join(f"“{title}”" for title in titles[:3]) + "已经定稿，按档案法要留着，不能删"
        advice = "本人要更正，到收尾里开“更正”" if titles else ""
        super().__init__(what if titles else "没有可删的了", "什么都没变", advice)


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


class StoreAway(NotSaved):
    """The database does not answer for now. Nothing is half written, and the same may be tried again in a moment."""

    code = "S-302"

    def __init__(self, cause: str) -> None:
        Trouble.__init__(
            self, "数据库断开了，没存上", "前面的都存好了，没有存一半的", "数据库回来就好，过一会儿再来一次"
        )
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
    """A picture or file that was kept is gone or is not what it was; `how` is gone, unreadable or damaged, or 'to come'
    when its record came from elsewhere and it has not yet."""

    code = "D-406"

    def __init__(self, blob_id: str, how: str) -> None:
        if how == "to come":
            super().__init__("照片还没收到", "会议内容都在，照片在拍它的那台电脑上", "再同步一次，照片就跟着来")
        else:
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


class NotTaken(Trouble):
    """What came from elsewhere is not taken in, and nothing here has changed. `cause` is for the report, not for the
    screen. At most fifteen of these messages exist: a person can do no more than fifteen different things about it."""

    code = "X-500"
    SAYS: ClassVar[tuple[str, str, str]] = ("没有收进来", "本机的东西都在，一样没动", "请送来的单位重新导出一次")

    def __init__(self, cause: str = "") -> None:
        super().__init__(*self.SAYS)
        self.cause = cause


class NotAPack(NotTaken):
    """It is some other file."""

    code = "X-501"
    SAYS = ("这不是院坝的交换包", "这个文件没动，本机的东西都在", "到 U 盘的 YUANBA 文件夹里另选一个")


class PackCutShort(NotTaken):
    """It ends before its end, or goes on in zeros where nothing was written."""

    code = "X-502"
    SAYS = ("U 盘里这一包没写完整", "像是写的时候拔早了。本机的东西都在", "再写一次就好")


class PackSpoilt(NotTaken):
    """Some of its bytes are not those that were packed."""

    code = "X-503"
    SAYS = ("这一包拷坏了，没有收", "一样也没收进来，本机的东西都在", "请送来的单位换个 U 盘再写一次")


class PackTooLarge(NotTaken):
    """It is larger than a pack may be, or would grow beyond that when opened."""

    code = "X-504"
    SAYS = ("这一包大得不对，没有打开", "本机的东西都在，一样没动", "请送来的单位用院坝重新导出一次")


class PackFromNewer(NotTaken):
    """Written by a version that this one cannot read."""

    code = "X-505"
    SAYS = ("这一包是新版本写的", "没有收，也没有丢，U 盘先留着", "这台电脑装上新版本，再收一次")


class PackForged(NotTaken):
    """Whoever signed for it is not who it says."""

    code = "X-506"
    SAYS = ("这一包的印记对不上", "有人改过，没有收。本机的东西都在", "打电话问送来的单位，请他们重新导出")


class NotForUs(NotTaken):
    """It is sealed to others; it can be passed on as it is."""

    code = "X-507"
    SAYS = ("这一份不是给我们看的", "原样留着，可以转给该收的单位", "不用管它；要看，请县里给这台电脑登记")


class SegmentSpoilt(NotTaken):
    """A part of a pack cannot be opened or read, though it arrived as it was packed."""

    code = "X-508"
    SAYS = ("这一包里有一份打不开", "整包都没有收，本机的东西都在", "请送来的单位重新导出一次")


class SegmentForged(NotTaken):
    """A part of a pack was not signed by the machine that it names."""

    code = "X-509"
    SAYS = ("这一包里有一份来路不对", "整包都没有收，本机的东西都在", "打电话问送来的单位，先不要再收")


class SegmentReaddressed(NotTaken):
    """What a part says within is not what stands on it outside."""

    code = "X-510"
    SAYS = ("里外写的收件单位对不上", "有人换过封皮，没有收。本机的东西都在", "打电话问送来的单位，请他们重新导出")


class StatementSpoilt(NotTaken):
    """A card, a certificate, a grant, a revocation or a receipt is not as it was signed."""

    code = "X-511"
    SAYS = ("里面有一份证明不对", "没有收，本机的东西都在", "请开证明的单位重新开一份")


class NotCarried(Trouble):
    """A pack did not get to where it was to go; what was there before is as it was."""

    code = "C-600"
    KEPT = "本机的东西都在，盘上原有的文件没动"


class StickFull(NotCarried):
    """There is not enough room; `short` bytes are missing as far as one knows."""

    code = "C-601"

    def __init__(self, label: str, short: int = 0) -> None:
        missing = f"还差 {-(-short // 1_000_000)} 兆，" if short > 0 else ""
        super().__init__(f"“{label}”装不下了", self.KEPT, f"{missing}腾出地方，或者换一个U盘")


class StickReadOnly(NotCarried):
    """It can be read but not written."""

    code = "C-602"

    def __init__(self, label: str) -> None:
        super().__init__(f"“{label}”只能看，写不进去", self.KEPT, "看看写保护开关拨没拨，或者换一个U盘")


class StickGone(NotCarried):
    """It is not there any more, another one is in its place, or (`is_silent`) it does not answer."""

    code = "C-603"

    def __init__(self, label: str, is_silent: bool = False) -> None:
        what = f"“{label}”没有回应" if is_silent else f"“{label}”不在了"
        advice = "拔下来重新插好再来一次，还不行就换一个U盘" if is_silent else "插好原来那个U盘，再来一次"
        super().__init__(what, self.KEPT, advice)


class StickLies(NotCarried):
    """What was written reads back as something else, so it is not worth anything."""

    code = "C-604"

    def __init__(self, label: str) -> None:
        kept = "这一包不算拷出，本机的东西都在"
        super().__init__(f"“{label}”写进去的读不回来", kept, "这个盘靠不住，换一个U盘再来一次")


class CarryStopped(NotCarried):
    """Somebody stopped it."""

    code = "C-605"

    def __init__(self) -> None:
        super().__init__("停下了", "停下不会弄坏东西，原来有的都在", "下次接着来")


class NoRoomHere(NotCarried):
    """This computer would not take the copy of a pack."""

    code = "C-606"

    def __init__(self, cause: str) -> None:
        super().__init__("这一包拷不到本机来", "本机什么都没变，盘上的文件也没动", "看看本机磁盘满没满，腾出地方再收")
        self.cause = cause


class TooLargeToCarry(NotCarried):
    """A file that has the name of a pack but is larger than any pack."""

    code = "C-607"

    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}”太大，不是交换包", "本机什么都没变，这个文件没动", "请送来的单位重新导出一次")
