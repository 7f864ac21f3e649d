"""What a public copy hides: names of villagers, phones, numbers of papers, doors, children, family matters.

`masked` hides by rule and tells each mask, so that a person can look; `doubts` tells what may be somebody and is left
standing. What is finished is read again another way (`app.domain.notice_check`), so that nothing is posted on which
both do not agree.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class MaskKind(StrEnum):
    """Why something is hidden."""

    NAME = "name"
    CALLED = "called"
    PHONE = "phone"
    NUMBER = "number"
    DOOR = "door"
    CHILD = "child"
    PRIVATE = "private"
    CHOSEN = "chosen"


MASK_WORDS = {
    MaskKind.NAME: "姓名",
    MaskKind.CALLED: "称呼",
    MaskKind.PHONE: "电话",
    MaskKind.NUMBER: "证件或账号",
    MaskKind.DOOR: "门牌",
    MaskKind.CHILD: "未成年人",
    MaskKind.PRIVATE: "健康或家事",
    MaskKind.CHOSEN: "自己选的",
}
COMPOUND = (
    *("欧阳", "上官", "司马", "诸葛", "司徒", "令狐", "夏侯", "皇甫", "尉迟", "公孙", "长孙", "慕容"),
    *("宇文", "东方", "南宫", "西门", "端木", "百里", "呼延", "轩辕", "独孤", "申屠", "闻人", "太史"),
    *("澹台", "濮阳", "淳于", "单于", "赫连", "钟离", "鲜于", "闾丘", "司空", "亓官", "万俟", "第五"),
    *("吉克", "阿库", "沙马", "阿尔", "吉木", "马海", "勒格", "曲比"),
)
"""Surnames of two signs, those of the Yi among them."""
_COMPOUND = frozenset(COMPOUND)
SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦"
    "昌马苗凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于傅皮卞齐康伍余元卜顾孟平黄穆萧尹姚邵汪"
    "祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏"
    "蔡田樊胡凌霍虞万支柯管卢莫房裘缪解应宗丁宣邓郁单杭洪包诸左石崔吉龚程邢裴陆荣翁荀羊惠甄曲封储靳段富巫"
    "焦巴弓牧车侯全班秋仲伊宫宁仇栾甘厉祖武符刘景詹束龙叶司黎薄白怀蒲从索赖卓屠蒙池乔阴闻党翟谭劳姬申扶堵"
    "冉宰雍桑桂濮牛寿通边扈燕冀浦尚农温别庄晏柴瞿阎连茹习艾鱼容向古易慎戈廖庾终暨居衡步都耿满匡国文寇广禄"
    "阙东殴沃利蔚越师巩聂晁勾敖融冷辛那简饶空曾沙丰关查后荆红游竺权盖益桓公岩刀波玉普杞者矣木和窝岳"
)


@dataclass(frozen=True, slots=True)
class Mask:
    """One thing hidden: from where to where in the text before, what it was, what is shown, and why.

    One that `may_lift` can be left standing once a person has looked at it.
    """

    start: int
    end: int
    was: str
    shown: str
    kind: MaskKind
    may_lift: bool = False

    def sentence(self) -> str:
        """Return it in the clerk's words: 姓名：赵某甲 → 赵某某."""
        return f"{MASK_WORDS[self.kind]}：{self.was} → {self.shown}"


@dataclass(frozen=True, slots=True)
class MaskRules:
    """What to hide in the texts of one meeting.

    `hidden` are the names of villagers, `shown` those of people in office, of places and of units; `phones` are the
    office's own, which may stand. `always` are words hidden wherever they stand, `with_name` those hidden in a sentence
    that names somebody; `chosen` is what a person wants hidden besides, `lifted` what one has looked at and lets stand.
    `surnames` are those of all villagers where `hidden` is but a part of them.
    """

    hidden: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    always: tuple[str, ...] = ()
    with_name: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()
    lifted: tuple[str, ...] = ()
    surnames: frozenset[str] = frozenset()

    def stands(self, word: str) -> bool:
        """Return whether a word is the name of somebody in office, of a place or of a unit, and holds no villager's."""
        return bool(word) and not any(name in word or word in name for name in self.hidden)


