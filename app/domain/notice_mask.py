"""What a public copy hides: names of villagers, phones, numbers of papers, doors, children, family matters.

Two roads that share no pattern: `masked` hides by rule and tells each mask, so that a person can look; `leaks` reads
the finished text and names whatever should not be there, so that nothing is posted on which both do not agree.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum


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
)
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
    """One thing hidden: from where to where in the text before, what it was, what is shown, and why."""

    start: int
    end: int
    was: str
    shown: str
    kind: MaskKind

    def sentence(self) -> str:
        """Return it in the clerk's words: 姓名：赵某甲 → 赵某某."""
        return f"{MASK_WORDS[self.kind]}：{self.was} → {self.shown}"


@dataclass(frozen=True, slots=True)
class MaskRules:
    """What to hide in the texts of one meeting.

    `hidden` are the names of villagers, `shown` those of people in office, `phones` the office's own, which may stand.
    `always` are words hidden wherever they stand, `with_name` those hidden in a sentence that names somebody;
    `chosen` is what a person wants hidden besides.
    """

    hidden: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    always: tuple[str, ...] = ()
    with_name: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()


def short_name(name: str) -> str:
    """Return a name as the public sees it: 赵某某, 欧阳某某."""
    surname = next((one for one in COMPOUND if name.startswith(one)), name[:1])
    return f"{surname}某某"


def masked(text: str, rules: MaskRules) -> tuple[str, tuple[Mask, ...]]:
    """Return the text as the public may read it, and every mask in the order they stand."""
    plain = _plain(text)
    found: list[Mask] = []
    taken = [False] * len(text)
    for start, end in _spans(plain, rules.shown):
        if not any(plain[start:end] in name for name in rules.hidden):
            _take(taken, start, end)
    for mask in _candidates(text, plain, rules):
        if not any(taken[mask.start : mask.end]):
            _take(taken, mask.start, mask.end)
            found.append(mask)
    found.sort(key=lambda mask: mask.start)
    return _replaced(text, found), tuple(found)


def _plain(text: str) -> str:
    """Return a text of the same length with full-width digits and letters as plain ones, so that places stay."""
    return "".join(unicodedata.normalize("NFKC", c) if len(unicodedata.normalize("NFKC", c)) == 1 else c for c in text)


def _take(taken: list[bool], start: int, end: int) -> None:
    taken[start:end] = [True] * (end - start)


