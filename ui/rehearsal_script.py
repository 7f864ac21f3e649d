"""The script of a practice scenario as its file writes it: days from today, minutes from the opening."""

import msgspec


class Side(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """People of one role. `names`: 赵某甲 钱某乙/村支书 孙某丙=钱某乙 (post after a slash, = shares a household)."""

    role: str
    names: str
    group: str = ""
    unit: str = ""
    village: str = ""
    guests: bool = True
    counts: bool = True


class TopicPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A topic: raised, screened, approved so many days from today; `then` are later stages, `exit` a side exit."""

    title: str
    raised: int
    raised_by: str
    village: str = ""
    source: str = "VILLAGER"
    category: str = "OTHER"
    summary: str = ""
    screened: int | None = None
    approved: int | None = None
    then: list[tuple[int, str]] = []
    exit: tuple[int, str, str] | None = None
    merged: list[str] = []


class Said(msgspec.Struct, frozen=True, array_like=True):
    """One statement: minute, speaker (empty: 一位村民), kind, number of the issue (0: none), text."""

    minute: float
    who: str
    kind: str
    issue: int
    text: str


class Settled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One consensus. Those in the yard who are not against, abstaining or silent agree."""

    issue: int
    minute: float
    text: str
    method: str = "举手表决"
    result: str = "达成"
    against: int = 0
    abstain: int = 0
    silent: int = 0
    ratio: str = "half"
    route: str = ""
    objections: list[tuple[str, str, str]] = []
    second: str = ""


class RevisitPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One round of households, so many days from the sitting: five counts from 很满意 to 说不清, and a sentence."""

    day: int
    counts: tuple[int, int, int, int, int]
    text: str = ""
    by: str = ""


class ActionPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One task under the consensus on an issue; its days (`due`, `progress`, `revisits`) count from the sitting."""

    issue: int
    minute: float
    text: str
    unit: str = ""
    support: list[str] = []
    person: str = ""
    due: int | None = None
    due_words: str = ""
    supervisor: str = ""
    fund: str = ""
    offers: list[tuple[str, str]] = []
    progress: list[tuple[int, str, str]] = []
    extended: tuple[int, int, str] | None = None
    revisits: list[RevisitPart] = []


class Evening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One sitting. `ends` is the minute it was closed; without it, it is under way, or was put off.

    Those who came check in between the minutes of `arrive`, the names of `last` at the end. `discussing` is the minute
    at which talk went on after something was settled. `revisits` are about the whole consultation.
    """

    day: int = 0
    time: str = ""
    minutes_ago: float = 0
    called: int = -3
    venue: str = ""
    host: str = ""
    recorder: str = "示例干部"
    expected: int = 0
    expected_households: int = 0
    language: str = ""
    note: str = ""
    issues: list[str] = []
    arrive: tuple[float, float] = (-15, 3)
    last: str = ""
    away: str = ""
    excused: list[tuple[str, str]] = []
    proxies: list[tuple[str, str, str]] = []
    walk_ins: list[tuple[float, str, str, str]] = []
    leaves: list[tuple[float, str]] = []
    said: list[Said] = []
    drafts: list[tuple[float, int, str]] = []
    settled: list[Settled] = []
    actions: list[ActionPart] = []
    revisits: list[RevisitPart] = []
    discussing: float | None = None
    ends: float | None = None
    postponed: tuple[float, str] | None = None
    half_typed: Said | None = None
    held: bool = True


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One scenario: its people, its topic, its sittings."""

    code: str
    title: str = ""
    places: list[str] = []
    hamlet: str = ""
    practice: str = "yuanba"
    form: str = "YUANBA"
    category: str = "OTHER"
    closed: bool = False
    quorum_rule: str = "half"
    quorum_base: str = "persons"
    people: list[Side] = []
    units: list[str] = []
    topic: TopicPart | None = None
    topics: list[TopicPart] = []
    sittings: list[Evening] = []