LIFTABLE = frozenset({MaskKind.CALLED, MaskKind.DOOR, MaskKind.PRIVATE})
"""What a person may let stand: never a name, a phone, a number or a child."""


def short_name(name: str) -> str:
    """Return a name as the public sees it: 赵某某, 欧阳某某."""
    return f"{surname_of(name)}某某"


def surname_of(name: str) -> str:
    """Return the surname, of one sign or two."""
    return name[:2] if len(name) > 2 and name[:2] in _COMPOUND else name[:1]


def masked(text: str, rules: MaskRules) -> tuple[str, tuple[Mask, ...]]:
    """Return the text as the public may read it, and every mask in the order they stand."""
    plain = _plain(text)
    found: list[Mask] = []
    taken = [False] * len(text)
    for start, end in _spans(plain, (word for word in rules.shown if word in plain and rules.stands(word))):
        _take(taken, start, end)
    for mask in _candidates(text, plain, rules):
        if not any(taken[mask.start : mask.end]) and not (mask.may_lift and mask.was in rules.lifted):
            _take(taken, mask.start, mask.end)
            found.append(mask)
    found.sort(key=lambda mask: mask.start)
    return _replaced(text, found), tuple(found)


def _plain(text: str) -> str:
    """Return a text of the same length with full-width digits and letters as plain ones, so that places stay."""
    if not _ANY_WIDE.search(text):
        return text
    return "".join(unicodedata.normalize("NFKC", c) if c in _WIDE else c for c in text)


_WIDE = frozenset(chr(code) for code in range(0xFF10, 0xFF5B) if chr(code).isalnum()) | frozenset("－．＋")
_ANY_WIDE = re.compile(f"[{''.join(sorted(_WIDE))}]")


def _take(taken: list[bool], start: int, end: int) -> None:
    taken[start:end] = [True] * (end - start)


