"""`./run bench [NAME…]`: every benchmark in a fresh process, one table; it says what is over and fails on no time."""

import json
import subprocess
import sys
import unicodedata
from pathlib import Path

HERE = Path(__file__).resolve().parent
BENCHMARKS = (
    *(
        "ledger",
        "load",
        "search",
        "cold_start",
        "keystroke",
        "enter",
        "opening",
        "turning",
        "papers",
        "typst",
        "office_files",
        "returns",
        "sealing",
        "scans",
        "carriers",
        "pictures",
        "wire",
        "exchange",
        "snapshot",
        "province",
        "rush",
        "intake",
        "memory",
    ),
)
HEADS = ("what", "figure", "budget", "floor", "ratio", "", "floor is, and how the times lie")


def main(names: list[str]) -> int:
    """Run the benchmarks asked for, or all; 1 only when one of them crashed or is unknown."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"no benchmark named {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 1
    rows: list[tuple[str, ...]] = []
    crashed = []
    for name in names or BENCHMARKS:
        print(f"… {name}", file=sys.stderr, flush=True)
        told, is_well = _run(name)
        rows += map(_row, told)
        if not is_well:
            crashed.append(name)
    _print_table([HEADS, *rows])
    over = [row[0] for row in rows if row[5]]
    print(f"\nover: {'; '.join(over)}" if over else "\nnothing is over its budget")
    if crashed:
        print(f"crashed: {', '.join(crashed)}")
    return 1 if crashed else 0


def _run(name: str) -> tuple[list[dict[str, object]], bool]:
    """Run one benchmark and return what it told, and whether it came to its end."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.speed.{name}"],
        capture_output=True,
        text=True,
        cwd=HERE.parents[1],
        check=False,
    )
    if done.returncode:
        print(done.stderr, file=sys.stderr)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    (HERE.parents[1] / "build" / "speed").mkdir(parents=True, exist_ok=True)
    (HERE.parents[1] / "build" / "speed" / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [json.loads(line) for line in lines], done.returncode == 0


def _row(told: dict[str, object]) -> tuple[str, ...]:
    unit = str(told["unit"])
    most = f" {told['most']}×" if told["most"] else ""
    budget = (_number(told["budget"]) + most).strip()
    ratio = f"{told['ratio']:.1f}×" if told["ratio"] else ""
    beside = "; ".join(filter(None, (str(told["floor_what"]), str(told["note"]))))
    figure = f"{_number(told['figure'])} {unit}"
    return (str(told["name"]), figure, budget, _number(told["floor"]), ratio, "OVER" if told["over"] else "", beside)


def _number(value: object) -> str:
    if not isinstance(value, int | float):
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _print_table(rows: list[tuple[str, ...]]) -> None:
    widths = [max(map(_columns, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            (" " * (width - _columns(cell)) + cell) if 0 < at < 5 else cell + " " * (width - _columns(cell))
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        print("  ".join(cells).rstrip())


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
