"""What a person sees is Chinese, and its colours come from one place."""

import ast
import re

FLOORS = ("app", "db", "sync", "ui")
COLOUR = re.compile(r"#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3,4})(?![0-9a-zA-Z])")
ENGLISH = re.compile(r"[A-Za-z]{2,}(?:[ ,]+[A-Za-z]+){2,}")


def calls(tree, *names):
    """Return the calls of functions with one of these names, however they are reached."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (getattr(node.func, "id", None) in names or getattr(node.func, "attr", None) in names)
    ]


def texts(node):
    """Return the literal texts beneath a node, with their lines."""
    return [
        (part.lineno, part.value)
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]


def doc_lines(tree):
    """Return the lines on which docstrings begin."""
    owners = (node for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef))
    return {node.body[0].lineno for node in owners if ast.get_docstring(node) is not None}


def test_what_is_said_to_a_person_is_said_in_chinese(house):
    english = [
        f"{module.name}:{line} {text}"
        for module in house.modules("ui")
        for call in calls(module.tree, "tr")
        for argument in call.args[:1]
        for line, text in texts(argument)
        if ENGLISH.search(re.sub(r"\{[^}]*\}", "", text))
    ]

    assert english == []


def test_no_colour_is_written_outside_the_styles(house):
    colours = [
        f"{module.name}:{line} {text[:40]}"
        for module in house.modules(*FLOORS)
        for docs in [doc_lines(module.tree)]
        for line, text in texts(module.tree)
        if line not in docs and COLOUR.search(text)
    ]
    numbers = [
        f"{module.name}:{call.lineno}"
        for module in house.modules(*FLOORS)
        for call in calls(module.tree, "QColor", "HexColor", "Color")
        if sum(isinstance(argument, ast.Constant) and isinstance(argument.value, int | float) for argument in call.args)
        >= 1
    ]

    assert colours + numbers == []
