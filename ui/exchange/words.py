"""The sentences of the exchange, in one place: what goes, what came, what is on the stick; fit to be read aloud."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from app.domain.wording import clock, day_seen_from
from ui.exchange.port import ContestView, Outgoing, Package, Preview, Sent, Side, Sort, Stick, Synced, Taken
from ui.words import tr

ICONS: dict[Sort, str] = {
    Sort.SEALED: "seal-check",
    Sort.SIGN_IN: "users-three",
    Sort.MEETING: "chats-circle",
    Sort.ACTION: "list-checks",
    Sort.TOPIC: "tray",
    Sort.PEOPLE: "address-book",
    Sort.NOTICE: "eye",
    Sort.PLAN: "calendar-blank",
    Sort.NOTE: "note-pencil",
    Sort.PICTURE: "images",
    Sort.RECEIPT: "check-circle",
    Sort.OTHER: "file-text",
}
KILO = 1000
UNITS = (("吉", KILO**3), ("兆", KILO**2), ("千", KILO))
ROUNDED_TO_S = 5


def size_words(size: int) -> str:
    """Return a size as people say it: 3.2 兆, 5.1 吉; less than a thousand bytes is 不到 1 千."""
    for unit, least in UNITS:
        if size >= least:
            amount = f"{size / least:.1f}".removesuffix(".0") if size < 100 * least else f"{size / least:.0f}"
            return f"{amount} {tr(unit)}"
    return tr("不到 1 千")


def outgoing_words(found: Outgoing) -> str:
    """Return 7 项 · 3.2 兆, or that there is nothing."""
    if not found.items:
        return tr("没有要送的")
    return f"{tr('{number} 项', number=found.items)} · {size_words(found.size)}"


def stick_words(stick: Stick, number: int = 0) -> str:
    """Return 示例U盘 · 剩 5.1 吉 · 第 19 包."""
    parts = [stick.label]
    if stick.is_read_only:
        parts.append(tr("只能看，写不进去"))
    elif stick.free is not None:
        parts.append(tr("剩 {size}", size=size_words(stick.free)))
    if number:
        parts.append(tr("第 {number} 包", number=number))
    return " · ".join(parts)


def step_words(text: str, seconds_left: float | None) -> str:
    """Return 现场照片 3 张，约 10 秒; the time is rounded up to five seconds."""
    if seconds_left is None:
        return text
    rounded = max(ROUNDED_TO_S, -(-int(seconds_left) // ROUNDED_TO_S) * ROUNDED_TO_S)
    if rounded < 60:
        return tr("{step}，约 {seconds} 秒", step=text, seconds=rounded)
    return tr("{step}，约 {minutes} 分钟", step=text, minutes=-(-rounded // 60))


def sent_words(sent: Sent) -> str:
    """Return the one sentence that can be read aloud on the telephone."""
    if sent.cleared:
        cleared = tr("早就送到了的 {count} 包已从 U 盘里清走，其余的都在。", count=sent.cleared)
        return (sent_words(replace(sent, cleared=0)) if sent.items else tr("没有新的要写，可以拔。")) + cleared
    if not sent.items:
        return tr("没有新的要写，可以拔。U 盘里原来的都在。")
    if sent.of > sent.items:
        told = tr("{done} 项写进去了，还有 {left} 项没写，可以拔。下次接着写。")
        return told.format(done=sent.items, left=sent.of - sent.items)
    return tr("{count} 项都在 U 盘里了，可以拔。到{to}插上，选“收”。", count=sent.items, to=sent.to or tr("县里"))


def preview_words(preview: Preview) -> tuple[str, ...]:
    """Return what taking in would do: 新 12 条, 改 3 条, 两边都改 1 处, 看不懂先存着 0."""
    return (
        tr("新 {count} 条", count=preview.new),
        tr("改 {count} 条", count=preview.changed),
        tr("两边都改 {count} 处", count=preview.contests),
        tr("看不懂先存着 {count}", count=preview.unread),
    )


def beside_words(found: Preview | Taken) -> tuple[str, ...]:
    """Return what comes beside records: 还有信 2 封, 照片 3 件, 替别处带的 1 件; nothing of what there is none of."""
    told = (
        (found.letters, "还有信 {count} 封：回执、登记"),
        (found.pictures, "照片和扫描件 {count} 件"),
        (found.kept, "替别处带的 {count} 件，原样存着"),
    )
    return tuple(tr(words, count=count) for count, words in told if count)


def taken_words(taken: Taken) -> str:
    """Return what was taken in, in one sentence."""
    if not taken.brings_words():
        beside = "，".join(beside_words(taken))
        return tr("收好了：{what}。", what=beside) if beside else tr("都收过了，没有新的。")
    parts = [tr("收好了：新 {new} 条，改 {changed} 条。", new=taken.new, changed=taken.changed)]
    if taken.contests:
        parts.append(tr("有 {count} 处两边都改过，等您定。", count=taken.contests))
    if taken.unread:
        parts.append(tr("有 {count} 条看不懂，先存着，升级以后自己会出来。", count=taken.unread))
    return "".join(parts)


def synced_words(synced: Synced) -> str:
    """Return what went over the wire, both ways."""
    sent, taken = synced.sent, synced.taken
    parts = [tr("{count} 项送到{to}了。", count=sent.items, to=sent.to or tr("县里"))] if sent and sent.items else []
    if taken and (taken.brings_words() or beside_words(taken)):
        parts.append(taken_words(taken))
    return "".join(parts) or tr("两边一样，没有新的。")


def arrivals_words(sender: str, at: datetime | None, today: date) -> str:
    """Return 县政协办 · 3月27日, or that nothing has come yet."""
    if at is None:
        return tr("还没收过")
    return " · ".join(part for part in (sender, day_seen_from(at.date(), today)) if part)


def waiting_words(contests: int) -> str:
    """Return 有 2 处两边都改过，等您定."""
    return tr("有 {count} 处两边都改过，等您定", count=contests)


def package_words(package: Package, today: date) -> tuple[str, str]:
    """Return the two lines of a package: 3月27日 · 12 项, U 盘 · 第 18 包."""
    first = f"{day_seen_from(package.day, today)} · {tr('{number} 项', number=package.items)}"
    return first, f"{package.carrier} · {tr('第 {number} 包', number=package.number)}"


def received_words(day: date | None, today: date) -> str:
    """Return the day on which a level has taken it in, or 在路上."""
    return tr("在路上") if day is None else day_seen_from(day, today)


def levels(packages: Iterable[Package]) -> tuple[str, ...]:
    """Return the columns: every level that any package goes to, from below to above."""
    return tuple(dict.fromkeys(level for package in packages for level in package.received))


def side_words(side: Side, today: date) -> str:
    """Return 青石乡 · 3月30日 14:20 · 示例干部."""
    when = f"{day_seen_from(side.at.date(), today)} {clock(side.at)}" if side.at else ""
    return " · ".join(part for part in (side.unit, when, side.who) if part)


def use_words(view: ContestView, at: int) -> str:
    """Return what the button under a side says: 用本机的; about a removal 留着 or 删掉."""
    side = view.sides[at]
    if not view.is_about_removal():
        return tr("用{place}的", place=side.place)
    return tr("照{place}的删掉", place=side.place) if side.is_removal else tr("留着")
