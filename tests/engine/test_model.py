from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from support.learning import PRESETS, clip_of, learned, mangled, tiny, waves

from dtsgan.engine.clip import Colour, Rect
from dtsgan.engine.container import read_header, write_container
from dtsgan.engine.errors import ModelFileError, OutputError, ResourceError, UserError
from dtsgan.engine.exemplar import open_exemplar
from dtsgan.engine.model import (
    EXEMPLAR,
    KIND,
    VERSION,
    ExemplarFacts,
    SourceFacts,
    TextureModel,
    load_model,
    save_model,
)
from dtsgan.engine.packing import unpack
from dtsgan.engine.prior import Draw

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("quick")

CLIP = replace(  # with every fact a clip can have
    clip_of(waves(8)),
    crop=Rect(x=1, y=2, width=16, height=12),
    span=(4, 12),
    sample_aspect=Fraction(64, 45),
    colour=Colour(primaries="bt709", transfer="bt709", matrix="bt709", range="tv"),
)


@pytest.fixture(scope="module", params=PRESETS)
def model(request: pytest.FixtureRequest, quick: None) -> TextureModel:  # noqa: ARG001  # it has to come first
    """Learned in one step a scale."""
    return learned(CLIP, tiny(request.param, steps=1))


def test_a_model_comes_back_as_it_was(model: TextureModel, tmp_path: Path) -> None:
    """Options, facts and every array, its type and its bits."""
    save_model(model, tmp_path / "a.dtsgan")
    back = load_model(tmp_path / "a.dtsgan")
    for name in ("options", "facts", "frames", "sizes_hw", "amplitudes", "size_hw"):
        assert getattr(back, name) == getattr(model, name), name
    assert back.summary() == model.summary()
    assert back.arrays.keys() == model.arrays.keys()
    for name, array in model.arrays.items():
        assert back.arrays[name].dtype == array.dtype
        np.testing.assert_array_equal(back.arrays[name], array, err_msg=name)


def test_the_summary_is_json(model: TextureModel) -> None:
    """Exact rates stay exact, as text."""
    facts = json.loads(json.dumps(model.summary()))
    assert facts["source"]["rate"] == "24000/1001"
    assert facts["source"]["crop"] == {"x": 1, "y": 2, "width": 16, "height": 12}
    assert (facts["frames"], facts["scales"], facts["size_hw"]) == (8, 2, [12, 16])


