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
from typing import TYPE_CHECKING, Any

import bpy  # pyright: ignore[reportMissingImports]

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMIT_S = 300


def strips() -> Any:
    editor = bpy.context.scene.sequence_editor
    return editor.strips if hasattr(editor, "strips") else editor.sequences


def seen() -> list[list[Any]]:
    return sorted(
        [strip.channel, strip.frame_final_start, strip.frame_final_end, strip.mute, Path(strip.filepath).name]
        for strip in strips()
    )


def lay(clip: str, first: int, frames: int) -> None:
    """One strip of a clip's frames, at frame 1."""
    scene = bpy.context.scene
    scene.sequence_editor_create()
    scene.render.fps = 25
    strip = strips().new_movie("sea", clip, 1, 1 - first)
    strip.frame_offset_start, strip.frame_offset_end = first, strip.frame_duration - first - frames
    scene.sequence_editor.active_strip = strip
    strip.select = True


def work(station: Any) -> None:
    """Blender's timers don't run without a window: do what they would."""
    until = time.monotonic() + LIMIT_S
    while station.tick() is not None and station.busy:
        assert time.monotonic() < until, "the app takes too long"
        time.sleep(0.05)


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
    report["started"] = list(bpy.ops.dtsgan.extend("EXEC_DEFAULT", frames=job["add"], seed=3, **job["how"]))
    work(station)
    report |= {"result": station.result, "after": seen()}
    assert not station.problem, f"{station.problem} {station.remedy}"
    made = max(strips(), key=lambda strip: strip.frame_final_start)
    report["video"] = str(Path(bpy.path.abspath(made.filepath)))
    bpy.ops.ed.undo()
    report["undone"] = seen()
    bpy.ops.ed.redo()
    report["redone"] = seen()
    report["again"] = list(again(station))
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
