# ruff: noqa
# fmt: off
# mypy: ignore-errors
"""Deterministic workload generator for the exchange benchmarks (`tests/speed`).

W1  "a busy week of one township": 20 consultation sessions, each with 30 participants,
    12 statements/issues and 6 actions = 980 small records, then an update to 200 of them.
W2  "one year of one county": 50,000 such records, then an update to 10,000 of them (same share).
W3  200 clients each syncing their own W1 to one server (client_no selects the region and the seed).

Usage:  workload.py W1 [--client N] [--phase insert|update|all] > w1.jsonl
Each line: {"op":"put","rec":{id,kind,parent,region,author,at,status,title,body}}

Text is built from an embedded vocabulary so that nothing outside this file is needed. Its
compressibility is checked by selfcheck(): real Chinese news text of 22 KB goes 2.5:1 under
`zstd -19`; the bodies here must stay between 2:1 and 4:1, or size comparisons would flatter us.
"""
from __future__ import annotations

import argparse
import json
import random
import sys
from typing import Iterator

COLUMNS = ("id", "kind", "parent", "region", "author", "at", "status", "title", "body")

# the ~1,000 most useful characters are enough to give news-like entropy
_CHARS = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形"
    "相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展"
    "五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战"
    "先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白"
    "教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且"
    "究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值"
    "号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严首底液官德随"
    "病苏失尔死讲配女黄推显谈罪神艺呢席含企望密批营项防举球英氧势告李台落木帮轮破亚师围注远字材排供河态封另施减树溶怎止案言士均武固"
    "叶鱼波视仅费紧爱左章早朝害续轻服试食充兵源判护司足某练差致板田降黑犯负击范继兴似余坚曲输修故城夫够送笔船占右财吃富春职觉汉画功"
    "巴跟虽杂飞检吸助升阳互初创抗考投坏策古径换未跑留钢曾端责站简述钱副尽帝射草冲承独令限阿宣环双请超微让控州良轴找否纪益依优顶础载"
    "倒房突坐粉敌略客袁冷胜绝析块剂测丝协诉念陈仍罗盐友洋错苦夜刑移频逐靠混母短皮终聚汽村云哪既距卫停烈央察烧迅境若印洲刻括激孔搞甚"
    "室待核校散侵吧甲游久菜味旧模湖货损预阻毫普稳乙妈植息扩银语挥酒守拿序纸医缺雨吗针刘啊急唱误训愿审附获茶鲜粮斤孩脱硫肥善龙演父渐"
    "血欢械掌歌沙刚攻谓盾讨晚粒乱燃矛乎杀药宁鲁贵钟煤读班伯香介迫句丰培握兰担弦蛋沉假穿执答乐谁顺烟缩征脸喜松脚困异免背星福买染井概"
    "慢怕磁倍祖皇促静补评翻肉践尼衣宽扬棉希伤操垂秋宜氢套督振架亮末宪庆编牛触映雷销诗座居抓裂胞呼娘景威绿晶厚盟衡鸡孙延危胶屋乡临陆"
    "顾掉呀灯岁措束耐剧玉赵跳哥季课凯胡额款绍卷齐伟蒸殖永宗苗川炉岩弱零杨奏沿露杆探滑镇饭浓航怀赶库夺伊灵税途灭赛归召鼓播盘裁险康唯"
)
_WORDS = (
    "院坝协商 人居环境 红白喜事 饮酒风气 排水沟 村规民约 电商直播 邻里纠纷 土地流转 垃圾清运 路灯维护 饮水管网 移风易俗 彩礼 厕所改造 "
    "机耕路 合作社 村民小组 党员代表 政协委员 住建局 农业农村局 水务局 民政所 司法所 派出所 林草局 交通运输局 乡镇人民政府 村委会 村监委 "
    "公示七天 分期落实 责任单位 完成时限 现场踏勘 群众反映 一致同意 保留意见 另行协商 资金缺口 以奖代补 投工投劳 一事一议 低保户 外出务工 "
    "留守老人 茶叶基地 核桃林 花椒 烤烟 养牛场 污水处理 河长制 地质灾害 危房改造 学校门口 赶集日 摆摊设点 噪声扰民 宅基地 边界争议 灌溉用水 "
    "文化广场 老年协会 妇女代表 驻村工作队 网格员 集体经济 分红方案 招商引资 冷链仓库 快递驿站 旱厕 化粪池 庭院经济 森林防火 禁止焚烧"
).split()
_SUR = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
_TOWNS = ["530%03d%03d" % (100 + c, t) for c in range(1, 17) for t in range(100, 113)]


def _rid(rng: random.Random) -> str:
    return "%032x" % rng.getrandbits(128)


def _text(rng: random.Random, nchars: int) -> str:
    out: list[str] = []
    n = 0
    while n < nchars:
        if rng.random() < 0.30:
            w = rng.choice(_WORDS)
        else:
            # squaring skews towards frequent characters, as in real text
            w = _CHARS[int(len(_CHARS) * rng.random() ** 2)] + _CHARS[int(len(_CHARS) * rng.random() ** 2)]
        out.append(w)
        n += len(w)
        r = rng.random()
        if r < 0.10:
            out.append("，")
            n += 1
        elif r < 0.13:
            out.append("。")
            n += 1
        elif r < 0.15:
            out.append(str(rng.randrange(1, 400)))
            n += 2
    return "".join(out)


