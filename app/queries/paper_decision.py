"""“四议两公开”登记表: the sheets for what a consultation agreed on and the village itself must decide."""

from typing import TYPE_CHECKING

from app.domain import wording
from app.domain.consensus import SETTLING
from app.domain.paper import Imprint
from app.domain.paper_decision import DecisionForms, DecisionSheet
from app.domain.place import Level
from app.queries.paper import action_words
from app.queries.paper_law import law
from app.queries.paper_mediation import has_agreement
from app.queries.paper_places import seal_words
from app.queries.paper_words import held_on, makes_village_rule, matter_words, printed, sentence
from app.queries.sitting import LiveSitting

if TYPE_CHECKING:  # `papers` lists our maker, so it imports us
    from app.queries.papers import Matter

BOX = "□"
OCCASIONS = ("党员群众建议", "村干部提议", "上级党委政府安排")
DECIDED_BY = frozenset({"VILLAGERS_ASSEMBLY", "REPRESENTATIVES", "VILLAGE_COMMITTEE", "GROUP_MEETING"})
SHORT, LONG = 12.0, 42.0
MOST_TOLD, MOST_NAMED = 3, 6
"""Up to how many tasks are told whole, and how many by their words alone, so that the last sheet stays one page."""
MEETING = (("时间", "　　　年　　月　　日　　时", SHORT), ("地点", "", SHORT), ("主持人", "", SHORT))


def decision_forms(matter: "Matter") -> DecisionForms | None:
    """Return the six sheets; None where nothing was agreed that is a village's to decide, as in a private dispute."""
    live = matter.live
    if not _terms(live) or not _is_a_villages(matter) or has_agreement(live):
        return None
    seal = "、".join(seal_words(live, matter.places, matter.practice))
    return DecisionForms(
        "“四议两公开”决策实施登记表",
        matter_words(live, matter.practice).removesuffix("一事"),
        _village(matter),
        (
            _motion(matter),
            _proposal(matter),
            _discussion(),
            _party_members(),
            _assembly(),
            _publication(live, seal),
        ),
        Imprint(number=live.consultation.case_number),
    )


def _is_a_villages(matter: "Matter") -> bool:
    """Return whether a village stands behind the matter; a station or a street of towns decides otherwise."""
    codes = matter.live.consultation.place_codes
    found = [place for place in map(matter.places.get, codes) if place]
    village = any(place.level is Level.VILLAGE and not place.display_name.endswith("社区") for place in found)
    return village or bool(found and matter.live.consultation.hamlet)


def _village(matter: "Matter") -> str:
    found = (matter.places.get(code) for code in matter.live.consultation.place_codes)
    names = [place.display_name for place in found if place]
    return "、".join(names) or matter.live.consultation.hamlet


def _terms(live: LiveSitting) -> tuple[str, ...]:
    """Return what was agreed, those first that the law gives to the assembly."""
    agreed = [(i, one) for i, one in live.settled() if one.result in SETTLING and not one.is_below_ratio()]
    ordered = sorted(
        agreed, key=lambda pair: not (pair[1].route in DECIDED_BY or makes_village_rule(live, pair[0], pair[1]))
    )
    return tuple(sentence(one.text) for _, one in ordered)


def _motion(matter: "Matter") -> DecisionSheet:
    live, day = matter.live, held_on(matter.live)
    terms = _terms(live)
    told = "\n".join(f"{n}. {text}" for n, text in enumerate(terms, start=1)) if len(terms) > 1 else "".join(terms)
    when = f"{wording.full_day(day)}协商形成：" if day else ""
    return DecisionSheet(
        "一、动议（决策事项）",
        (
            ("动议事由", "　".join(f"{BOX} {words}" for words in OCCASIONS), SHORT),
            ("事项", matter_words(live, matter.practice).removesuffix("一事"), SHORT),
            ("事项内容", f"{when}\n{told}" if when else told, 90.0),
            ("协商到会", f"应到{live.expected() or '　　'}人，实到{len(live.came())}人", SHORT),
            ("动议人", "", 18.0),
        ),
        signs=("登记人",),
    )


def _proposal(matter: "Matter") -> DecisionSheet:
    return DecisionSheet(
        "二、村党支部会提议",
        (*MEETING, ("会议形式", f"{BOX} 党支部会　{BOX} 党总支会　{BOX} 党委会", SHORT), ("提议内容", "", LONG)),
        shares=True,
        signs=("参会人员",),
        seal="村党组织盖章处",
    )


def _discussion() -> DecisionSheet:
    return DecisionSheet(
        "三、村“两委”会商议",
        (*MEETING, ("商议意见", "", LONG)),
        shares=True,
        signs=("参会人员", "乡镇参会人员（写明职务）"),
    )


def _party_members() -> DecisionSheet:
    return DecisionSheet(
        "四、党员大会审议",
        (*MEETING, ("审议意见", "", LONG)),
        shares=True,
        signs=("参会人员", "乡镇参会人员（写明职务）"),
    )


def _assembly() -> DecisionSheet:
    village = law("village")
    return DecisionSheet(
        "五、村民会议或者村民代表会议决议",
        (
            *MEETING,
            ("会议形式", f"{BOX} 村民会议　{BOX} 村民代表会议（须经村民会议授权）", SHORT),
            ("决议内容", "", LONG),
            ("表决结果", "同意　　　人，反对　　　人，弃权　　　人", SHORT),
        ),
        f"{village.cited()}：{village.says('assembly_quorum')}{village.says('representatives_quorum')}",
        shares=True,
        signs=("参会人员", "乡镇参会人员（写明职务）"),
    )


def _publication(live: LiveSitting, seal: str) -> DecisionSheet:
    village = law("village")
    actions = live.actions()
    told = (action_words(live, one) if len(actions) <= MOST_TOLD else printed(one.text) for one in actions[:MOST_NAMED])
    lines = [f"{number}. {words}" for number, words in enumerate(told, start=1)]
    tasks = "\n".join((*lines, f"等{len(actions)}项，见任务分解清单。") if len(actions) > MOST_NAMED else lines)
    return DecisionSheet(
        "六、决议公开和实施结果公开",
        (
            ("决议公开", "　　　年　　月　　日至　　月　　日，地点：", SHORT),
            ("群众意见", "", 14.0),
            ("实施任务", tasks, 30.0),
            ("实施结果", "", 24.0),
            ("结果公开", "　　　年　　月　　日至　　月　　日，地点：", SHORT),
            ("监督意见", "", 14.0),
        ),
        village.says("publication"),
        signs=("村监委",),
        seal=seal,
    )
