"""法条: what papers quote of the law, as data with version and date.

A law changes without us: its file in `resources/law` is replaced, nothing here. An article whose number has not been
read in the version in force has none, and is quoted by the law's name alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from app.domain.errors import Refused


@dataclass(frozen=True, slots=True)
class LawRule:
    """One rule of a law: its number, if known, and what it says, line by line."""

    text: str
    article: str = ""


@dataclass(frozen=True, slots=True)
class Law:
    """One law as of a version: when it was passed or amended, and from when it holds."""

    code: str
    name: str
    version: date
    in_force: date
    source: str
    rules: Mapping[str, LawRule]

    def says(self, rule: str) -> str:
        """Return what a rule says; empty when the file does not have it."""
        found = self.rules.get(rule)
        return found.text if found else ""

    def lines(self, rule: str) -> tuple[str, ...]:
        """Return a rule that is a list, item by item."""
        return tuple(line for line in self.says(rule).splitlines() if line)

    def cited(self, rule: str = "") -> str:
        """Return how a paper names a rule: 《中华人民共和国人民调解法》第三十一条, or the law alone."""
        found = self.rules.get(rule)
        return f"《{self.name}》{found.article if found else ''}"

    def version_words(self) -> str:
        """Return which text was quoted: 《…》2010年8月28日文本，2011年1月1日起施行."""
        passed, since = self.version, self.in_force
        return (
            f"{self.cited()}{passed.year}年{passed.month}月{passed.day}日文本，"
            f"{since.year}年{since.month}月{since.day}日起施行"
        )


def read_laws(found: Iterable[Mapping[str, object]]) -> dict[str, Law]:
    """Return all laws by code (`resources.laws()` gives what to read).

    Raises:
        Refused: One of them is not as it should be.
    """
    return {law.code: law for law in map(_read, found)}


def _read(found: Mapping[str, object]) -> Law:
    rules, version, since = found.get("rule"), found.get("version"), found.get("in_force")
    words = [found.get(key) for key in ("code", "name", "source")]
    if not isinstance(rules, Mapping) or not isinstance(version, date) or not isinstance(since, date):
        raise Refused(f"法条文件“{found.get('name')}”缺 rule、version 或 in_force", "", "改好这一处再装")
    code, name, source = (word if isinstance(word, str) else "" for word in words)
    read = {str(key): _rule(name, rule) for key, rule in rules.items()}
    return Law(code, name, version, since, source, MappingProxyType(read))


def _rule(law: str, found: object) -> LawRule:
    text = found.get("text") if isinstance(found, Mapping) else None
    article = found.get("article", "") if isinstance(found, Mapping) else ""
    if not isinstance(text, str) or not isinstance(article, str):
        raise Refused(f"法条文件“{law}”有一条没写内容", "", "改好这一处再装")
    return LawRule(text.strip(), article)