def test_a_model_is_not_replaced_unasked(model: TextureModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An existing file stays unless told otherwise; a full disk is said before."""
    path = tmp_path / "a.dtsgan"
    path.write_text("precious")
    with pytest.raises(OutputError, match="exists"):
        save_model(model, path)
    assert path.read_text() == "precious"
    with monkeypatch.context() as patch:
        patch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 1000}))
        with pytest.raises(ResourceError, match="free"):
            save_model(model, path, overwrite=True)
    save_model(model, path, overwrite=True)
    assert load_model(path).frames == 8


NONSENSE: list[Any] = [None, -1, 0, 1.5, 10**30, "x", "", True, [], {}, [1], [[1, 2, 3]], {"a": 1}, "0/0", "1/-0"]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths to every value in a header, containers too."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, child in inner for place in places(child, (*path, key)))]


def changed(header: dict[str, Any], place: tuple[Any, ...], value: Any) -> dict[str, Any]:
    copy = json.loads(json.dumps(header))
    holder = copy
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = value
    return copy


def test_nonsense_in_the_header_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a sealed file says in any one place, it is refused as a model file, or is a model that can be used."""
    monkeypatch.setattr("os.fsync", lambda _: None)  # hundreds of files, none of which has to outlive a power cut
    path, small = tmp_path / "a.dtsgan", {"a": np.zeros(1, np.float32), EXEMPLAR: np.zeros(9, np.uint8)}
    bare = TextureModel(
        options=tiny("fast"),
        facts=SourceFacts.of(CLIP),
        frames=8,
        sizes_hw=((8, 11), (12, 16)),
        amplitudes=(1.0, 0.1),
        arrays=small,
        exemplar=ExemplarFacts(size_hw=(24, 32), frames=8, span=(4, 12), sample_aspect=Fraction(1), path=None),
    )
    save_model(bare, path)
    header = json.loads(json.dumps(read_header(path, kind=KIND, version=VERSION)))
    refused = 0
    cases = [(place, value) for place in places(header) if place for value in NONSENSE]
    for place, value in cases:
        write_container(path, kind=KIND, version=VERSION, header=changed(header, place, value), tensors=small)
        try:
            loaded = load_model(path)
        except ModelFileError:
            refused += 1
            continue
        json.dumps(loaded.summary())
        if loaded.exemplar is not None:  # whatever is said of pixels that are none, or of a clip elsewhere
            with pytest.raises(UserError):
                open_exemplar(loaded)
        height, width = loaded.size_hw
        assert 0 < height < 1 << 15 > width > 0
        assert loaded.facts.rate > 0 < loaded.frames
        assert loaded.facts.sample_aspect > 0 < loaded.facts.bit_depth < 17
    assert refused > 0.6 * len(cases)


@pytest.mark.parametrize("wrong", [{"matrix": "x"}, {"primaries": "x=1:y"}, {"range": "bt709"}])
def test_colours_that_no_clip_has_are_refused(model: TextureModel, wrong: dict[str, str], tmp_path: Path) -> None:
    """A tag reaches FFmpeg's own little language, so only its known names are taken."""
    path = tmp_path / "a.dtsgan"
    save_model(replace(model, facts=replace(model.facts, colour=Colour(**wrong))), path)
    with pytest.raises(ModelFileError, match="colour"):
        load_model(path)


@pytest.mark.parametrize("missing", ["options", "source", "frames", "sizes_hw", "amplitudes", "exemplar"])
def test_a_missing_part_of_the_header_is_refused(model: TextureModel, missing: str, tmp_path: Path) -> None:
    """A header without one of its parts is not taken for a model."""
    path = tmp_path / "a.dtsgan"
    save_model(model, path)
    header = read_header(path, kind=KIND, version=VERSION)
    del header[missing]
    write_container(path, kind=KIND, version=VERSION, header=header, tensors=model.arrays)
    with pytest.raises(ModelFileError, match="makes no sense") as caught:
        load_model(path)
    assert caught.value.remedy


def test_arrays_that_do_not_belong_together_are_refused(model: TextureModel) -> None:
    """Whatever is done to one array, the file is refused or makes video; of the generators all is refused."""
    for name, arrays in mangled(model.arrays):
        try:
            pyramid = unpack(replace(model, arrays=arrays))
        except ModelFileError:
            continue
        assert name.startswith("prior.") or name.endswith("num_batches_tracked"), name
        assert pyramid.video(range(2), Draw(seed=0)).shape == (2, 3, 12, 16)


def test_more_sizes_than_scales_are_refused(model: TextureModel) -> None:
    """Sizes, amplitudes and generators have to be as many."""
    for wrong in (
        replace(model, sizes_hw=(*model.sizes_hw, (20, 30))),
        replace(model, amplitudes=model.amplitudes[:1]),
        replace(model, sizes_hw=(*model.sizes_hw, (20, 30)), amplitudes=(*model.amplitudes, 0.1)),
    ):
        with pytest.raises(ModelFileError, match="belong together"):
            unpack(wrong)


def test_reading_a_model_loads_no_torch(model: TextureModel, tmp_path: Path) -> None:
    """A model's facts can be read without the seconds that importing torch takes."""
    save_model(model, tmp_path / "a.dtsgan")
    script = (
        "import sys\nfrom pathlib import Path\nfrom dtsgan.engine.model import load_model\n"
        "print(load_model(Path(sys.argv[1])).frames, 'torch' in sys.modules)"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "a.dtsgan")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "8 False\n"
