"""The extension's preferences, and what its dialogs ask for."""

from __future__ import annotations

from typing import Any

import bpy  # pyright: ignore[reportMissingImports]

from .program import NEEDED_GB, find_program, own_folder

PACKAGE = __package__.split(".plugin.")[0] if __package__ else ""
"""The extension's own name, which Blender makes: "bl_ext.user_default.dtsgan"."""


class DTSGAN_preferences(bpy.types.AddonPreferences):  # noqa: N801  # Blender's way of naming
    bl_idname = PACKAGE

    program: bpy.props.StringProperty(  # pyright: ignore[reportInvalidTypeForm]
        name="App",
        description="The program dtsgan, or the Python of the environment that it is in. Empty: it is looked for",
        subtype="FILE_PATH",
    )

    def draw(self, _context: Any) -> None:
        self.layout.prop(self, "program")
        found = find_program(self.program)
        self.layout.label(text=f"Found: {' '.join(found)}" if found else "It is not found.")
        if not found:
            self.layout.operator("dtsgan.install")
            self.layout.label(text=f"It takes {NEEDED_GB:.1f} GB or more in {own_folder()}.")


class _Defaults:
    """Without preferences, as where the sources are imported and no extension is installed."""

    program = ""


def settings() -> Any:
    """The preferences."""
    addon = bpy.context.preferences.addons.get(PACKAGE)
    return addon.preferences if addon and addon.preferences else _Defaults()
