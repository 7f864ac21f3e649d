"""The fields of a record as people call them, and their values as people read them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from app.domain.action import ACTION_STAGE_WORDS
from app.domain.consensus import METHOD_WORDS, RATIO_WORDS, RESULT_WORDS, ROUTE_WORDS
from app.domain.consultation import CONSULTATION_STAGE_WORDS
from app.domain.people import ROLE_WORDS
from app.domain.place import Places
from app.domain.revisit import ANSWERS
from app.domain.statement import STATEMENT_KIND_WORDS
from app.domain.topic import CATEGORIES, SOURCES, TOPIC_STAGE_WORDS
from app.domain.wording import clock, day_seen_from
from ui.words import tr

LABELS: Mapping[str, str] = {
    "agree": "同意",
    "against": "反对",
    "abstain": "弃权",
    "silent": "没表态",
    "present": "到场",
    "answer": "答复",
    "amount": "多少",
    "arrived_at": "几点到",
    "left_at": "几点走",
    "approved_on": "立题日",
    "by": "谁写的",
    "case_number": "案号",
    "category": "类别",
    "consensus_id": "共识",
    "counts": "算不算数",
    "done_on": "办结日",
    "due_on": "期限",
    "due_words": "期限原话",
    "expected": "应到",
    "expected_households": "应到户数",
    "form": "形式",
    "fund": "钱从哪来",
    "group": "小组",
    "hamlet": "自然村",
    "head": "户主",
    "host": "主持人",
    "host_id": "主持人",
    "household_id": "哪一户",
    "invited": "请没请",
    "issue_id": "焦点",
    "kind": "种类",
    "measure": "单位",
    "merged_into": "并到哪个",
    "method": "怎么定的",
    "mode": "怎么到的",
    "name": "名字",
    "note": "备注",
    "number": "第几",
    "opened_at": "开始",
    "ended_at": "散会",
    "ordinal": "第几场",
    "party": "谁出",
    "person_id": "谁",
    "phone": "电话",
    "place_code": "在哪里",
    "place_codes": "在哪里",
    "post": "职务",
    "posted_on": "贴出日",
    "practice": "做法",
    "presence": "到没到",
    "proxy_name": "代来的人",
    "proxy_relation": "什么关系",
    "quorum_base": "按谁算",
    "quorum_rule": "到会要求",
    "raised_by": "谁提的",
    "raised_on": "哪天提的",
    "ratio": "比例",
    "reason": "理由",
    "recorder": "记录人",
    "result": "结果",
    "role": "身份",
    "route": "下一步",
    "said_at": "几点说的",
    "screened_on": "研判日",
    "second_text": "另一种文字",
    "settled_at": "定下时间",
    "source": "来源",
    "speaker_id": "谁说的",
    "spoken_language": "说什么话",
    "stage": "办到哪",
    "starts_at": "开会时间",
    "summary": "情况",
    "supervisor": "谁监督",
    "support_units": "协办",
    "text": "内容",
    "title": "题目",
    "unit_id": "谁来办",
    "until": "贴到哪天",
    "venue": "地点",
    "visited_on": "哪天去的",
    "village_code": "哪个村",
    "where": "贴在哪",
    **ANSWERS,
}
OF_KIND: Mapping[tuple[str, str], str] = {
    ("action", "text"): "做什么",
    ("action", "person_id"): "经办人",
    ("attendance", "role"): "以什么身份",
    ("consensus", "text"): "共识正文",
    ("statement", "text"): "发言",
    ("reservation", "text"): "保留意见",
    ("progress", "text"): "进展",
    ("revisit", "text"): "他们怎么说",
    ("revisit", "by"): "谁去的",
    ("hamlet", "name"): "自然村名",
    ("unit", "name"): "单位名",
    ("person", "unit_id"): "单位",
    ("statement", "number"): "第几条",
    ("action", "number"): "第几项",
    ("topic", "stage"): "走到哪",
    ("consultation", "stage"): "走到哪",
    ("sitting", "stage"): "开到哪",
}
TEXTS = frozenset({"text", "summary", "second_text"})
"""Fields that are told sentence by sentence."""
_WORDS: Mapping[tuple[str, str], Mapping[Any, str]] = {
    ("action", "stage"): ACTION_STAGE_WORDS,
    ("progress", "stage"): ACTION_STAGE_WORDS,
    ("consultation", "stage"): CONSULTATION_STAGE_WORDS,
    ("topic", "stage"): TOPIC_STAGE_WORDS,
    ("topic", "category"): CATEGORIES,
    ("topic", "source"): SOURCES,
    ("consultation", "category"): CATEGORIES,
    ("person", "role"): ROLE_WORDS,
    ("attendance", "role"): ROLE_WORDS,
    ("statement", "kind"): STATEMENT_KIND_WORDS,
    ("consensus", "method"): METHOD_WORDS,
    ("consensus", "result"): RESULT_WORDS,
    ("consensus", "ratio"): RATIO_WORDS,
    ("consensus", "route"): ROUTE_WORDS,
}


def label_of(kind: str, name: str) -> str:
    """Return what a field is called; one of a newer version is 别的."""
    return tr(OF_KIND.get((kind, name)) or LABELS.get(name) or "别的")


def value_words(
    kind: str, name: str, value: Any, places: Places, name_of: Callable[[str, str], str], today: date
) -> str:
    """Return a plain value as people read it; '' for nothing. `name_of` tells for a field what an id is called."""
    if value is None or value == "" or value == ():
        return ""
    if isinstance(value, list | tuple):
        return "、".join(value_words(kind, name.removesuffix("s"), one, places, name_of, today) for one in value)
    if isinstance(value, bool):
        return tr("是") if value else tr("不是")
    if name.endswith("_id") or name in ("support_unit", "merged_into"):
        return name_of(name, str(value)) or tr("名字还没到")
    if name in ("place_code", "village_code"):
        return places.label(value) if places.get(value) else str(value)
    words = _WORDS.get((kind, name), {}).get(value)
    return tr(words) if words else _time_words(str(value), today)


def _time_words(text: str, today: date) -> str:
    """Return a day or a moment as people say it, anything else as it is."""
    try:
        if len(text) == 10:
            return day_seen_from(date.fromisoformat(text), today)
        if len(text) > 18 and text[10] == "T":
            moment = datetime.fromisoformat(text)
            return f"{day_seen_from(moment.date(), today)} {clock(moment)}"
    except ValueError:
        pass
    return text