def _spans(text: str, words: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Yield where words stand, the longest words first."""
    words = tuple(words)
    if not words:
        return
    signs = set(text)  # a village has two thousand names, a text a few: only what can stand in it is looked for
    there = {word for word in words if word and (signs.issuperset(word) or signs.issuperset(_plain(word)))}
    wanted = sorted(there, key=lambda word: (-len(word), word))
    for found in _leftmost(text, [_apart(word) for word in wanted]):
        yield found.span()


@lru_cache(4096)
def _apart(word: str) -> re.Pattern[str]:
    """Return the pattern of a word whose signs may stand apart."""
    return re.compile(_APART.join(map(re.escape, _plain(word))))


def _leftmost(text: str, patterns: Sequence[re.Pattern[str]]) -> Iterator[re.Match[str]]:
    """Yield what all patterns as alternatives of one would match, the first before the others.

    One pattern made for each text would take milliseconds to make; these are made once.
    """
    found = {order: match for order, pattern in enumerate(patterns) if (match := pattern.search(text))}
    while found:
        _, order = min((match.start(), order) for order, match in found.items())
        first = found[order]
        yield first
        for order in [order for order, match in found.items() if match.start() < first.end()]:
            match = patterns[order].search(text, first.end())
            if match:
                found[order] = match
            else:
                del found[order]


_APART = r"[\s·•・.]*"
"""What may stand between the signs of a word without making it another one."""


def _replaced(text: str, masks: Sequence[Mask]) -> str:
    parts, place = [], 0
    for mask in masks:
        parts += [text[place : mask.start], mask.shown]
        place = mask.end
    return "".join((*parts, text[place:]))


_DIGIT = "[0-9零〇○一二三四五六七八九幺两]"
_GAP = r"[\s\-－—–－.·•,，]*"
_NUMBERS = re.compile(rf"(?<![0-9A-Za-z])[0-9](?:{_GAP}[0-9]){{13,18}}(?:{_GAP}[Xx])?(?![0-9A-Za-z])")
_MOBILE = re.compile(rf"(?<![0-9])(?:\+?86{_GAP})?1{_GAP}[3-9](?:{_GAP}[0-9]){{9}}(?![0-9])")
_MOBILE_WORDS = re.compile(rf"[一幺]{_GAP}[三四五六七八九](?:{_GAP}[零〇○一二三四五六七八九幺两]){{9}}")
_FIXED = re.compile(rf"(?<![0-9])[(（]?0[0-9]{{2,3}}[)）]?{_GAP}[0-9](?:[\s\-－—]?[0-9]){{6,7}}(?![0-9])")
_CALL = re.compile(
    rf"(?:电话|手机|号码|微信|QQ|扣扣)(?:号码?)?(?:是|为)?[:：\s]*({_DIGIT}(?:{_GAP}{_DIGIT}){{4,14}})", re.I
)
_WECHAT = re.compile(r"(?:微信|QQ|扣扣)号?(?:是|为)?[:：\s]*([A-Za-z][A-Za-z0-9_\-]{4,19})", re.I)
_HANDLE = re.compile(r"(?<![A-Za-z0-9_])[A-Za-z]{2,}[_\-]?[0-9]{5,}(?![0-9])")
"""A name in some network: letters and many figures."""
_BARE = re.compile(
    r"(?<![0-9.\-A-Za-z])(?!(?:19|20)[0-9]{2}(?:[01][0-9][0-3][0-9]|[\s\-](?:19|20)[0-9]{2})(?![0-9]))"
    r"[2-8][0-9]{2,3}[\s\-]?[0-9]{4}(?![0-9.]|\s*(?:余|多|来)?[元万亿米平立方公斤吨亩株棵工度人户次个千克升块角分毫厘])"
)
"""Seven or eight digits by themselves: a phone without its area code, unless a unit says what they count."""
_NO = r"[0-9一二三四五六七八九十百]"
_FLAT = r"(?:[0-9]{1,2}(?:楼|层))?(?:[A-Z]?[0-9]{3,4}[室号房]?)?"
_NOT_A_DOOR = r"(?!线|文|令|桥|任务|议题|焦点|机|井|点|坝|塘|渠|泵)"
_HOUSE = rf"{_NO}{{1,5}}(?:[-之][0-9]{{1,3}})?号"
_DOOR = re.compile(
    rf"(?<=[组村寨路街巷弄道苑园院里社队湾坡屯坊城区庭府牌])第?{_HOUSE}(?:院|楼|大院)?(?:附{_NO}{{1,3}}号)?"
    rf"(?:[0-9]{{1,3}}(?:栋|幢|座|单元))*{_FLAT}{_NOT_A_DOOR}(?:[、和及到至]{_HOUSE}{_NOT_A_DOOR})*"
    rf"|(?<![0-9第])[0-9A-Z一二三四五六七八九十]{{1,3}}(?:栋|幢|座)(?:[0-9一二三四五六七]{{1,2}}单元)?{_FLAT}(?![0-9])"
    r"(?<=[0-9室号房元栋幢])"
    rf"|(?<![0-9第])[0-9一二三四五六七]{{1,2}}单元{_FLAT}(?![0-9])|门牌号?(?:是|为)?[:：]?\s*第?{_NO}{{1,5}}(?:-[0-9]{{1,3}})?号?"
)
_YEARS = (
    r"(?<![0-9二三四五六七八九十百.])(?:(?:1[0-7]|[0-9])(?![0-9])|十[一二三四五六七]?|[一二三四五六七八九])\s*周?岁半?"
)
_LEAD = r"(?:年仅|刚满|才|今年|现年)?"
_RULE = r"(?!以上|及以上|以下)"
_AGE = re.compile(rf"{_LEAD}{_YEARS}{_RULE}")
_AGED = re.compile(rf"([\u4e00-\u9fff]{{2,4}}?)[（(，,、]?\s*(?:男|女)?[，,]?{_LEAD}{_YEARS}{_RULE}")
_CHILD = (
    "(?:学生|同学|孩子|小孩|小娃|娃娃|娃儿|娃|儿子|女儿|姑娘|外孙女|外孙|孙子|孙女|幼儿|儿童|男孩|女孩|少年|"
    "侄子|侄女|小朋友)"
)
HOTLINES = ("110", "119", "120", "122", "12345", "12348", "12316", "12317", "12388", "12389", "12333", "12315", "12309")
"""Numbers of the state that everybody may read."""


def _candidates(text: str, plain: str, rules: MaskRules) -> Iterator[Mask]:
    """Yield what might be hidden, what matters more first."""

    def mask(span: tuple[int, int], shown: str, kind: MaskKind, *, may_lift: bool = False) -> Mask:
        return Mask(*span, text[span[0] : span[1]], shown, kind, may_lift)

    for span in _spans(plain, rules.hidden):
        yield mask(span, short_name(re.sub(_APART, "", plain[span[0] : span[1]])), MaskKind.NAME)
    for span in _spans(plain, rules.chosen):
        yield mask(span, "某某", MaskKind.CHOSEN)
    signs = frozenset(plain)
    for found in _NUMBERS.finditer(plain) if not _FIGURES.isdisjoint(signs) else ():
        yield mask(found.span(), "〔号码略〕", MaskKind.NUMBER)
    for span in _phone_spans(plain, signs):
        if re.sub(r"\D", "", plain[span[0] : span[1]]) not in _office_numbers(rules.phones):
            yield mask(span, "〔电话略〕", MaskKind.PHONE)
    for span in _called_spans(plain, rules):
        shown = "某家" if plain[span[0] : span[1]].endswith("家") else "某某"
        yield mask(span, shown, MaskKind.CALLED, may_lift=True)
    for span in _child_spans(plain, signs):
        yield mask(span, "〔略〕", MaskKind.CHILD)
    for found in _DOOR.finditer(plain) if not _IN_DOORS.isdisjoint(signs) else ():
        yield mask(found.span(), "〔门牌略〕", MaskKind.DOOR, may_lift=True)
    for span, names_somebody in _private_spans(plain, rules):
        yield mask(span, "〔略〕", MaskKind.PRIVATE, may_lift=not names_somebody)


_FIGURES, _ONES = frozenset("0123456789"), frozenset("一幺")
_IN_DOORS, _IN_CALLS = frozenset("号栋幢座单牌"), frozenset("电手号微Qq扣")
_IN_CHILDREN = frozenset("学同孩小娃儿女姑外孙幼少男侄")
"""What some patterns cannot do without: a text that has none of it is not searched, for most have nothing to hide."""


@lru_cache(64)
def _office_numbers(phones: tuple[str, ...]) -> frozenset[str]:
    return frozenset({re.sub(r"\D", "", _plain(phone)) for phone in phones} | set(HOTLINES))


def _phone_spans(plain: str, signs: frozenset[str]) -> Iterator[tuple[int, int]]:
    has_figures, has_ones = not _FIGURES.isdisjoint(signs), not _ONES.isdisjoint(signs)
    figures = (_MOBILE, _MOBILE_WORDS, _FIXED, _BARE, _HANDLE)
    for pattern in figures if has_figures else (_MOBILE_WORDS,) if has_ones else ():
        for found in pattern.finditer(plain):
            yield found.span()
    for pattern in (_CALL, _WECHAT) if not _IN_CALLS.isdisjoint(signs) else ():
        for found in pattern.finditer(plain):
            yield found.span(1)


_KIN = (
    "大爷|大伯|大叔|大妈|大娘|大嫂|大哥|大姐|大婶|二爷|三爷|二叔|三叔|幺叔|二哥|三哥|二嫂|爷爷|奶奶|伯伯|叔叔|婶婶|嬢嬢|孃孃|"
    "老汉|老头|老太|老爹|老倌|寡妇|婆婆|姨妈|姑妈|舅舅|师傅|婶|嫂子|嫂|伯|叔|哥|姐|姨|舅|爷|奶|娘|嬢|孃|妹|弟|氏"
)
_IN_FAMILY = (
    "老[大二三四五六七八幺]|[大二三四小幺](?:儿子|姑娘|媳妇|妹|弟|娃)|小[子妹儿]|媳妇|姑娘|儿子|女儿|儿媳|女婿|娃儿?|"
    "兄弟|父子|母子|婆媳"
)
_PLACE_AFTER = "村寨湾坝沟冲坪坡庄屯塘山河桥箐营堡院口嘴凹垭岗巷街店铺组箐田地庙坟岩洞井垴梁岭圩集场镇乡"
_AFTER_CALL = (
    "家的说把和与跟及、，。；：！？在也就又已不要让出同反负提来去答对认想有愿他她两户都全没给帮先这那拿挖修管看守开拉各"
    "（）(),.;:!? "
)
_LINKS = frozenset("和者于与向从连都全时国农公安成管商专东万百方路")
"""Surnames that are mostly another word."""


def _called_spans(plain: str, rules: MaskRules) -> Iterator[tuple[int, int]]:
    """Yield how villagers are called: 老李, 李家老二, 李大爷, 李三, 国强家; 李家村 is a place."""
    names = [name for name in rules.hidden if len(name) > 1]
    if not names and not rules.surnames:
        return
    surnames = rules.surnames or frozenset(surname_of(name) for name in names)
    given = {one for one in {_given(name) for name in names} if one and one in plain}
    patterns = [_by_surname(surnames)] if any(one in plain for one in surnames) else []
    patterns += [_by_given(one) for one in sorted(given, key=lambda one: (-len(one), one))]
    for found in _leftmost(plain, patterns):
        yield found.span()


@lru_cache(64)
def _by_surname(surnames: frozenset[str]) -> re.Pattern[str]:
    one, clear = _either(surnames), _either(surnames - _LINKS)
    # To compile a set of hundreds of signs takes half a millisecond, so each stands here as seldom as it can.
    family, kin = rf"(?:{_IN_FAMILY})", rf"(?:{_KIN})(?![\u4e00-\u9fff]?村|工|资)"
    pattern = rf"(?:老(?:{one})|[小大](?:{clear}))(?!某|[{_PLACE_AFTER}])(?=[{_AFTER_CALL}]|$)|阿(?:{clear})(?!某)"
    pattern += rf"|(?:{clear})(?:家{family}?(?!老?[{_PLACE_AFTER}])|家{family}|{kin}|{family})"
    pattern += rf"|(?!周[二三四五六](?!家|娃)|高[二三])(?:{one})[二三四五六七八九]娃?(?=[{_AFTER_CALL}]|$)"
    pattern += rf"|(?:{one})(?:家{family}|某[甲乙丙丁某]?家)|姓(?:{one})的"
    return re.compile(pattern)


@lru_cache(4096)
def _by_given(given: str) -> re.Pattern[str]:
    one = re.escape(given)
    return re.compile(rf"(?:阿|老|小)?(?:{one})(?:哥|叔|姐|嫂|爷|伯|婶)?(?=家|他们?家|说|两口子|一家|老婆|媳妇|户)")


def _either(words: frozenset[str]) -> str:
    """Return a pattern for any of the words, the longest first; for no words one that nothing meets."""
    longer = sorted((word for word in words if len(word) > 1), key=lambda word: (-len(word), word))
    signs = "".join(sorted(word for word in words if len(word) == 1))
    return "|".join([*map(re.escape, longer), *([f"[{re.escape(signs)}]"] if signs else [])]) or "(?!)"


def _given(name: str) -> str:
    """Return the given name of two signs and more, by which neighbours know each other; else nothing."""
    given = name[len(surname_of(name)) :]
    return given if len(given) > 1 else ""


_CALLED_A_CHILD = re.compile(rf"{_CHILD}(?:叫做?|名叫|名字叫|姓名|是)?[：:]?([\u4e00-\u9fff]{{2,3}})")
_PUPIL = re.compile(r"([\u4e00-\u9fff]{2,3})(?:小朋友|同学)")


def _child_spans(plain: str, signs: frozenset[str]) -> Iterator[tuple[int, int]]:
    if "岁" in plain:
        yield from _aged_spans(plain)
    if _IN_CHILDREN.isdisjoint(signs):
        return
    for found in _CALLED_A_CHILD.finditer(plain):
        name = found[1]
        if _is_childs_name(name[:2]) and not name.startswith(_NO_CHILD):
            yield (found.start(1), found.start(1) + _name_length(name))
    for found in _PUPIL.finditer(plain) if "同学" in plain or "小朋友" in plain else ():
        start = found.start(1) + (0 if _is_childs_name(found[1]) else 1)
        if _is_childs_name(plain[start : found.end(1)]):
            yield (start, found.end(1))


def _aged_spans(plain: str) -> Iterator[tuple[int, int]]:
    for found in _AGED.finditer(plain):
        name = found[1]
        lengths = (length for length in (3, 2) if len(name) >= length and _is_childs_name(name[-length:]))
        length = next(lengths, 0)
        if length:
            yield (found.end(1) - length, found.end(1))
    for found in _AGE.finditer(plain):
        yield found.span()


def _is_childs_name(name: str) -> bool:
    """Return whether signs may be what a child is called: 周小明, 小明."""
    return (
        len(name) > 1
        and (name[0] in SURNAMES or name[0] in "小阿")
        and name[1] not in _NO_NAME
        and name[-1] not in _NO_NAME
    )


_NO_NAME = frozenset(
    "的了在上下和与及或等能会要去来到从把被让给就都也很不没有是路口门前后里外校学放读安车边家多少们走过用"
    "年才岁满仅今现孩组区队时坐骑通全高常应该必须每平身户均由可需因以"
)
_NO_CHILD = (
    *(
        "安全",
        "高中",
        "小学",
        "于",
        "应",
        "通",
        "时",
        "成长",
        "健康",
        "容易",
        "常年",
        "连",
        "向",
        "余",
        "从",
        "都",
        "包",
        "全",
        "乐",
    ),
    *("关", "管", "支", "温", "平", "越", "艾", "利", "明", "双", "车", "方", "项", "阿姨", "小心"),
)
"""How what follows 孩子 and is no name begins."""


def _name_length(name: str) -> int:
    return 3 if len(name) == 3 and name[2] not in _NO_THIRD else 2


_NO_THIRD = frozenset("的了在上下和与及会能要去来到从被让给就也都很不没有是走过才已")


def _private_spans(plain: str, rules: MaskRules) -> Iterator[tuple[tuple[int, int], bool]]:
    """Yield where private words stand, and whether their sentence names somebody."""
    if not (rules.always or rules.with_name):
        return
    named = [start for start, _ in (*_spans(plain, rules.hidden), *_called_spans(plain, rules))]
    for sentence in re.finditer(r"[^。！？；\n]+", plain):
        start, end = sentence.span()
        names = "某某" in sentence[0] or any(start <= place < end for place in named)
        for first, last in _spans(sentence[0], (*rules.always, *(rules.with_name if names else ()))):
            yield (start + first, start + last), names


_WITNESS = r"(?:村民|户主|农户|住户|当事人|老乡|代表|党员|业主|联系人|由|请|推选|选举)(?!代表|小组|会议|委员)"
_DOING = r"(?=[家户、，。；]|同意|负责|承担|自愿|出资|让出|说|为|等|和|与|任|担任)"
_PERHAPS = re.compile(rf"{_WITNESS}([\u4e00-\u9fff]{{2,3}}){_DOING}")


def doubts(text: str, rules: MaskRules) -> tuple[str, ...]:
    """Return what stands in a masked text and may be somebody who is on no list, for a person to look at."""
    plain, found = _plain(text), dict[str, None]()
    for match in _PERHAPS.finditer(plain):
        name = match[1]
        is_name = name[0] in SURNAMES and "某" not in name and not set(name[1:]) & _NO_NAME
        if is_name and not any(name in shown for shown in rules.shown) and name not in rules.lifted:
            found[name] = None
    return tuple(found)
