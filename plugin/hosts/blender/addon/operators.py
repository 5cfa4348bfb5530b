"""What the panel's buttons do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import bpy  # pyright: ignore[reportMissingImports]

from ....host import HostError
from .adapter import active_strip, is_footage
from .program import NEEDED_GB, own_folder
from .station import station

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ....host import Strip

# ruff: noqa: N801  # Blender's way of naming
# pyright: reportInvalidTypeForm=false


def chosen() -> Strip | None:
    """The active strip, if it shows a video file."""
    strip = active_strip()
    if strip is None or not is_footage(strip):
        return None
    return next((each for each in station.host.strips() if each.id == strip.name), None)


class _OfStrip:
    """Does something with the active strip."""

    @classmethod
    def poll(cls, _context: Any) -> bool:
        return not station.busy and chosen() is not None

    def report_error(self, error: HostError) -> set[str]:
        self.report({"ERROR"}, f"{error.problem} {error.remedy}".strip())  # pyright: ignore[reportAttributeAccessIssue]
        return {"CANCELLED"}


class _Edit(_OfStrip):
    """An edit that the app makes while Blender goes on."""

    kind, asked = "", ""
    model: bpy.props.StringProperty(
        name="Model", description="A texture model; empty: the strip's own texture is learned once", subtype="FILE_PATH"
    )
    seed: bpy.props.IntProperty(name="Seed", description="Another seed makes other frames", min=0)
    instant: bpy.props.BoolProperty(name="At once", description="Learn nothing: ready in seconds, to see what comes")

    def invoke(self, context: Any, _event: Any) -> set[str]:
        return context.window_manager.invoke_props_dialog(self)

    def draw(self, _context: Any) -> None:
        """What it is about first, what can be left alone last."""
        column = self.layout.column()  # pyright: ignore[reportAttributeAccessIssue]
        for name in (self.asked, "seed", "instant", "model"):
            column.prop(self, name)

    def execute(self, _context: Any) -> set[str]:
        strip = chosen()
        if strip is None:
            self.report({"ERROR"}, "Select a movie strip.")  # pyright: ignore[reportAttributeAccessIssue]
            return {"CANCELLED"}
        words = [*self.words(), "--seed", str(self.seed)]
        if self.model:
            words += ["--model", bpy.path.abspath(self.model)]
        elif self.instant:
            words.append("--instant")
        try:
            station.edit(self.kind, strip, words)
        except HostError as error:
            return self.report_error(error)
        return {"FINISHED"}

    def words(self) -> Sequence[str]:
        raise NotImplementedError


class DTSGAN_OT_extend(_Edit, bpy.types.Operator):
    """Make the strip longer: new frames follow its last one"""

    bl_idname = "dtsgan.extend"
    bl_label = "Extend Strip"
    kind, asked = "extend", "frames"
    frames: bpy.props.IntProperty(name="New Frames", description="How much longer it becomes", default=100, min=1)

    def words(self) -> Sequence[str]:
        return ["--add", str(self.frames)]


class DTSGAN_OT_loop(_Edit, bpy.types.Operator):
    """Close the strip into an exact loop, and play that several times"""

    bl_idname = "dtsgan.loop"
    bl_label = "Make Loop"
    kind, asked = "loop", "times"
    times: bpy.props.IntProperty(name="Times", description="How often it is played in all", default=2, min=1, max=50)

    def words(self) -> Sequence[str]:
        return ["--times", str(self.times)]


class DTSGAN_OT_variants(_OfStrip, bpy.types.Operator):
    """Put other videos of the strip's texture above it, muted, to choose from"""

    bl_idname = "dtsgan.variants"
    bl_label = "Variants"
    count: bpy.props.IntProperty(name="How Many", default=4, min=1, max=32)

    def invoke(self, context: Any, _event: Any) -> set[str]:
        return context.window_manager.invoke_props_dialog(self)

    def execute(self, _context: Any) -> set[str]:
        strip = chosen()
        try:
            if strip is not None:
                station.edit("variants", strip, ["--count", str(self.count)])
        except HostError as error:
            return self.report_error(error)
        return {"FINISHED"}


class DTSGAN_OT_again(_OfStrip, bpy.types.Operator):
    """Make this result once more, with other new frames"""

    bl_idname = "dtsgan.again"
    bl_label = "Another"

    @classmethod
    def poll(cls, context: Any) -> bool:
        return super().poll(context) and bool(made_as(chosen()))

    def execute(self, _context: Any) -> set[str]:
        strip = chosen()
        try:
            if strip is not None:
                station.edit("again", strip, [])
        except HostError as error:
            return self.report_error(error)
        return {"FINISHED"}


class _Open(_OfStrip):
    """Shows the strip in the app's window, on a page."""

    page = "extend"

    def execute(self, _context: Any) -> set[str]:
        strip = chosen()
        try:
            if strip is not None:
                station.open_window(strip, self.page)
        except HostError as error:
            return self.report_error(error)
        return {"FINISHED"}


class DTSGAN_OT_open(_Open, bpy.types.Operator):
    """Show the strip in dtsgan's own window"""

    bl_idname = "dtsgan.open"
    bl_label = "Open in dtsgan"


class DTSGAN_OT_replace(_Open, bpy.types.Operator):
    """Paint over what should go, in dtsgan's own window"""

    bl_idname = "dtsgan.replace"
    bl_label = "Replace Region"
    page = "replace"


class DTSGAN_OT_cancel(bpy.types.Operator):
    """Stop the work; what is learned so far is kept"""

    bl_idname = "dtsgan.cancel"
    bl_label = "Cancel"

    @classmethod
    def poll(cls, _context: Any) -> bool:
        return station.busy

    def execute(self, _context: Any) -> set[str]:
        station.cancel()
        return {"FINISHED"}


class DTSGAN_OT_install(bpy.types.Operator):
    """Install dtsgan into a folder of its own"""

    bl_idname = "dtsgan.install"
    bl_label = "Install dtsgan..."

    @classmethod
    def poll(cls, _context: Any) -> bool:
        return not station.busy

    def invoke(self, context: Any, _event: Any) -> set[str]:
        return context.window_manager.invoke_props_dialog(self, width=500)

    def draw(self, _context: Any) -> None:
        self.layout.label(text=f"It takes {NEEDED_GB:.1f} GB on the disk, or more where there is an NVIDIA card,")
        self.layout.label(text=f"in {own_folder()}.")
        self.layout.label(text="It is fetched from the Python Package Index. Blender itself is left alone.")

    def execute(self, _context: Any) -> set[str]:
        try:
            if not bpy.app.online_access:
                raise HostError("Blender may not go online.", remedy="Allow online access in Preferences > System.")
            station.install()
        except HostError as error:
            self.report({"ERROR"}, f"{error.problem} {error.remedy}")
            return {"CANCELLED"}
        return {"FINISHED"}


def made_as(strip: Strip | None) -> dict[str, Any]:
    """What is known of a result of ours; nothing of other strips."""
    return station.host.get_meta(strip) if strip is not None else {}


OPERATORS = (
    DTSGAN_OT_extend,
    DTSGAN_OT_loop,
    DTSGAN_OT_variants,
    DTSGAN_OT_again,
    DTSGAN_OT_open,
    DTSGAN_OT_replace,
    DTSGAN_OT_cancel,
    DTSGAN_OT_install,
)
