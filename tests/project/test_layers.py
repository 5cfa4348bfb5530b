from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAYERS = ("engine", "export", "ui", "plugin")
SOURCES = sorted(path for layer in LAYERS for path in (ROOT / layer).rglob("*.py"))
WEIGHTS = ROOT / "engine" / "metrics" / "weights.py"
"""Reads the one pickle there is: published arrays with a pinned hash, by an unpickler that knows only arrays."""

IDS = [str(path.relative_to(ROOT)) for path in SOURCES]


def imports(path: Path) -> list[tuple[int, str]]:
    """(level, dotted name) of every import statement in the file, inside functions too."""
    found: list[tuple[int, str]] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(0, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [(node.level, f"{node.module}.{alias.name}".removeprefix("None.")) for alias in node.names]
    return found


def layer_of(path: Path, level: int, name: str) -> str:
    """The layer that a relative import of the file reaches."""
    package = path.relative_to(ROOT).parts[:-1]
    base = package[: len(package) - level + 1]
    return (*base, *name.split("."))[0]


def test_there_are_sources_to_check() -> None:
    """The rules below are about something."""
    assert {path.relative_to(ROOT).parts[0] for path in SOURCES} == set(LAYERS)


@pytest.mark.parametrize("path", SOURCES, ids=IDS)
def test_imports_go_one_way(path: Path) -> None:
    """A layer imports itself and those below it: plugin, ui, export, engine."""
    own = LAYERS.index(path.relative_to(ROOT).parts[0])
    for level, name in imports(path):
        if level:
            assert LAYERS.index(layer_of(path, level, name)) <= own, f"{name} is above {LAYERS[own]}"


@pytest.mark.parametrize("path", SOURCES, ids=IDS)
def test_sources_import_each_other_relatively(path: Path) -> None:
    """No source names the installed package, nor one of the folders as if it were a package of its own."""
    tops = {name.split(".")[0] for level, name in imports(path) if not level}
    assert not tops & {"dtsgan", *LAYERS}


@pytest.mark.parametrize("path", SOURCES, ids=IDS)
def test_nothing_is_pickled_and_the_upper_layers_know_no_torch(path: Path) -> None:
    """A file from a stranger can't run code, and what people see starts at once."""
    tops = {name.split(".")[0] for level, name in imports(path) if not level}
    if path != WEIGHTS:
        assert not tops & {"pickle", "cPickle", "dill", "joblib", "shelve", "marshal"}
    if path.relative_to(ROOT).parts[0] in ("ui", "plugin"):
        assert "torch" not in tops


def needs_an_editor(path: Path) -> bool:
    """Whether it can be imported inside an editor alone, whose own tests then do."""
    tops = {name.split(".")[0] for level, name in imports(path) if not level}
    return "bpy" in tops and path.name != "__init__.py"


def runs_in_an_editor() -> set[Path]:
    """All that an editor's own Python imports: its part of the plugin, and what that reaches."""
    begin = [path for path in SOURCES if "addon" in path.parts]
    waiting, found = [*begin, ROOT / "plugin/hosts/resolve/script.py"], set[Path]()
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        for level, name in imports(path):
            if level:
                package = path.relative_to(ROOT).parts[:-1]
                parts = (*package[: len(package) - level + 1], *name.split("."))
                candidates = [ROOT.joinpath(*parts[:count]) for count in (len(parts), len(parts) - 1)]
                found_here = [each.with_suffix(".py") for each in candidates if each.with_suffix(".py").is_file()]
                waiting += found_here[:1]
    return found


@pytest.mark.parametrize("path", sorted(runs_in_an_editor()), ids=lambda path: str(path.relative_to(ROOT)))
def test_what_runs_in_an_editor_needs_nothing_but_its_python(path: Path) -> None:
    """The standard library alone, and no part of ours that needs more."""
    tops = {name.split(".")[0] for level, name in imports(path) if not level}
    assert tops <= {*sys.stdlib_module_names, "bpy"}


def modules_after(code: str) -> set[str]:
    """The top-level modules that a fresh interpreter has loaded after running the code."""
    script = f"import json, sys\n{code}\nprint(json.dumps(sorted({{name.split('.')[0] for name in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_importing_ui_and_plugin_leaves_torch_alone() -> None:
    """Every module of ui and plugin is imported without torch, which takes seconds."""
    names = [
        ".".join(("dtsgan", *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__")
        for path in SOURCES
        if path.relative_to(ROOT).parts[0] in ("ui", "plugin") and not needs_an_editor(path)
    ]
    assert len(names) > 6
    code = "import importlib\n" + "\n".join(f"importlib.import_module({name!r})" for name in names)
    assert "torch" not in modules_after(code)


@pytest.mark.parametrize(
    "name", ["export.stream", "export.textures", "export.variants.worker", "engine.instant", "engine.fit"]
)
def test_rendering_leaves_torch_alone(name: str) -> None:
    """What makes video from a model or a clip is imported without it, however much of the engine that is."""
    assert "torch" not in modules_after(f"import dtsgan.{name}")


def test_importing_what_trains_does_import_torch() -> None:
    """The checks above would notice: what trains does load torch."""
    assert "torch" in modules_after("import dtsgan.engine.learn")
