"""ONNX graphs of generators, held against PyTorch."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import onnx
import pytest

from dtsgan.engine.model import TextureModel, graph_name, load_model, save_model
from dtsgan.engine.packing import unpack
from dtsgan.engine.pyramid import LAYERS
from dtsgan.export.graph import OPSET, generator_graph
from dtsgan.export.graphs import with_graphs
from dtsgan.export.session import Session
from dtsgan.plugin.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from dtsgan.export.device import Device

Printed = pytest.CaptureFixture[str]


def fed(model: TextureModel, index: int, frames: int, size_hw: tuple[int, int]) -> dict[str, np.ndarray]:
    """What a scale is fed, by the names of its graph's inputs: random numbers."""
    generator = np.random.default_rng(frames)
    names = ("base", "layout") if model.options.preset == "fast" else ("noise", "base")[: index + 1]
    shapes = {name: (1 if name == "layout" else frames, 3, *size_hw) for name in names}
    return {name: generator.standard_normal(shape, np.float32) for name, shape in shapes.items()}


def true_video(model: TextureModel, index: int, inputs: dict[str, np.ndarray]) -> np.ndarray:
    """What PyTorch makes of it."""
    layout = inputs["layout"][0] if "layout" in inputs else None
    return unpack(model).scales[index].generator(inputs.get("noise"), inputs.get("base"), layout)


def test_every_scale_is_what_pytorch_makes(model: TextureModel, processor: Device) -> None:
    """To 1e-4 of a colour range of 2, and a valid file at the operator set said; lengths and sizes are open."""
    for index in range(len(model.sizes_hw)):
        graph = generator_graph(model.arrays, index, preset=model.options.preset)
        read = onnx.load_from_string(graph)
        onnx.checker.check_model(read, full_check=True)
        assert [each.version for each in read.opset_import] == [OPSET]
        session = Session(graph, processor)
        for frames, size_hw in ((5, (8, 12)), (1, (14, 6)), (9, (20, 32))):
            inputs = fed(model, index, frames, size_hw)
            (mine,) = session.run(inputs)
            np.testing.assert_allclose(mine, true_video(model, index, inputs), atol=1e-4)
            assert mine.std() > 0.05


@pytest.mark.parametrize("lengths", [(20,), (4, 16), (1, 1, 3, 1, 14), (1,) * 20])
def test_a_streamed_scale_is_the_whole_one_late(
    model: TextureModel, processor: Device, lengths: tuple[int, ...]
) -> None:
    """In pieces of any lengths, each frame made once: what PyTorch makes of all, ``LAYERS`` frames later."""
    for index in range(len(model.sizes_hw)):
        inputs = fed(model, index, sum(lengths), (8, 12))
        session = Session(generator_graph(model.arrays, index, preset=model.options.preset, streamed=True), processor)
        cell = 2 if model.options.preset == "fast" else 1
        state = [
            np.zeros((2, session.channels[f"state{number}"], 8 // cell, 12 // cell), np.float32)
            for number in range(LAYERS)
        ]
        late = np.concatenate(
            [np.zeros((LAYERS, 3, 8, 12), np.float32), inputs["base" if "base" in inputs else "noise"]]
        )
        made, start = [], 0
        for length in lengths:
            now = slice(start, start + length)
            piece = {name: array if name == "layout" else array[now] for name, array in inputs.items()}
            piece |= {f"state{number}": array for number, array in enumerate(state)}
            if "base" in inputs:
                piece["late"] = late[now]
            video, *state = session.run(piece)
            made.append(video)
            start += length
        # Near both ends the whole one sees zeros in place of the frames that come before and after.
        true = true_video(model, index, inputs)[LAYERS:-LAYERS]
        np.testing.assert_allclose(np.concatenate(made)[2 * LAYERS :], true, atol=1e-4)


def test_the_model_holds_graphs_and_says_how_near_they_are(model: TextureModel, tmp_path: Path) -> None:
    """Through the file and back."""
    assert model.graphs is None
    save_model(with_graphs(model), tmp_path / "a.dtsgan")
    back = load_model(tmp_path / "a.dtsgan")
    assert back.graphs is not None
    assert back.graphs.opset == OPSET
    assert len(back.graphs.largest_differences) == len(model.sizes_hw) == 2
    assert all(0 <= apart < 1e-4 for apart in back.graphs.largest_differences)
    onnx.checker.check_model(onnx.load_from_string(back.arrays[graph_name(1)].tobytes()))
    assert back.summary()["graphs"]["opset"] == OPSET


def test_a_wrong_graph_is_noticed(model: TextureModel, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check looks: a graph with another slope is a fault."""
    monkeypatch.setattr("dtsgan.export.graph.SLOPE", 0.3)
    with pytest.raises(RuntimeError, match="from PyTorch"):
        with_graphs(model)


def test_the_command_writes_files_and_the_model(model: TextureModel, tmp_path: Path, capsys: Printed) -> None:
    """What is in the model is in the files, and an existing file is safe."""
    path = tmp_path / "a.dtsgan"
    save_model(model, path)
    assert main(["export", str(path), "-o", str(tmp_path / "graphs"), "--json"]) == 0
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert max(result["largest_differences"]) < 1e-4
    kept = load_model(path).arrays
    for index in range(2):
        file = tmp_path / "graphs" / f"scale-{index + 1}.onnx"
        assert file.read_bytes() == kept[graph_name(index)].tobytes()
    assert main(["export", str(path), "-o", str(tmp_path / "graphs")]) == 2
    assert "scale-1.onnx exists" in capsys.readouterr().err
    assert main(["export", str(tmp_path / "none.dtsgan")]) == 2
