"""Two versions of a long text, sentence by sentence: what both sides changed, put together as a proposal."""

import re
from difflib import SequenceMatcher
from itertools import pairwise

MOST_SENTENCES = 1_000
Edit = tuple[int, int, tuple[str, ...]]
_SENTENCE = re.compile(r"[^。！？；!?;\n]*[。！？；!?;\n]+[”’」』）)]*|[^。！？；!?;\n]+")


def three_way(base: str, left: str, right: str) -> str | None:
    """Propose a text that has what both sides changed, or None when they changed the same sentence or its place.

    It is only ever a proposal: nobody's text is replaced by it unasked.
    """
    if left == right or right == base:
        return left
    if left == base:
        return right
    old, ours, theirs = _sentences(base), _sentences(left), _sentences(right)
    if max(len(old), len(ours), len(theirs)) > MOST_SENTENCES:
        return None
    edits = sorted({*_edits(old, ours), *_edits(old, theirs)})
    if any(_touch(before, after) for before, after in pairwise(edits)):
        return None
    parts: list[str] = []
    at = 0
    for first, last, new in edits:
        parts += [*old[at:first], *new]
        at = last
    return "".join((*parts, *old[at:]))


def _sentences(text: str) -> list[str]:
    """Return a text cut after each sentence; together they are the text."""
    return _SENTENCE.findall(text)


def _edits(old: list[str], new: list[str]) -> list[Edit]:
    """Return what was changed: which sentences (from, up to) became which; one by one where as many replace as many."""
    edits: list[Edit] = []
    for tag, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "replace" and last - first == end - start:
            edits += [(first + step, first + step + 1, (new[start + step],)) for step in range(last - first)]
        elif tag != "equal":
            edits.append((first, last, tuple(new[start:end])))
    return edits


def _touch(before: Edit, after: Edit) -> bool:
    """Return whether two edits, in order, change the same sentence, or leave it open which comes first."""
    if before[1] != after[0]:
        return before[1] > after[0]
    pairs = (before, after)
    meets_insertion = any(first == last for first, last, _ in pairs)
    return meets_insertion and not any(last - first == 1 == len(new) for first, last, new in pairs)