def _spans(text: str, words: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Yield where words stand, the longest words first."""
    for word in sorted({word for word in words if word}, key=lambda word: (-len(word), word)):
        spaced = r"\s*".join(map(re.escape, _plain(word)))
        for found in re.finditer(spaced, text):
            yield found.span()


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
_DOOR = re.compile(
    r"(?<=[组村寨路街巷弄道苑园院里社队湾坡屯])(?:第?[0-9一二三四五六七八九十百]{1,5}(?:-[0-9]{1,3})?号(?:院|楼|附[0-9]{1,3}号)?"
    r"(?:[0-9]{1,3}(?:栋|幢|单元))*(?:[0-9]{3,4}室?)?|[0-9]{1,3}(?:栋|幢)(?:[0-9]{1,2}单元)?(?:[0-9]{3,4}室?)?)(?!线|文|令|桥|任务|议题|焦点)"
)
_AGE = re.compile(r"(?:年仅|才|今年|现年)?((?:1[0-7]|[0-9])|十[一二三四五六七]?|[一二三四五六七八九])(?:岁半?|周岁)")
_CHILD = "(?:学生|同学|孩子|小孩|娃娃?|娃儿|儿子|女儿|孙子|孙女|外孙女?|幼儿|儿童|男孩|女孩|少年)"


def _candidates(text: str, plain: str, rules: MaskRules) -> Iterator[Mask]:
    """Yield what might be hidden, what matters more first."""

    def mask(span: tuple[int, int], shown: str, kind: MaskKind) -> Mask:
        return Mask(*span, text[span[0] : span[1]], shown, kind)

    for span in _spans(plain, rules.hidden):
        yield mask(span, short_name(re.sub(r"\s", "", plain[span[0] : span[1]])), MaskKind.NAME)
    for span in _spans(plain, rules.chosen):
        yield mask(span, "某某", MaskKind.CHOSEN)
    for found in _NUMBERS.finditer(plain):
        yield mask(found.span(), "〔号码略〕", MaskKind.NUMBER)
    office = {re.sub(r"\D", "", _plain(phone)) for phone in rules.phones}
    for span in _phone_spans(plain):
        if re.sub(r"\D", "", plain[span[0] : span[1]]) not in office:
            yield mask(span, "〔电话略〕", MaskKind.PHONE)
    for span in _called_spans(plain, rules.hidden):
        yield mask(span, "某家" if plain[span[0] : span[1]].endswith("家") else "某某", MaskKind.CALLED)
    for span in _child_spans(plain):
        yield mask(span, "〔略〕", MaskKind.CHILD)
    for found in _DOOR.finditer(plain):
        yield mask(found.span(), "〔门牌略〕", MaskKind.DOOR)
    for span in _private_spans(plain, rules):
        yield mask(span, "〔略〕", MaskKind.PRIVATE)


def _phone_spans(plain: str) -> Iterator[tuple[int, int]]:
    for pattern in (_MOBILE, _MOBILE_WORDS, _FIXED):
        for found in pattern.finditer(plain):
            yield found.span()
    for pattern in (_CALL, _WECHAT):
        for found in pattern.finditer(plain):
            yield found.span(1)


_KIN = "大爷|大伯|大叔|大妈|大娘|大嫂|大哥|大姐|爷爷|奶奶|伯伯|叔叔|婶婶|婶|嫂子|嫂|伯|叔|哥|姐|姨|舅|爷|奶|娘"
_PLACE_AFTER = "村寨湾坝沟冲坪坡庄屯塘山河桥箐营堡院口"


def _called_spans(plain: str, hidden: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Yield how villagers are called by their surname: 老李, 李家老二, 李大爷, 李三; 李家村 is a place."""
    surnames = {next((one for one in COMPOUND if name.startswith(one)), name[:1]) for name in hidden if len(name) > 1}
    if not surnames:
        return
    one = "|".join(sorted(map(re.escape, surnames), key=len, reverse=True))
    pattern = re.compile(
        rf"(?:老|小|阿|大)(?:{one})(?!某|[{_PLACE_AFTER}])(?=[家的说把和与、，。；：！？两在也就也又已]|$)"
        rf"|(?:{one})家(?:老[大二三四五六幺]|小[子妹儿]|媳妇|姑娘|儿子)?(?![{_PLACE_AFTER}])"
        rf"|(?:{one})(?:{_KIN})|(?:{one})(?:老[大二三四五六幺]|[二三四五六七八九]娃?)(?=[家的说把和与、，。；：！？]|$)"
        rf"|(?:{one})(?:某[甲乙丙丁]?|某某)家"
    )
    for found in pattern.finditer(plain):
        yield found.span()


def _child_spans(plain: str) -> Iterator[tuple[int, int]]:
    for found in _AGE.finditer(plain):
        yield found.span()
    for found in re.finditer(rf"{_CHILD}(?:叫|名叫|是)?([\u4e00-\u9fff]{{2,3}})", plain):
        name = found[1]
        if name[0] in SURNAMES and _is_like_a_name(name):
            yield (found.start(1), found.start(1) + _name_length(name))


_NO_NAME = frozenset(
    "的了在上下和与及或等能会要去来到从把被让给就都也很不没有是路口门前后里外校学放读安车边家多少们走过用"
)


def _is_like_a_name(name: str) -> bool:
    return name[1] not in _NO_NAME


def _name_length(name: str) -> int:
    return 3 if len(name) == 3 and name[2] not in _NO_NAME else 2


def _private_spans(plain: str, rules: MaskRules) -> Iterator[tuple[int, int]]:
    yield from _spans(plain, rules.always)
    names = [*rules.hidden, "某某"]
    for sentence in re.finditer(r"[^。！？；\n]+", plain):
        is_called = any(True for _ in _called_spans(sentence[0], rules.hidden))
        if is_called or any(name in sentence[0] for name in names):
            for start, end in _spans(sentence[0], rules.with_name):
                yield sentence.start() + start, sentence.start() + end


def leaks(text: str, rules: MaskRules) -> tuple[str, ...]:
    """Return what a text for the public must not hold, each as a sentence; empty when it may be posted.

    Read another way than `masked` reads: everything that is no letter or digit is taken out first, so that blanks,
    hyphens and full-width signs hide nothing.
    """
    bare = "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())
    for name in sorted(rules.shown, key=len, reverse=True):
        if not any(name in hidden for hidden in rules.hidden):
            bare = bare.replace(name, "\0")
    office = [re.sub(r"\D", "", unicodedata.normalize("NFKC", phone)) for phone in rules.phones]
    told = [f"还有村民的姓名：{name}" for name in dict.fromkeys(rules.hidden) if len(name) > 1 and name in bare]
    told += [f"还有像电话或号码的数字：{digits}" for digits in _long_digits(text, office)]
    told += [f"还有健康或家事的字眼：{word}" for word in rules.always if word in bare]
    told += [f"还有要您自己选着遮的：{word}" for word in rules.chosen if word and word in bare]
    return tuple(told)


_CHINESE = str.maketrans("零〇○一幺二两三四五六七八九", "00011223456789")


def _long_digits(text: str, office: Sequence[str]) -> list[str]:
    """Return runs of seven digits and more, however they are parted; dates and the office's own phone are none."""
    plain = unicodedata.normalize("NFKC", text)
    plain = re.sub(r"\d{4}年\d{1,2}月\d{1,2}日", "日", plain)
    plain = re.sub(r"\d{4}-\d{2}-\d{2}", "日", plain)
    runs = re.findall(r"\d(?:[\s\-—–－.·()]*\d){6,}", plain)
    runs += re.findall(r"[零〇○一幺二两三四五六七八九]{7,}", plain)
    digits = [re.sub(r"\D", "", run.translate(_CHINESE)) for run in runs]
    return [one for one in digits if one not in office]
