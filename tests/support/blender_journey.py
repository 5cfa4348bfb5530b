"""An editor's way through the extension, inside Blender: installed, a strip extended by the real app over the bridge,
saved, opened again, rendered, undone, uninstalled.

Run by Blender's own Python, as ``blender_journey.py WORK``: the folder has ``dtsgan.zip`` and ``job.json`` with what to
do; ``report.json`` is what was seen.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import bpy  # pyright: ignore[reportMissingImports]

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LIMIT_S = 300


def strips() -> Any:
    editor = bpy.context.scene.sequence_editor
    return editor.strips if hasattr(editor, "strips") else editor.sequences


def seen() -> list[list[Any]]:
    return sorted(
        [strip.channel, strip.frame_final_start, strip.frame_final_end, strip.mute, Path(strip.filepath).name]
        for strip in strips()
    )


class Layout:
    """Takes what a panel draws, and notes the texts; what Blender doesn't know fails."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.operator_context = ""

    def _check(self, icon: str = "NONE") -> None:
        assert icon in bpy.types.UILayout.bl_rna.functions["label"].parameters["icon"].enum_items, icon

    def column(self, *, align: bool = False) -> Layout:
        assert "align" in bpy.types.UILayout.bl_rna.functions["column"].parameters
        del align
        return self

    def label(self, *, text: str, icon: str = "NONE") -> None:
        self._check(icon)
        self.texts.append(text)

    def operator(self, name: str, *, text: str = "", icon: str = "NONE") -> Any:
        self._check(icon)
        module, _, function = name.partition(".")
        assert getattr(getattr(bpy.ops, module), function).get_rna_type(), name
        self.texts.append(text or getattr(getattr(bpy.ops, module), function).get_rna_type().name)
        return SimpleNamespace()

    def progress(self, *, factor: float, text: str) -> None:
        assert {"factor", "text"} <= set(bpy.types.UILayout.bl_rna.functions["progress"].parameters.keys())
        self.texts.append(f"{factor:.2f} {text}")


def drawn(name: str) -> list[str]:
    """What the panel shows now, and the status bar."""
    layout = Layout()
    panel = importlib.import_module(f"{name}.plugin.hosts.blender.addon.panel")
    cls = panel.DTSGAN_PT_panel
    cls.draw(SimpleNamespace(layout=layout, _draw_work=lambda within: cls._draw_work(None, within)), bpy.context)
    panel.draw_status(SimpleNamespace(layout=layout), bpy.context)
    return layout.texts


def lay(clip: str, first: int, frames: int) -> None:
    """One strip of a clip's frames, at frame 1."""
    scene = bpy.context.scene
    scene.sequence_editor_create()
    scene.render.fps = 25
    strip = strips().new_movie("sea", clip, 1, 1 - first)
    strip.frame_offset_start, strip.frame_offset_end = first, strip.frame_duration - first - frames
    scene.sequence_editor.active_strip = strip
    strip.select = True


def work(station: Any, meanwhile: Callable[[], object] = lambda: None) -> None:
    """Blender's timers don't run without a window: do what they would."""
    until = time.monotonic() + LIMIT_S
    while station.tick() is not None and station.busy:
        assert time.monotonic() < until, "the app takes too long"
        meanwhile()
        time.sleep(0.05)


def stopped(station: Any) -> Iterator[Any]:
    """Work that is cancelled before the app has connected, and once it is well under way."""
    bpy.context.scene.sequence_editor.active_strip = strips()["sea"]
    for least in (-1.0, 0.0):
        bpy.ops.dtsgan.extend("EXEC_DEFAULT", frames=400, instant=True)
        until = time.monotonic() + LIMIT_S
        while station.done <= least:
            station.tick()
            assert time.monotonic() < until, "nothing goes on"
            time.sleep(0.05)
        bpy.ops.dtsgan.cancel("EXEC_DEFAULT")
        work(station)
        yield [station.result, station.problem, seen()]


def again(station: Any) -> Iterator[Any]:
    """The new strip once more, in its place; then as it was."""
    scene = bpy.context.scene
    scene.sequence_editor.active_strip = max(strips(), key=lambda strip: strip.frame_final_start)
    bpy.ops.dtsgan.again("EXEC_DEFAULT")
    work(station)
    assert not station.problem, f"{station.problem} {station.remedy}"
    yield seen()
    bpy.ops.ed.undo()
    yield seen()


