"""The vectors of erasing: segments made anew, well and badly, with the statements and the first one they rest on."""

from collections.abc import Iterator
from typing import Any

from sync.vectors.crafting import AT, DEVICE, WAYS, Json, head_of, lines_of, op_of, plain_of, segment_of, statement_of
from sync.vectors.make_exchange_segments import COUNTY, FORGED, SPOILT, TAKEN, Vector

LEFT_OUT, FIRST_NAME = "left out", "erasure/first"
OTHER = "f1" * 32
BY = "other laptop"
OPS = [op_of(1, b=None), op_of(2, x=["number"], z9={"of": [1, None]}), op_of(3, s={"text": "三", "flag": True})]
FIRST = segment_of(head_of(), OPS)
FIRST_ID, WAS = WAYS.digest(FIRST), WAYS.digest(plain_of(lines_of(head_of(), OPS)))


def erasures() -> Iterator[Vector]:
    """Yield all of them, the first segment before those that were made anew of it."""
    yield Vector(FIRST_NAME, "segment", FIRST, TAKEN, COUNTY, FIRST_ID)
    for name, anew, said in _good():
        yield _vector(f"good/{name}", anew, TAKEN, said)
    yield from _unvouched()
    yield from _other_words()
    for name, head in _bad_heads().items():
        yield _vector(f"bad/head-{name}", segment_of(head, _erased(), BY), SPOILT, (_said(),))
    for name, op in _bad_ops().items():
        yield _vector(f"bad/op-{name}", segment_of(_head(), [op], BY), SPOILT, (_said(),))
    yield _vector("bad/signed-by-its-author", segment_of(_head(), _erased()), FORGED, (_said(),))
    yield _vector("bad/signed-by-a-stranger", segment_of(_head(), _erased(), "stranger"), FORGED, (_said(),))


def _vector(name: str, anew: bytes, answer: str, said: tuple[Any, ...]) -> Vector:
    told = tuple(one(WAYS.digest(anew)) if callable(one) else one for one in said)
    return Vector(
        name if name.startswith("agreement/") else f"erasure/{name}",
        "segment",
        anew,
        answer,
        COUNTY,
        WAYS.digest(anew),
        said=told,
        first=FIRST_NAME,
    )


def _head(**other: Any) -> Json:
    return head_of() | {"replaces": FIRST_ID, "by": DEVICE[BY], "was": WAS} | other


def _erased(*numbers: int) -> list[Json]:
    """Return the ops with the text of some of them erased; of the second one if none is named."""
    return [_without(op, "text") if op["n"] in (numbers or (2,)) else op for op in OPS]


def _without(op: Json, *names: str) -> Json:
    sets = {name: value for name, value in op["s"].items() if name not in names}
    return op | {"s": sets, "e": sorted(names)}


def _said(signer: str = BY, **other: Any) -> Any:
    """Return what makes the statement that names a pair, once its second half is known."""

    def made(anew: str) -> bytes:
        told: Json = {"kind": "erase", "device": DEVICE[BY], "region": "530102001", "reason": "request", "at": AT}
        told |= {"pairs": [[FIRST_ID, anew]], "blobs": []} | other
        return statement_of("erase", told, signer)

    return made


def _good() -> Iterator[tuple[str, bytes, tuple[Any, ...]]]:
    yield "one-text", segment_of(_head(), _erased(), BY), (_said(),)
    yield "every-text", segment_of(_head(), _erased(1, 2, 3), BY), (_said(),)
    yield "nothing-at-all", segment_of(_head(), OPS, BY), (_said(),)
    yield "names-out-of-order", segment_of(_head(), [_without(OPS[0], "text", "number"), *OPS[1:]], BY), (_said(),)
    yield (
        "to-other-readers",
        segment_of(_head(to=head_of("O")["to"]), _erased(), BY, ("county", "province")),
        (_said(),),
    )
    yield "among-other-words", segment_of(_head(), _erased(), BY), (_said(pairs=[[OTHER, OTHER]]), _said())
    yield "signed-by-two", segment_of(_head(), _erased(), BY), (_signed_twice,)
    yield "nothing-named", segment_of(_head(), [op | {"e": []} for op in OPS], BY), (_said(),)


