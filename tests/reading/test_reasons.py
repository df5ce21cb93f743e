"""One table of all codes: no code is used that is not in it, and none is in it that is not used."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.reading import REASONS

PIPELINE = Path(__file__).parents[2] / "pipeline"
MODULES = sorted(PIPELINE.rglob("*.py"))
CODE_AT = {"Refusal": 1, "NotAnArticle": 0}


def codes(path: Path) -> Iterator[str]:
    """The codes that a module refuses by, where it writes them as such."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CODE_AT:
            code = node.args[CODE_AT[node.func.id]]
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                yield code.value


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PIPELINE).as_posix())
def test_no_code_is_used_that_is_not_in_the_table(path: Path) -> None:
    assert set(codes(path)) <= REASONS.keys()


def test_every_code_in_the_table_is_used() -> None:
    tables = {PIPELINE / "reading" / "reasons.py", PIPELINE / "reading" / "web" / "reasons.py"}
    written = "".join(path.read_text("utf-8") for path in MODULES if path not in tables)
    assert [code for code in REASONS if f'"{code}"' not in written] == []


def test_each_meaning_is_one_plain_phrase() -> None:
    for code, meaning in REASONS.items():
        assert code.isascii() and code.islower()
        assert meaning and "\n" not in meaning and not meaning.endswith(".")
