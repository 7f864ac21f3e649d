"""Long texts beside each other, sentence by sentence: which sentences of a text are not in the one it came from."""

import re
from difflib import SequenceMatcher

_SENTENCE = re.compile(r"[^。！？；!?;\n]*[。！？；!?;\n]+[”’」』）)]*|[^。！？；!?;\n]+")


def sentences(text: str) -> list[str]:
    """Return a text cut after each sentence; together they are the text."""
    return _SENTENCE.findall(text)


def against(original: str, text: str) -> list[tuple[str, bool]]:
    """Return each sentence of a text, and whether it is another one than in the original."""
    new = sentences(text)
    matcher = SequenceMatcher(None, sentences(original), new, autojunk=False)
    same = {at for _, first, count in matcher.get_matching_blocks() for at in range(first, first + count)}
    return [(sentence, at not in same) for at, sentence in enumerate(new)]