def open_window(station: Any) -> Iterator[Any]:
    """The window comes, and is sent the strip; it dies, and Blender goes on; it is opened anew."""
    bpy.context.scene.sequence_editor.active_strip = strips()["sea"]
    for button in (bpy.ops.dtsgan.open, bpy.ops.dtsgan.replace):
        yield list(button("EXEC_DEFAULT"))
        until = time.monotonic() + LIMIT_S
        while station._opening is not None or "window" not in station._server.roles():
            station.tick()
            assert time.monotonic() < until, "no window comes"
            time.sleep(0.05)
        yield sorted(station._server.roles())
        station._window.kill()
        while "window" in station._server.roles():
            station.tick()
            assert time.monotonic() < until, "the window's end isn't noticed"
            time.sleep(0.05)


def render(folder: Path, size: tuple[int, int], first: int, last: int) -> None:
    scene = bpy.context.scene
    scene.render.resolution_x, scene.render.resolution_y = size
    scene.render.resolution_percentage = 100
    scene.view_settings.view_transform = "Standard"  # any other changes colours
    if hasattr(scene.render.image_settings, "media_type"):  # 5.0 wants to know that first
        scene.render.image_settings.media_type = "IMAGE"
    scene.render.image_settings.file_format = "PNG"
    scene.frame_start, scene.frame_end = first, last
    scene.render.filepath = str(folder / "frame-####")
    bpy.ops.render.render(animation=True)


def main(folder: Path) -> None:
    job = json.loads((folder / "job.json").read_text())
    report: dict[str, Any] = {"version": bpy.app.version_string}
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.ops.extensions.package_install_files(
        filepath=str(folder / "dtsgan.zip"), repo="user_default", enable_on_install=True
    )
    name = "bl_ext.user_default.dtsgan"
    report["enabled"] = name in bpy.context.preferences.addons
    bpy.context.preferences.addons[name].preferences.program = job["python"]
    station = importlib.import_module(f"{name}.plugin.hosts.blender.addon.station").station
    lay(job["clip"], job["first"], job["frames"])
    bpy.ops.wm.save_as_mainfile(filepath=str(folder / "project.blend"))
    report["before"] = seen()
    report["panel"] = drawn(name)
    report["started"] = list(bpy.ops.dtsgan.extend("EXEC_DEFAULT", frames=job["add"], seed=3, **job["how"]))
    work(station, lambda: report.setdefault("working", drawn(name)) if station.done > 0 else None)
    report["ended"] = drawn(name)
    report |= {"result": station.result, "after": seen()}
    assert not station.problem, f"{station.problem} {station.remedy}"
    made = max(strips(), key=lambda strip: strip.frame_final_start)
    report["video"] = str(Path(bpy.path.abspath(made.filepath)))
    bpy.ops.ed.undo()
    report["undone"] = seen()
    bpy.ops.ed.redo()
    report["redone"] = seen()
    report["again"] = list(again(station))
    report["stopped"] = list(stopped(station))
    bpy.ops.wm.save_mainfile()
    report["window"] = list(open_window(station))
    bpy.ops.wm.open_mainfile(filepath=str(folder / "project.blend"))
    report["reopened"] = seen()
    report["meta"] = json.loads(max(strips(), key=lambda strip: strip.frame_final_start)["dtsgan"])
    render(folder / "rendered", job["size"], 1, job["frames"] + job["add"])
    bpy.ops.extensions.package_uninstall(repo_index=repo_index(), pkg_id="dtsgan")
    report["left"] = sorted(module for module in sys.modules if module.startswith(name))
    report["registered"] = hasattr(bpy.types, "DTSGAN_PT_panel")
    report["timer"] = bpy.app.timers.is_registered(station._timer)
    (folder / "report.json").write_text(json.dumps(report))


def repo_index() -> int:
    repos = [repo.module for repo in bpy.context.preferences.extensions.repos]
    return repos.index("user_default")


main(Path(sys.argv[1]))
