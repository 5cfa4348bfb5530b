"""The panel in the sequencer's sidebar, and progress in the status bar."""

from __future__ import annotations

import textwrap
from typing import Any

import bpy  # pyright: ignore[reportMissingImports]

from .operators import chosen, made_as
from .program import find_program
from .settings import PACKAGE, settings
from .station import station

WIDTH = 38
"""Characters of a line, in a sidebar as wide as Blender makes it."""


class DTSGAN_PT_panel(bpy.types.Panel):  # noqa: N801  # Blender's way of naming
    bl_idname = "DTSGAN_PT_panel"
    bl_label = "dtsgan"
    bl_space_type = "SEQUENCE_EDITOR"
    bl_region_type = "UI"
    bl_category = "dtsgan"

    def draw(self, _context: Any) -> None:
        layout = self.layout
        if not find_program(settings().program):
            _lines(layout, "dtsgan isn't installed, or not found.", icon="INFO")
            layout.operator("dtsgan.install", icon="IMPORT")
            layout.operator("preferences.addon_show", text="Say where it is...").module = PACKAGE
            return
        strip = chosen()
        if strip is None:
            _lines(layout, "Select a movie strip.", icon="INFO")
        else:
            column = layout.column(align=True)
            column.label(text=strip.name, icon="SEQUENCE")
            column.label(text=f"{strip.source.frames} frames of {strip.media.path.name}")
            if meta := made_as(strip):
                column.label(text=f"Made by dtsgan: {meta.get('edit', '')}")
        column = layout.column(align=True)
        column.operator_context = "INVOKE_DEFAULT"
        column.operator("dtsgan.extend", text="Extend...", icon="FORWARD")
        column.operator("dtsgan.loop", text="Make Loop...", icon="FILE_REFRESH")
        column.operator("dtsgan.replace", text="Replace Region...", icon="BRUSH_DATA")
        column.operator("dtsgan.variants", text="Variants...", icon="RENDERLAYERS")
        if made_as(strip):
            column.operator("dtsgan.again", text="Another", icon="LOOP_FORWARDS")
        layout.operator("dtsgan.open", icon="WINDOW")
        self._draw_work(layout)

    def _draw_work(self, layout: Any) -> None:
        if station.busy:
            column = layout.column(align=True)
            column.progress(factor=station.done, text=f"{station.done:.0%}")
            _lines(column, station.text)
            column.operator("dtsgan.cancel", icon="X")
        elif station.problem:
            _lines(layout, station.problem, icon="ERROR")
            _lines(layout, station.remedy)
        elif station.result:
            _lines(layout, station.result, icon="CHECKMARK")


def draw_status(self: Any, _context: Any) -> None:
    """Progress, seen whatever else is."""
    if station.busy:
        self.layout.progress(factor=station.done, text=f"dtsgan: {station.text}"[:80])


def _lines(layout: Any, text: str, *, icon: str = "NONE") -> None:
    """A text in as many lines as it takes: Blender's labels have one."""
    column = layout.column(align=True)
    for number, line in enumerate(textwrap.wrap(text, WIDTH)):
        column.label(text=line, icon=icon if number == 0 else "NONE")
