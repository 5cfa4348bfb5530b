from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from dtsgan.engine.errors import ClipError
from dtsgan.plugin.cli import app, arguments
from dtsgan.plugin.cli.context import Context, command_line

if TYPE_CHECKING:
    from collections.abc import Callable

    Act = Callable[[Context], int]


@pytest.fixture
def act(monkeypatch: pytest.MonkeyPatch) -> Callable[[Act], None]:
    """Let "dtsgan act" do what a test wants of a command."""

    def install(action: Act) -> None:
        def run(_: Namespace, context: Context) -> int:
            return action(context)

        def add_arguments(_: ArgumentParser) -> None: ...

        monkeypatch.setitem(app.COMMANDS, "act", SimpleNamespace(HELP="act", add_arguments=add_arguments, run=run))

    return install


def failing(error: BaseException) -> Act:
    def action(_: Context) -> int:
        raise error

    return action


def test_a_persons_error_is_words_and_code_2(act: Callable[[Act], None], capsys: pytest.CaptureFixture[str]) -> None:
    """Problem and remedy are printed, without a traceback."""
    act(failing(ClipError("fire.avi holds 3 frames.", remedy="Give a longer clip.")))
    assert app.main(["act"]) == 2
    assert capsys.readouterr() == ("", "dtsgan: fire.avi holds 3 frames.\nGive a longer clip.\n")


def test_with_json_a_failure_is_the_last_line(act: Callable[[Act], None], capsys: pytest.CaptureFixture[str]) -> None:
    """Programs read the failure where they read everything else."""
    act(failing(ClipError("fire.avi holds 3 frames.", remedy="Give a longer clip.")))
    assert app.main(["act", "--json"]) == 2
    out, err = capsys.readouterr()
    assert json.loads(out) == {
        "event": "failure",
        "problem": "fire.avi holds 3 frames.",
        "remedy": "Give a longer clip.",
    }
    assert err == ""