def _signed_twice(anew: str) -> bytes:
    told = {"kind": "erase", "device": DEVICE[BY], "region": "530102001", "reason": "retention", "at": AT}
    return statement_of("erase", told | {"pairs": [[FIRST_ID, anew]]}, BY, "county")


def _unvouched() -> Iterator[Vector]:
    anew = segment_of(_head(), _erased(), BY)
    said: dict[str, tuple[Any, ...]] = {
        "nobody-says-so": (),
        "another-signed": (_said("county"),),
        "another-device-says-so": (_said("county", device=DEVICE["county"]),),
        "pair-of-another-first": (_said(pairs=[[OTHER, WAYS.digest(anew)]]),),
        "pair-of-another-second": (_said(pairs=[[FIRST_ID, OTHER]]),),
        "pair-the-other-way-round": (_said(pairs=[[WAYS.digest(anew), FIRST_ID]]),),
        "no-pairs": (_said(pairs=[]),),
    }
    for name, told in said.items():
        yield _vector(f"unvouched/{name}", anew, LEFT_OUT, told)
    yield _vector("unvouched/replaces-another", segment_of(_head(replaces=OTHER), _erased(), BY), LEFT_OUT, (_said(),))


def _other_words() -> Iterator[Vector]:
    """Yield segments that are vouched for, and say something else than the first one but for what they erased."""
    (one, two, three), text = OPS, OPS[0]["s"]["text"]
    ops = {
        "value-changed": [one | {"s": one["s"] | {"text": text + "。"}}, *_erased()[1:]],
        "value-added": [one | {"s": one["s"] | {"note": "又"}}, *_erased()[1:]],
        "value-gone-unnamed": [one | {"s": {"number": 1}}, *_erased()[1:]],
        "erased-what-never-was": [one | {"e": ["phone"]}, *_erased()[1:]],
        "true-become-one": [*_erased()[:2], three | {"s": {"text": "三", "flag": 1}}],
        "op-gone": _erased()[:2],
        "op-added": [*_erased()[:2], op_of(3, i="f" * 32)],
        "other-record": [one | {"i": "f" * 32}, *_erased()[1:]],
        "other-person": [one | {"u": "孙某丙"}, *_erased()[1:]],
        "other-time": [one | {"t": AT[:-1] + "1"}, *_erased()[1:]],
        "other-base": [one | {"b": {"text": []}}, *_erased()[1:]],
        "mask-gone": [one, _without(two, "text") | {"x": []}, three],
    }
    for name, told in ops.items():
        yield _vector(f"agreement/{name}", segment_of(_head(), told, BY), LEFT_OUT, (_said(),))
    heads: dict[str, Json] = {
        "was-another": {"was": OTHER},
        "other-acts": {"acts": ["a1" * 16]},
        "other-prev": {"prev": OTHER},
        "other-last": {"last": 4},
        "other-app": {"app": "9.9.9"},
        "other-stream": {"incarnation": 2},
    }
    for name, changes in heads.items():
        yield _vector(f"agreement/{name}", segment_of(_head(**changes), _erased(), BY), LEFT_OUT, (_said(),))


def _bad_heads() -> dict[str, Json]:
    whole = _head()
    changes: dict[str, Json] = {
        "replaces-short": {"replaces": FIRST_ID[:-1]},
        "replaces-a-number": {"replaces": 1},
        "replaces-in-capitals": {"replaces": "AB" * 32},
        "by-long": {"by": DEVICE[BY] + "0"},
        "was-a-list": {"was": [WAS]},
    }
    told = {name: whole | changed for name, changed in changes.items()}
    told |= {f"without-{gone}": {k: v for k, v in whole.items() if k != gone} for gone in ("replaces", "was")}
    return told


def _bad_ops() -> dict[str, Json]:
    return {
        "erased-and-told": op_of(1, e=["text"]),
        "erased-a-text": op_of(1, s={}, e="text"),
        "erased-a-number": op_of(1, s={}, e=[1]),
        "erased-null": op_of(1, s={}, e=None),
    }
