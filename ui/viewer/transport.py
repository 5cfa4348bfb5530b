"""The bar below the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ..parts import hint
from .bar import ChoiceButton, IconButton, PlaceEdit
from .timecode import frame_of, timecode

if TYPE_CHECKING:
    from ..studio import Studio
    from .canvas import Canvas
    from .commands import Commands
    from .shown import Shown

REPEAT_ICONS = {"none": "once", "all": "repeat", "range": "range", "joint": "joint"}
SPEEDS = (4.0, 2.0, 1.0, -1.0, -2.0, -4.0)
ZOOMS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
GAP = 6


class Transport(QWidget):
    """Buttons for what the viewer can do, and where it is in time."""

    def __init__(self, studio: Studio, shown: Shown, commands: Commands, canvas: Canvas) -> None:
        super().__init__()
        self._studio, self._shown, self._commands, self._canvas = studio, shown, commands, canvas
        self._make_play()
        self._make_marks()
        self._make_looks()
        self.time = PlaceEdit(self.tr("Time code"), self.tr("Hours:minutes:seconds:frames. Type one to go there."))
        self.frame = PlaceEdit(
            self.tr("Frame"), self.tr("Number of the frame, the first is 0. Type one to go there, or +10 or -10.")
        )
        self.time.setFixedWidth(94)
        self.frame.setFixedWidth(54)
        self.total, self.pace = hint(), hint()
        for label in (self.total, self.pace):
            label.setWordWrap(False)
        for edit in (self.time, self.frame):
            edit.typed.connect(self._go)
        self.pace.setMinimumWidth(self.pace.fontMetrics().horizontalAdvance("59.9 of 59.9 fps"))
        self.pace.setToolTip(self.tr("Pictures a second that are seen, of those the clip has. Others are left out."))
        self.pace.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._lay_out()
        shown.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the view as it is."""
        view, shown, commands = self._studio.view.state, self._shown, self._commands
        count = commands.count
        for button in self.findChildren(IconButton):
            button.dress(view.theme)
            button.setEnabled(count > 0)
        self.play.show_icon("stop" if view.speed else "play", view.theme)
        self.speed.setText(_speed_words(view.speed))
        self.speed.choose(view.speed)
        joints = len(commands.joints)
        self.joint.setEnabled(joints > 0)
        repeats = "all" if view.repeat == "joint" and not joints else view.repeat
        self.repeat.show_icon(REPEAT_ICONS[repeats], view.theme)
        self.repeat.choose(repeats)
        on = repeats == "joint"
        self.joint.setChecked(on)
        self.joint.setText(f"{min(view.joint, joints - 1) + 1}/{joints}" if on else "")
        for button in (self.mark_in, self.mark_out):
            button.setEnabled(commands.can_mark)
        self.clear.setEnabled(commands.can_mark and self._studio.project.span is not None)
        self.wipe.setChecked(view.compare == "wipe")
        self.side.setChecked(view.compare == "side")
        self.slice.setChecked(view.slice)
        self.zoom.setText(f"{self._canvas.pane().percent:.0f} %" if count else "")
        self.zoom.choose(view.zoom)
        rate = shown.pictures.rate if shown.pictures is not None else None
        self.time.show_place(timecode(view.frame, rate) if rate and count else "")
        self.frame.show_place(str(view.frame) if count else "")
        self.time.setEnabled(count > 0)
        self.frame.setEnabled(count > 0)
        self.total.setText(self.tr("of {count}").format(count=count) if count else "")
        if not view.speed:
            self.pace.setText("")

    def _make_play(self) -> None:
        commands = self._commands
        self.first = IconButton(
            "first", self.tr("First frame"), self.tr("Go to the first frame (Home)"), commands.first
        )
        self.back = IconButton(
            "back",
            self.tr("Step back"),
            self.tr("One frame back (Left; with Shift one second)"),
            lambda: commands.step(-1),
        )
        self.play = IconButton(
            "play",
            self.tr("Play or stop"),
            self.tr("Play or stop (Space, or L and K; J plays backwards). Sound is not played."),
            commands.play_or_stop,
        )
        self.forward = IconButton(
            "forward",
            self.tr("Step on"),
            self.tr("One frame on (Right; with Shift one second)"),
            lambda: commands.step(1),
        )
        self.last = IconButton("last", self.tr("Last frame"), self.tr("Go to the last frame (End)"), commands.last)
        self.speed = ChoiceButton(
            "play",
            self.tr("Speed"),
            self.tr("Speed and direction (L faster, J backwards)"),
            [(speed, _speed_words(speed)) for speed in SPEEDS],
            lambda speed: commands.play(float(speed)),  # type: ignore[arg-type]  # one of SPEEDS
        )
        self.speed.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.speed.setMinimumWidth(46)

    def _make_marks(self) -> None:
        commands = self._commands
        self.mark_in = IconButton(
            "in",
            self.tr("Set in point"),
            self.tr("Use the clip from this frame on (I; Shift+I goes there)"),
            commands.set_in,
        )
        self.mark_out = IconButton(
            "out",
            self.tr("Set out point"),
            self.tr("Use the clip up to this frame, with it (O; Shift+O goes there)"),
            commands.set_out,
        )
        self.clear = IconButton(
            "clear", self.tr("Clear in and out points"), self.tr("Use the whole clip again (X)"), commands.clear_marks
        )
        self.repeat = ChoiceButton(
            "repeat",
            self.tr("Repeat"),
            self.tr("What is played again and again (R)"),
            [
                ("none", self.tr("Play once")),
                ("all", self.tr("Repeat all")),
                ("range", self.tr("Repeat between the in and out points")),
            ],
            lambda how: commands.repeat(str(how)),
        )
        self.joint = IconButton(
            "joint",
            self.tr("Play across the joint"),
            self.tr(
                "Play from a second before to a second after where the clip and new frames meet (N: the next joint)"
            ),
            commands.next_joint,
            checkable=True,
        )
        self.joint.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)

    def _make_looks(self) -> None:
        commands, canvas = self._commands, self._canvas
        self.wipe = IconButton(
            "wipe",
            self.tr("Compare under a wipe"),
            self.tr("The clip on the left of a line that you can drag (C)"),
            lambda: commands.compare("wipe"),
            checkable=True,
        )
        self.side = IconButton(
            "side",
            self.tr("Compare side by side"),
            self.tr("The clip beside what is shown (C twice)"),
            lambda: commands.compare("side"),
            checkable=True,
        )
        self.slice = IconButton(
            "slice",
            self.tr("Slice through time"),
            self.tr("One line of the picture through all frames: joints, flicker and repeats are seen as breaks (T)"),
            commands.slice,
            checkable=True,
        )
        self.zoom = ChoiceButton(
            "fit",
            self.tr("Zoom"),
            self.tr("Size of the picture (wheel, + and -; F fits it in, 1 is 100 %). Drag it with the space bar."),
            [(None, self.tr("Fit")), *((zoom, f"{100 * zoom:.0f} %") for zoom in ZOOMS)],
            lambda zoom: canvas.fit() if zoom is None else canvas.zoom_to(float(zoom)),  # type: ignore[arg-type]
        )
        self.zoom.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.zoom.setMinimumWidth(62)

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(2)
        groups: tuple[tuple[QWidget, ...], ...] = (
            (self.first, self.back, self.play, self.forward, self.last, self.speed),
            (self.time, self.frame, self.total),
            (self.mark_in, self.mark_out, self.clear, self.repeat, self.joint),
            (self.wipe, self.side, self.slice, self.zoom),
        )
        for group in groups:
            for widget in group:
                layout.addWidget(widget)
            layout.addSpacing(GAP)
        layout.addStretch(1)
        layout.addWidget(self.pace)

    def _go(self, text: str) -> None:
        if self._shown.pictures is None:
            return
        frame = frame_of(text, self._shown.pictures.rate, self._studio.view.state.frame)
        if frame is not None:
            self._commands.go_to(frame)
        self._canvas.setFocus()

    def show_pace(self, shown_per_s: float) -> None:
        """Say how many pictures a second are seen, of how many."""
        view, pictures = self._studio.view.state, self._shown.pictures
        if view.speed and pictures is not None:
            due = float(pictures.rate * abs(view.speed))
            said = self.tr("{shown} of {due} fps").format(shown=f"{min(shown_per_s, due):.3g}", due=f"{due:.4g}")
            self.pace.setText(said)


def _speed_words(speed: float) -> str:
    return f"{'-' if speed < 0 else ''}{abs(speed) or 1:g}x"
