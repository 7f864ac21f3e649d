"""Every setting of this machine: its name among the notes, its default, and one sentence about it.

Settings are notes (`Ledger.jot`): they belong to one laptop, are not undone and do not travel.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. Values are text; `default` is what holds until somebody chooses."""

    name: str
    default: str
    help: str


THEME = Setting("look/theme", "light", "外观：light 宣纸，dark 夜砚，sun 户外高对比")
BASE = Setting("look/base", "15", "字号：14 小，15 标准，17 大，20 特大")
LANGUAGE = Setting("look/language", "zh", "界面语言：zh 中文，en 英文；下次打开起算")
ME = Setting("me/name", "", "坐在键盘前的人，记录上署的名")
PLACE = Setting("here/place", "", "在哪里工作：区划代码，乡镇、村或县")
VILLAGE = Setting("here/village", "", "开会先填哪个村：区划代码")
PRACTICE = Setting("home/practice", "", "非空就是练习数据，不能送出去")

ADDRESS = Setting("exchange/address", "", "上级的电脑在哪里，走网络时用，如 http://192.168.1.10:8420")

ORGAN = Setting("paper/organ", "", "文书落款的单位，如 政协示例县委员会办公室")
PHONE = Setting("paper/phone", "", "公示、通知上的联系电话，只写办公电话")
CONTACT = Setting("paper/contact", "", "公示、通知上的联系人")
MASTHEAD = Setting("paper/masthead", "", "纪要的红头，如 政协示例县委员会办公室协商纪要")
START_MM = Setting("paper/start_mm", "0", "预印红头纸：正文从纸上边多少毫米起，0 为不用")

SETTINGS: tuple[Setting, ...] = (
    THEME,
    BASE,
    LANGUAGE,
    ME,
    PLACE,
    VILLAGE,
    PRACTICE,
    ADDRESS,
    ORGAN,
    PHONE,
    CONTACT,
    MASTHEAD,
    START_MM,
)