def _name(rng: random.Random) -> str:
    return rng.choice(_SUR) + _CHARS[int(600 * rng.random())] + (_CHARS[int(600 * rng.random())] if rng.random() < 0.7 else "")


def _session(rng: random.Random, region: str, t0: int) -> Iterator[dict]:
    sid = _rid(rng)
    author = "%016x" % (hash_region(region) & 0xFFFFFFFFFFFFFFFF)
    at = t0

    def rec(kind: str, title: str, body: str, status: str = "", parent: str = sid, rid: str | None = None) -> dict:
        return {"id": rid or _rid(rng), "kind": kind, "parent": parent, "region": region, "author": author,
                "at": at, "status": status, "title": title, "body": body}

    yield rec("session", _text(rng, 12), _text(rng, 64), "open", "", sid)
    for _ in range(30):
        at += rng.randrange(2_000, 30_000)
        yield rec("participant", _name(rng), _text(rng, 62), rng.choice(("村民", "干部", "委员", "部门")))
    for i in range(12):
        at += rng.randrange(20_000, 300_000)
        yield rec("statement" if i % 3 else "issue", _text(rng, 10), _text(rng, 66), rng.choice(("提出", "附议", "保留")))
    for _ in range(6):
        at += rng.randrange(20_000, 200_000)
        yield rec("action", _text(rng, 10), _text(rng, 66), "待办")


def hash_region(s: str) -> int:
    h = 1469598103934665603
    for ch in s.encode():
        h = ((h ^ ch) * 1099511628211) & 0xFFFFFFFFFFFFFFFF
    return h


def inserts(workload: str = "W1", client: int = 0) -> list[dict]:
    """All records of the insert phase, in capture order."""
    rng = random.Random("yuanba-%s-%d" % (workload, client))
    out: list[dict] = []
    if workload == "W1":
        region = _TOWNS[client % len(_TOWNS)]
        for s in range(20):
            out.extend(_session(rng, region, 1_790_000_000_000 + s * 6 * 3_600_000))
        return out
    if workload == "W2":
        week = 0
        while len(out) < 50_000:
            region = _TOWNS[week % 10]
            for s in range(20):
                out.extend(_session(rng, region, 1_790_000_000_000 + week * 7 * 86_400_000 + s * 6 * 3_600_000))
            week += 1
        return out[:50_000]
    raise SystemExit("unknown workload " + workload)


def updates(workload: str = "W1", client: int = 0, recs: list[dict] | None = None) -> list[dict]:
    """New versions of a fixed sample (200 of W1, 10,000 of W2): status and body change, as follow-up does."""
    recs = recs or inserts(workload, client)
    rng = random.Random("yuanba-upd-%s-%d" % (workload, client))
    n = 200 if workload == "W1" else 10_000
    out = []
    for i in sorted(rng.sample(range(len(recs)), n)):
        r = dict(recs[i])
        r["at"] += 3 * 86_400_000 + rng.randrange(86_400_000)
        r["status"] = rng.choice(("办理中", "已办结", "延期", "已核实"))
        r["body"] = r["body"][:40] + "【跟踪】" + _text(rng, 26)
        out.append(r)
    return out


def row(r: dict) -> tuple:
    return tuple(r[c] for c in COLUMNS)


DDL = ("CREATE TABLE rec(id TEXT PRIMARY KEY, kind TEXT NOT NULL, parent TEXT NOT NULL, region TEXT NOT NULL,"
       " author TEXT NOT NULL, at INTEGER NOT NULL, status TEXT NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL)")
INSERT = "INSERT INTO rec VALUES(?,?,?,?,?,?,?,?,?)"
UPDATE = "UPDATE rec SET at=?, status=?, body=? WHERE id=?"


def jsonl(recs: list[dict]) -> bytes:
    return b"".join(json.dumps({"op": "put", "rec": r}, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for r in recs)


def selfcheck() -> dict:
    import hashlib
    import zlib
    a, u = inserts("W1"), updates("W1")
    assert len(a) == 980 and len({r["id"] for r in a}) == 980 and len(u) == 200
    bodies = "\n".join(r["body"] for r in a).encode()
    ratio = len(bodies) / len(zlib.compress(bodies, 9))
    assert 2.0 < ratio < 4.0, ratio
    blob = jsonl(a) + jsonl(u)
    return {"records": len(a), "updates": len(u), "mean_body_bytes": len(bodies) // len(a), "jsonl_bytes": len(blob),
            "body_gzip_ratio": round(ratio, 2), "sha256": hashlib.sha256(blob).hexdigest()}


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("workload", choices=("W1", "W2", "selfcheck"))
    ap.add_argument("--client", type=int, default=0)
    ap.add_argument("--phase", choices=("insert", "update", "all"), default="all")
    a = ap.parse_args()
    if a.workload == "selfcheck":
        print(json.dumps(selfcheck()))
    else:
        ins = inserts(a.workload, a.client)
        if a.phase in ("insert", "all"):
            sys.stdout.buffer.write(jsonl(ins))
        if a.phase in ("update", "all"):
            sys.stdout.buffer.write(jsonl(updates(a.workload, a.client, ins)))
