"""The contract inside Blender: run by Blender's own Python with a folder of media, prints how each check went."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import bpy  # pyright: ignore[reportMissingImports]
from support.contract import CHECKS, LAYOUT

from dtsgan.plugin.hosts.blender.addon.adapter import BlenderHost, collection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dtsgan.plugin.host import Host, Strip


class BlenderStage:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        bpy.ops.wm.read_factory_settings(use_empty=True)
        scene = bpy.context.scene
        scene.render.fps = 25
        scene.sequence_editor_create()
        for name, track, (first, stop), start in LAYOUT:
            strip = collection().new_movie(name, str(folder / "base.mkv"), 10 + track, 1000)
            strip.frame_offset_start, strip.frame_offset_end = first, strip.frame_duration - stop
            strip.channel, strip.frame_start = track + 1, start - first
        self.host: Host = BlenderHost()

    def reopen(self) -> Host:
        bpy.ops.wm.save_as_mainfile(filepath=str(self.folder / "project.blend"))
        bpy.ops.wm.open_mainfile(filepath=str(self.folder / "project.blend"))
        return self.host

    def select(self, strips: Sequence[Strip]) -> None:
        for strip in collection():
            strip.select = any(strip.name == each.id for each in strips)
        bpy.context.scene.sequence_editor.active_strip = collection()[strips[0].id] if strips else None

    def undo(self) -> None:
        bpy.ops.ed.undo()


def main(media: Path) -> None:
    for name, check in CHECKS.items():
        folder = Path(tempfile.mkdtemp()) / "a folder, 火's"
        shutil.copytree(media, folder)
        try:
            check(BlenderStage(folder))
            failure = None
        except BaseException:
            failure = traceback.format_exc()
        print("CHECK", json.dumps({"name": name, "failure": failure}), flush=True)
        shutil.rmtree(folder.parent)


main(Path(sys.argv[1]))
