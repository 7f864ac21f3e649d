"""What a line would not carry, in the clerk's words; the stick carries the same.

NotSent
├─ LineDown  LineIntercepted  LineBroken  ClockDoubted  SendingStopped  AddressUnclear
└─ OtherSideBusy  OtherSideNewer  OtherSideFailed  NotTakenThere
"""

from app.domain.errors import Trouble


class NotSent(Trouble):
    """The line would not carry it. Everything to be sent is still here."""

    code = "N-700"
    KEPT = "要交的都在本机，一条没少"


class LineDown(NotSent):
    """Nobody answers at the address."""

    code = "N-701"

    def __init__(self, cause: str = "") -> None:
        super().__init__("连不上上级的电脑", self.KEPT, "看看网线、无线通不通；急就改用U盘")
        self.cause = cause


class LineIntercepted(NotSent):
    """Somebody else answers: a portal's page, a proxy, a certificate of somebody else, or changed bytes."""

    code = "N-702"

    def __init__(self, cause: str = "") -> None:
        super().__init__("网络被拦截", self.KEPT, "请改用U盘；或者先在浏览器里登录这个网络再传")
        self.cause = cause


class LineBroken(NotSent):
    """The line was cut again and again."""

    code = "N-703"

    def __init__(self, cause: str = "") -> None:
        super().__init__("传到一半断了", f"{self.KEPT}，传到的不用再传", "网好些再点一次；急就改用U盘")
        self.cause = cause


class ClockDoubted(NotSent):
    """The certificate of the other side is not valid on the day this machine believes it is."""

    code = "N-704"

    def __init__(self) -> None:
        super().__init__("电脑的日期好像不对", self.KEPT, "把日期调对再传；急就改用U盘")


class SendingStopped(NotSent):
    """Somebody stopped it."""

    code = "N-705"

    def __init__(self) -> None:
        super().__init__("停下了", f"{self.KEPT}，传到的不用再传", "什么时候接着传都行")


class OtherSideBusy(NotSent):
    """Too many at once, or a large package is still being taken in."""

    code = "N-706"

    def __init__(self) -> None:
        super().__init__("对面正忙", f"{self.KEPT}，传到的不用再传", "过几分钟再点一次；急就改用U盘")


class OtherSideNewer(NotSent):
    """The other side speaks a version that is not known here."""

    code = "N-707"

    def __init__(self) -> None:
        super().__init__("对面的程序比这台新", self.KEPT, "先升级这台，再传；急就改用U盘")


class OtherSideFailed(NotSent):
    """The other side has made a mistake of its own: its disk is full, or its program is."""

    code = "N-708"

    def __init__(self, cause: str = "") -> None:
        super().__init__("对面出了毛病，没收下", self.KEPT, "请对面看看那台电脑；急就改用U盘")
        self.cause = cause


class NotTakenThere(NotSent):
    """The other side read the package and refused it, in its own words; `there` is its own code."""

    code = "N-709"

    def __init__(self, there: str, what: str, kept: str, advice: str) -> None:
        super().__init__(f"对面没有收：{what}", kept or self.KEPT, advice)
        self.there = there


class AddressUnclear(NotSent):
    """What was typed is no address."""

    code = "N-710"

    def __init__(self) -> None:
        super().__init__("地址写得不对", self.KEPT, "照上级给的再写一遍，像 http://192.168.1.10:8420")
