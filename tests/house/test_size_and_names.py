"""Short functions, short files, honest names, and a first line that says what a thing is."""

import ast
import re

FLOORS = ("app", "db", "sync", "ui")
EVERYWHERE = (*FLOORS, "resources", "tests")
LONGEST_FUNCTION = 60
LONGEST_FILE = 600
EMPTY_NAMES = {
    *("manager", "helper", "util", "data", "info", "misc", "common", "handle", "handler", "process", "stuff"),
    *("managers", "helpers", "utils"),
}


def test_no_function_is_over_sixty_lines_without_a_reason(house):
    long = [
        f"{module.name}:{function.lineno} {function.name} has {function.end_lineno - function.lineno + 1} lines"
        for module in house.modules(*EVERYWHERE)
        for function in ast.walk(module.tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        and function.end_lineno - function.lineno >= LONGEST_FUNCTION
        and not re.search(r"# long: \w+", module.lines[function.lineno - 1])
    ]

    assert long == []


def test_no_file_of_the_four_floors_is_over_six_hundred_lines(house):
    long = [module.name for module in house.modules(*FLOORS) if len(module.lines) > LONGEST_FILE]

    assert long == []


def test_every_module_says_in_its_first_line_what_it_is(house):
    silent = [module.name for module in house.modules(*FLOORS, "resources") if not ast.get_docstring(module.tree)]

    assert silent == []


def test_no_file_or_folder_has_a_name_that_says_nothing(house):
    empty = [
        module.name
        for module in house.modules(*EVERYWHERE)
        if EMPTY_NAMES & {word for part in module.name.removesuffix(".py").split("/") for word in part.split("_")}
    ]

    assert empty == []


def test_no_class_has_a_name_that_says_nothing(house):
    empty = [
        f"{module.name} {node.name}"
        for module in house.modules(*FLOORS)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
        and EMPTY_NAMES & {word.lower() for word in re.findall(r"[A-Z][a-z]+", node.name)}
    ]

    assert empty == []


def test_half_of_the_functions_fit_in_eight_lines_and_nine_in_ten_in_twenty(house):
    lengths = sorted(
        node.end_lineno
        - node.body[0].lineno
        + 1
        - (len(ast.get_docstring(node, clean=False).splitlines()) if doc else 0)
        for module in house.modules(*FLOORS)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for doc in [ast.get_docstring(node)]
    )

    assert lengths[len(lengths) // 2] <= 8
    assert lengths[len(lengths) * 9 // 10] <= 20
