"""The walls between the rooms: who may import whom."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# Each room may import the rooms named with it, and nothing else of ours but the two that have no room.
MAY_IMPORT = {
    "article": set(),
    "tsv": set(),
    "home": set(),
    "story_lines": {"article"},
    "places": {"article"},
    "database": {"article"},
    "payloads": {"places"},
    "period": set(),
    "text": {"article"},
    "money": {"article", "text"},
    "names": {"article", "text"},
    "reading": {"article", "period", "text", "story_lines"},
    "assembly": {"names"},
    "nlp": {"article", "text", "money", "names", "assembly"},
    "similar": {"article", "database", "text"},
    "originals": {"similar", "text"},
    "intake": {"article", "period", "text", "similar", "originals", "story_lines"},
    "analysis": {"article", "text", "money", "assembly", "reading", "nlp", "intake"},
    "tables": {"article"},
    "reports": {"tables"},
    "sizes": {"places", "tables"},
    "busy": set(),
    "batch": {"article", "analysis", "intake", "story_lines", "tables"},
    "parcels": {"assembly", "batch", "intake", "money", "staging"},
    "readings": {"article", "database", "intake"},
    "ledger": {"database", "readings", "similar", "tables"},
    "parts": {"ledger", "places", "similar", "tables", "text"},
    "folders": set(),
    "staging": {"folders", "ledger", "places"},
    "compaction": {
        "article",
        "folders",
        "ledger",
        "parts",
        "revision",
        "sizes",
        "staging",
        "store",
        "tables",
    },
    "holding": {"database", "places"},
    "runs": {"parts", "places", "tables"},
    "revision": {"parts", "tables"},
    "store": {
        "article",
        "holding",
        "ledger",
        "parts",
        "payloads",
        "places",
        "revision",
        "runs",
        "staging",
        "tables",
    },
    "query": {"places", "tables"},
    "rejects": {"payloads", "period", "places", "query", "reading"},
    "verify": {"parts", "places", "store", "tables", "text"},
    "reprocess": {
        "article",
        "batch",
        "intake",
        "parts",
        "period",
        "reports",
        "revision",
        "run",
        "store",
        "tables",
    },
    "run": {
        "article",
        "reading",
        "intake",
        "batch",
        "payloads",
        "period",
        "reports",
        "revision",
        "store",
        "story_lines",
        "tables",
    },
}


def imports(path: Path) -> set[str]:
    """The dotted names that a module imports, also inside functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def room(path: Path) -> str:
    return path.relative_to(ROOT / "pipeline").parts[0].removesuffix(".py")


MODULES = [
    path
    for path in sorted((ROOT / "pipeline").rglob("*.py"))
    if path.name != "__init__.py" or path.parent.name != "pipeline"
]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_room_imports_only_the_rooms_below_it(path: Path) -> None:
    ours = {name.split(".")[1] for name in imports(path) if name.startswith("pipeline.")}
    assert ours - {"__version__", "tsv", "home", room(path)} <= MAY_IMPORT[room(path)]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_library_knows_neither_flows_nor_prefect(path: Path) -> None:
    assert not {name.split(".")[0] for name in imports(path)} & {"flows", "explore", "prefect", "training"}


def test_only_nlp_and_analysis_know_spacy() -> None:
    knowing = {room(path) for path in MODULES if any(name.split(".")[0] == "spacy" for name in imports(path))}
    assert knowing == {"nlp", "analysis"}


def test_the_command_line_starts_without_heavy_imports() -> None:
    code = "import sys, flows.cli; flows.cli.parser(); print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert not {"prefect", "spacy", "pandas", "pyarrow", "duckdb", "numpy"} & set(loaded.stdout.split())


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, pipeline; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert not {"spacy", "pyarrow"} & set(loaded.stdout.split())
