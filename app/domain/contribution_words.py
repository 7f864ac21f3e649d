"""Contribution words: what somebody brings in, typed as one word beside a name, and a line of such pairs.

`50` is half of it, `2000` is money, `18方` is stone or earth, `12工` is days of work. With the input method off the
letters y (元), w (万元), g (工) and f (方) do as well.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from app.domain import pinyin, wording
from app.domain.action import ContributionKind

_NUMBER_AND_UNIT = re.compile(r"¥?(\d+(?:\.\d+)?)(.*)")
_MONEY = {"元": 1, "块": 1, "块钱": 1, "y": 1, "百": 100, "百元": 100, "千": 1000, "千元": 1000, "k": 1000}
_MONEY |= {"万": 10_000, "万元": 10_000, "万块": 10_000, "w": 10_000}
_LABOUR = frozenset({"工", "个工", "工日", "个工日", "天工", "天", "个", "g", "gr"})
_KIND_LETTERS = {"f": "方", "d": "袋", "t": "吨"}
_MOST_DIGITS = 12
_APART = re.compile(r"[\s，、；;]+")
_PARTY_AND_AMOUNT = re.compile(r"([^\d¥￥]+)([\d¥￥].*)")


@dataclass(frozen=True, slots=True)
class Amount:
    """One contribution: a decimal string and its measure (%, 元, 工, or 方, 袋水泥 and whatever else was typed)."""

    kind: ContributionKind
    amount: str
    measure: str

    def __str__(self) -> str:
        """Return the amount as it reads on paper, and as it can be typed again: 50%, 2000元, 12个工, 18方."""
        return f"{self.amount}{'个工' if self.kind is ContributionKind.LABOUR else self.measure}"


@dataclass(frozen=True, slots=True)
class NotAnAmount:
    """Words that are no contribution, with the sentence for under the field."""

    sentence: str


def read_amount(words: str) -> Amount | NotAnAmount:
    """Return what was meant by one word such as 50, 2000, 1.5万, 18方 or 12个工.

    A bare number up to 100 is a share in percent, a larger one is money in yuan.
    """
    said = "".join(pinyin.fold(words).split()).replace(",", "").replace("％", "%").replace("￥", "¥")
    found = _NUMBER_AND_UNIT.fullmatch(said)
    if not found:
        return NotAnAmount(f"没看懂“{words.strip()[:12]}”。写 50（百分之五十）、2000（元）、18方、12工")
    if len(found[1].partition(".")[0]) > _MOST_DIGITS:
        return NotAnAmount("数太大了，看看是不是多打了几位")
    return _weighed(Decimal(found[1]), found[2], said.startswith("¥"))


@dataclass(frozen=True, slots=True)
class Pledge:
    """Who brings how much, as typed: `party` is a name or its initials, `amount` is None while it is still missing."""

    party: str
    amount: Amount | None = None


def read_pledges(words: str) -> tuple[Pledge, ...] | NotAnAmount:
    """Return what a line such as `z 50 q 50` or `村集体 18方` says, party by party; empty for an empty line."""
    pledges: list[Pledge] = []
    for word in _words_apart(words):
        if word[0] not in "¥￥" and not word[0].isdigit():
            pledges.append(Pledge(word))
            continue
        amount = read_amount(word)
        if isinstance(amount, NotAnAmount):
            return amount
        if not pledges:
            return NotAnAmount("先写谁出：z 50 就是赵家出一半")
        pledges.append(Pledge(pledges[-1].party, amount))
        if pledges[-2].amount is None:
            del pledges[-2]
    return tuple(pledges)


def _words_apart(words: str) -> list[str]:
    """Return the words of a line, a name and the number behind it parted though nobody typed a space."""
    found: list[str] = []
    for word in filter(None, _APART.split(words)):
        pair = _PARTY_AND_AMOUNT.fullmatch(word)
        found += pair.groups() if pair else (word,)
    return found


def share_lacking(pledges: tuple[Pledge, ...]) -> Decimal:
    """Return how many per cent the shares lack to 100 (negative: too many); 0 when nobody gives a share."""
    amounts = [pledge.amount for pledge in pledges if pledge.amount is not None]
    shares = [Decimal(amount.amount) for amount in amounts if amount.kind is ContributionKind.SHARE]
    return Decimal(100) - sum(shares, Decimal(0)) if shares else Decimal(0)


def _weighed(number: Decimal, unit: str, has_sign: bool) -> Amount | NotAnAmount:
    if not number:
        return NotAnAmount("是 0 就不用写，空着回车")
    if unit in _MONEY or has_sign or (not unit and number > 100):
        return _money(number * _MONEY.get(unit, 1))
    if unit in ("", "%"):
        return _share(number)
    if unit in _LABOUR:
        return Amount(ContributionKind.LABOUR, _text(number), "工")
    return Amount(ContributionKind.MATERIAL, _text(number), _KIND_LETTERS.get(unit, unit))


def _share(number: Decimal) -> Amount | NotAnAmount:
    if number > 100:
        return NotAnAmount("比例不能超过 100%")
    return Amount(ContributionKind.SHARE, _text(number), "%")


def _money(number: Decimal) -> Amount | NotAnAmount:
    if number != round(number, 2):
        return NotAnAmount("钱数到分为止")
    return Amount(ContributionKind.MONEY, _text(number), "元")


def _text(number: Decimal) -> str:
    return wording.plain_number(str(number))