def test_a_fault_of_ours_is_one_line_and_a_log(
    act: Callable[[Act], None], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The traceback goes into a log file that is named; the code is 1."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    act(failing(RuntimeError("no such scale")))
    assert app.main(["act"]) == 1
    (log,) = tmp_path.iterdir()
    err = capsys.readouterr().err
    assert "RuntimeError: no such scale" in err
    assert str(log) in err
    assert "Traceback" not in err
    assert "Traceback" in log.read_text(encoding="utf-8")


def test_debug_shows_the_traceback(act: Callable[[Act], None], capsys: pytest.CaptureFixture[str]) -> None:
    """With --debug the traceback is on the screen, and the code is 1 all the same."""
    act(failing(RuntimeError("no such scale")))
    assert app.main(["act", "--debug"]) == 1
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(("error", "code"), [(MemoryError(), 2), (KeyboardInterrupt(), 130)])
def test_other_ends_are_said_too(
    error: BaseException, code: int, act: Callable[[Act], None], capsys: pytest.CaptureFixture[str]
) -> None:
    """Too little memory is the machine's fault, a second Ctrl-C ends at once; neither shows a traceback."""
    act(failing(error))
    assert app.main(["act"]) == code
    err = capsys.readouterr().err
    assert err
    assert "Traceback" not in err


WAITING = """
import sys, time
from types import SimpleNamespace
from dtsgan.plugin.cli import app

def run(arguments, context):
    print("working", flush=True)
    while not context.stop.is_set():
        time.sleep(0.01)
    return context.stop.exit_code

app.COMMANDS["act"] = SimpleNamespace(HELP="act", add_arguments=lambda parser: None, run=run)
sys.exit(app.main(["act", *sys.argv[1:]]))
"""


def test_an_attended_command_stops_when_its_input_ends() -> None:
    """Whoever started it is gone, or closed the pipe to say so: every system has that, where signals differ."""
    process = subprocess.Popen(
        [sys.executable, "-c", WAITING, "--attended"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process:
        assert process.stdout.readline() == "working\n"
        assert process.poll() is None
        process.stdin.close()
        assert process.wait(timeout=60) == 143


def test_unattended_the_end_of_its_input_means_nothing() -> None:
    """A command in a script, without any input, does its work."""
    process = subprocess.Popen([sys.executable, "-c", WAITING], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    assert process.stdout is not None
    with process:
        process.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=0.5)
        process.terminate()
        assert process.wait(timeout=60) == 143


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_first_signal_asks_and_the_second_ends(number: int, code: int, act: Callable[[Act], None]) -> None:
    """After one signal the command goes on until it looks; the handlers of before are then in place again."""
    before = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)]

    def action(context: Context) -> int:
        assert not context.stop.is_set()
        assert context.stop.exit_code == 0
        signal.raise_signal(number)
        assert context.stop.is_set()
        assert [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)] == before
        return context.stop.exit_code

    act(action)
    assert app.main(["act"]) == code
    assert [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)] == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "COMMAND"),
        (["lern"], "lern"),
        (["learn", "fire.mp4"], "--output"),
        (["learn", "fire.mp4", "-o", "fire.mp4"], "does not end in .dtsgan"),
        (["learn", "fire.mp4", "-o", "a.dtsgan", "--preset", "slow"], "slow"),
        (["learn", "fire.mp4", "-o", "a.dtsgan", "--time-budget", "soon"], "no length of time"),
        (["learn", "fire.mp4", "-o", "a.dtsgan", "--siz", "9"], "--siz"),
        (["generate", "a.dtsgan", "-o", "b.mp4", "--frames", "0"], "above 0"),
        (["generate", "a.dtsgan", "-o", "b.mp4", "--size", "640"], "640x360"),
        (["generate", "a.dtsgan", "-o", "b.mp4", "--seed", "-1"], "seed"),
    ],
)
def test_bad_usage_is_code_2_and_points_to_help(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is wrong with the words is said, and where to read on."""
    assert app.main(words) == 2
    err = capsys.readouterr().err
    assert said in err
    assert "--help" in err


@pytest.mark.parametrize("words", [["--help"], ["--version"], *([name, "--help"] for name in app.COMMANDS)])
def test_help_ends_well(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Help and version are printed on standard output with code 0."""
    with pytest.raises(SystemExit) as ended:
        app.main(words)
    assert ended.value.code == 0
    assert "dtsgan" in capsys.readouterr().out


def test_help_says_every_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    """The codes that scripts rely on are documented where a person looks."""
    with pytest.raises(SystemExit):
        app.main(["--help"])
    out = capsys.readouterr().out
    for code in ("0", "1", "2", "130, 143"):
        assert f"\n  {code}  " in out


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["info", "nothing.dtsgan"], ["info", "nothing.mp4"]])
def test_quick_answers_load_no_torch(words: list[str], tmp_path: Path) -> None:
    """Help and info answer without the seconds that importing torch takes."""
    script = (
        "import sys\nfrom dtsgan.plugin.cli import main\n"
        f"try: main({words!r})\nexcept SystemExit: pass\n"
        "print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"


def test_python_m_dtsgan_is_the_same_program(tmp_path: Path) -> None:
    """The exit code of main is that of the process."""
    command = [sys.executable, "-m", "dtsgan", "info", "nothing.dtsgan"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "There is no file nothing.dtsgan" in done.stderr


def test_a_reader_that_goes_away_is_no_failure() -> None:
    """Output into "head" ends quietly."""
    script = (
        "import sys\nfrom types import SimpleNamespace\nfrom dtsgan.plugin.cli import app\n"
        "def run(_, context): context.report.finish('result', {})\n"
        "app.COMMANDS['act'] = SimpleNamespace(HELP='act', add_arguments=lambda _: None, run=run)\n"
        "sys.stdin.readline()\nraise SystemExit(app.main(['act']))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        process.stdout.close()
        process.stdout = None
        _, err = process.communicate(b"go\n")
    assert err == b""
    assert process.returncode == 0


@pytest.mark.parametrize(("text", "seconds"), [("90", 90), ("90s", 90), ("5m", 300), ("1.5h", 5400)])
def test_durations(text: str, seconds: float) -> None:
    """Seconds, minutes and hours, whole or not."""
    assert arguments.duration_s(text) == seconds


@pytest.mark.parametrize("text", ["", "0", "0m", "-5m", "5 m", "5d", "1e3", "nan", "inf", "m"])
def test_no_durations(text: str) -> None:
    """Anything else is refused, by name."""
    with pytest.raises(ArgumentTypeError, match="no length of time"):
        arguments.duration_s(text)


def test_sizes_are_width_first() -> None:
    """People write width x height; the engine takes (height, width)."""
    assert arguments.size_hw("640x360") == (360, 640)
    for text in ("0x360", "640", "640*360", "-1x5", "1000000x1"):
        with pytest.raises(ArgumentTypeError):
            arguments.size_hw(text)


@pytest.mark.skipif(os.name == "nt", reason="quoting is the shell's, and this is for POSIX shells")
def test_the_command_to_go_on_with_can_be_pasted() -> None:
    """Names with spaces and quotes come back quoted."""
    assert command_line(["learn", "my fire.mp4", "-o", "it's.dtsgan"]) == (
        "dtsgan learn 'my fire.mp4' -o 'it'\"'\"'s.dtsgan'"
    )
