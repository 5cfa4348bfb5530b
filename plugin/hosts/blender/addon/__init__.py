"""What runs inside Blender."""

from __future__ import annotations


def register() -> None:
    import bpy  # pyright: ignore[reportMissingImports]

    from .operators import OPERATORS
    from .panel import DTSGAN_PT_panel, draw_status
    from .settings import DTSGAN_preferences

    for each in (DTSGAN_preferences, *OPERATORS, DTSGAN_PT_panel):
        bpy.utils.register_class(each)
    bpy.types.STATUSBAR_HT_header.append(draw_status)


def unregister() -> None:
    import bpy  # pyright: ignore[reportMissingImports]

    from .operators import OPERATORS
    from .panel import DTSGAN_PT_panel, draw_status
    from .settings import DTSGAN_preferences
    from .station import station

    station.close()
    bpy.types.STATUSBAR_HT_header.remove(draw_status)
    for each in (DTSGAN_PT_panel, *reversed(OPERATORS), DTSGAN_preferences):
        bpy.utils.unregister_class(each)
