"""审计日志: what those with accounts did, the newest first, and the whole of it as a file that anybody can check."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app.domain.audit import BEGUN, DENIED, DONE, REFUSED
from sync.server.log_file import written
from sync.server.pages.guard import accounts_of
from sync.server.pages.room import page, room_of

MOST = 100
OUTCOME_WORDS = {BEGUN: "开始办", DONE: "办了", REFUSED: "没办成", DENIED: "不让办"}
ACT_WORDS = {
    "sign-in": "登录",
    "sign-out": "退出",
    "password": "改密码",
    "password.prove": "打错现在的密码",
    "second-factor.offer": "取动态码",
    "second-factor.on": "用上动态码",
    "second-factor.off": "停用动态码",
    "account.add": "新设账号",
    "account.lock": "锁定账号",
    "account.unlock": "解锁账号",
    "account.reset": "重置密码",
    "account.role": "改角色",
    "account.remove": "删去账号",
    "account.read": "看账号",
    "exchange.read": "看交换情况",
    "enrolment.read": "看登记申请",
    "enrolment.accept": "批准登记",
    "enrolment.confirm": "确认登记",
    "device.lost": "报失电脑",
    "audit.read": "看审计日志",
    "audit.export": "取审计日志",
    "read.consultation": "看一场会",
    "read.edition": "查一份定稿",
    "read.list": "取一张表",
}


def log(request: Request) -> Response:
    """Return the newest lines, or those before a number."""
    register, asked = accounts_of(request).register, request.query_params.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else 0
    lines = register.newest(MOST, before)
    told: dict[str, Any] = {
        "lines": [(line, OUTCOME_WORDS.get(line.deed.outcome, ""), ACT_WORDS.get(line.deed.act, "")) for line in lines],
        "older": lines[-1].number if len(lines) == MOST else 0,
        "found": accounts_of(request).walked(),
    }
    return page(request, "office_audit.html", tab="audit", **told)


def taken(request: Request) -> Response:
    """Return the whole log as JSON lines."""
    room = room_of(request)
    rows = written(accounts_of(request).register.lines(), room.code, room.clock.now())
    name = f"yuanba-audit-{room.code}-{room.today().isoformat()}.jsonl"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(rows, media_type="application/jsonl; charset=utf-8", headers=headers)
