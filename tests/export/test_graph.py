"""ONNX graphs of generators, held against PyTorch."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from support.learning import PRESETS, clip_of, learned, tiny, waves

from dtsgan.engine.model import TextureModel, graph_name, load_model, save_model
from dtsgan.engine.packing import unpack
from dtsgan.export.graph import OPSET, generator_graph
from dtsgan.export.graphs import with_graphs
from dtsgan.export.session import Session
from dtsgan.plugin.cli import main

Printed = pytest.CaptureFixture[str]


@pytest.fixture(scope="module", params=PRESETS)
def model(request: pytest.FixtureRequest) -> TextureModel:
    """Learned in a few steps, with layers and normalisations that really do something."""
    made = learned(clip_of(waves(20)), tiny(request.param, steps=2))
    draw = np.random.default_rng(0)
    arrays = dict(made.arrays)
    for name, value in made.arrays.items():
        if "convolutions.4.weight" in name:
            arrays[name] = draw.normal(0, 0.1, value.shape).astype(np.float32)
        if "running_mean" in name or ("norms" in name and name.endswith("bias")):
            arrays[name] = draw.normal(0, 0.3, value.shape).astype(np.float32)
        if "running_var" in name:
            arrays[name] = draw.uniform(0.3, 2, value.shape).astype(np.float32)
    return replace(made, arrays=arrays)


def test_every_scale_is_what_pytorch_makes(model: TextureModel) -> None:
    """To 1e-4 of a colour range of 2, and a valid file at the operator set said; lengths and sizes are open."""
    pyramid = unpack(model)
    for index, scale in enumerate(pyramid.scales):
        graph = generator_graph(model.arrays, index, preset=model.options.preset)
        read = onnx.load_from_string(graph)
        onnx.checker.check_model(read, full_check=True)
        assert [each.version for each in read.opset_import] == [OPSET]
        run = Session(graph)
        for frames, height, width in ((5, 8, 12), (1, 14, 6), (9, 20, 32)):
            generator = torch.Generator().manual_seed(frames)
            noise, base = (torch.randn(frames, 3, height, width, generator=generator) for _ in range(2))
            if model.options.preset == "fast":
                layout = torch.randn(1, 3, height, width, generator=generator)
                true = scale.generator(base[None], layout)[0]
                mine = run.run({"base": base.numpy(), "layout": layout.numpy()})
            else:
                true = scale.generator(noise[None], base[None] if index else None)[0]
                mine = run.run({"noise": noise.numpy()} | ({"base": base.numpy()} if index else {}))
            np.testing.assert_allclose(mine, true.numpy(), atol=1e-4)
            assert mine.std() > 0.05


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
