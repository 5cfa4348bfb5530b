from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.util import find_spec
from pathlib import Path

import jsonschema
import pytest

from dtsgan.plugin.host import Host
from dtsgan.plugin.manifest import hosts, load

ROOT = Path(__file__).parents[2]
LAYERS = ("engine", "export", "ui", "plugin")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def sources() -> set[str]:
    """Every file of the four layers that belongs into the wheel, as it is named there."""
    files = (path for layer in LAYERS for path in (ROOT / layer).rglob("*") if path.is_file())
    return {f"dtsgan/{path.relative_to(ROOT).as_posix()}" for path in files if path.suffix not in (".pyc", ".pyo")}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the sources, so that nothing left by earlier builds can get in."""
    folder = tmp_path_factory.mktemp("wheel")
    copy = folder / "source"
    for name in ("pyproject.toml", "README.md", "LICENSE", "__main__.py", "manifest.json"):
        _copy(ROOT / name, copy / name)
    for layer in LAYERS:
        for path in (ROOT / layer).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                _copy(path, copy / path.relative_to(ROOT))
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(copy)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return built


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(source.read_bytes())


def test_the_packages_listed_are_those_there_are() -> None:
    """A folder of sources that pyproject.toml doesn't list would be missing from the wheel."""
    folders = {path.parent.relative_to(ROOT) for layer in LAYERS for path in (ROOT / layer).rglob("*.py")}
    there = {".".join(("dtsgan", *folder.parts)) for folder in folders}
    assert set(PROJECT["tool"]["setuptools"]["packages"]) == there | {"dtsgan"}


def test_every_source_is_in_the_wheel(wheel: Path) -> None:
    """All of the four layers, the start of "python -m dtsgan", and no test."""
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == sources() | {"dtsgan/__main__.py", "dtsgan/manifest.json"}


def test_the_wheel_runs_without_the_sources(wheel: Path, tmp_path: Path) -> None:
    """Installed elsewhere, with the sources out of reach, the command line answers from the installed files."""
    target = tmp_path / "site"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(target)]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True)
    # -S and -P keep out this environment's own install of the sources; its dependencies come by name.
    code = (
        "import site, sys; sys.path[:0] = [sys.argv[1]]; sys.path.append(sys.argv[2]);"
        "import dtsgan.plugin.cli as cli; print(cli.__file__); raise SystemExit(cli.main(sys.argv[3:]))"
    )
    dependencies = Path(__import__("numpy").__file__).parents[1]
    for words, said in ((["--version"], PROJECT["project"]["version"]), (["--help"], "learn the texture of a clip")):
        done = subprocess.run(
            [sys.executable, "-S", "-P", "-c", code, str(target), str(dependencies), *words],
            cwd=tmp_path, env=os.environ | {"PYTHONPATH": ""}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert str(target) in done.stdout
        assert said in done.stdout


def test_the_manifest_agrees_with_the_project() -> None:
    """One version, one licence, entry points that exist; all as the schema says, which is documented throughout."""
    manifest = json.loads((ROOT / "manifest.json").read_text(encoding="utf-8"))
    schema = json.loads((ROOT / "plugin/manifest.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(manifest)
    described = [*schema["properties"].values(), *schema["$defs"]["host"]["properties"].values()]
    assert all(each.get("description") for each in described)
    assert manifest["version"] == PROJECT["project"]["version"]
    assert manifest["licence"] == PROJECT["project"]["license"]
    assert manifest["entry_points"]["cli"] == PROJECT["project"]["scripts"]["dtsgan"]
    assert all(callable(load(name)) for name in manifest["entry_points"].values())


def test_the_adapters_are_found_through_the_manifest() -> None:
    """Each host's adapter is one, its modules have what they should have, and no two take the same files."""
    suffixes = [suffix for entry in hosts() for suffix in entry.files]
    assert len(set(suffixes)) == len(suffixes) > 0
    assert len({entry.id for entry in hosts()}) == len(hosts())
    for entry in hosts():
        if entry.adapter and entry.id == "blender":  # can be imported in Blender alone, where its tests do
            assert find_spec(entry.adapter.partition(":")[0])
        elif entry.adapter:
            assert issubclass(load(entry.adapter), Host)
        if entry.module:
            assert callable(load(entry.module).read)
            assert callable(load(entry.module).write)


@pytest.mark.parametrize(
    "wrong",
    [{"version": "1"}, {"hosts": [{"id": "X"}]}, {"capabilities": ["fly"]}, {"extra": 1}, {"api_version": 0}],
    ids=str,
)
def test_a_manifest_that_is_wrong_is_noticed(wrong: dict[str, object]) -> None:
    """The schema holds off what isn't a manifest."""
    manifest = json.loads((ROOT / "manifest.json").read_text(encoding="utf-8"))
    schema = json.loads((ROOT / "plugin/manifest.schema.json").read_text(encoding="utf-8"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema).validate(manifest | wrong)


def test_ci_runs_what_the_readme_says() -> None:
    """The README has two commands, the demo and the tests, and .ci/run takes them from there."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = re.split(r"^## ", readme, flags=re.MULTILINE)
    (commands,) = (part for part in section if part.startswith("Two commands"))
    demo, tests = re.findall(r"^```\w*\n(.+)\n```$", commands, flags=re.MULTILINE)
    assert demo.endswith("dtsgan demo --out demo-out")
    assert tests.endswith("python -m pytest")
    assert "## Two commands" in (ROOT / ".ci/run").read_text(encoding="utf-8")
