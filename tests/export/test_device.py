"""What generators run on, with graphics cards that aren't there."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnxruntime
import pytest

from dtsgan.engine import threads
from dtsgan.engine.errors import OptionError
from dtsgan.engine.model import TextureModel
from dtsgan.engine.packing import unpack
from dtsgan.engine.prior import Draw, unpack_prior
from dtsgan.engine.pyramid import Feed
from dtsgan.export import device
from dtsgan.export.device import CARDS, NAMES, Device, choose_device
from dtsgan.export.graph import generator_graph
from dtsgan.export.session import Session
from dtsgan.export.streamed import StreamedPyramid


class Card:
    """A graphics card: as the processor, unless it ``fails`` at "opened", "run", "lost" (not used) or "later"."""

    def __init__(self, fails: str) -> None:
        self.fails = fails
        self.opened = self.runs = 0
        self.own = device._opened

    def __call__(self, graph: bytes, provider: str | tuple[str, dict[str, Any]]) -> Any:
        if isinstance(provider, str):
            assert provider == "CPUExecutionProvider"
            return self.own(graph, provider)
        name, setup = provider
        assert setup == CARDS[name]
        if self.fails == "opened":
            raise RuntimeError(" no kernel image\nand three lines more")
        self.opened += 1
        real = self.own(graph, "CPUExecutionProvider")
        return real if self.fails == "lost" else _OnCard(self, name, real)


class _OnCard:
    def __init__(self, card: Card, name: str, real: onnxruntime.InferenceSession) -> None:
        self.card, self.name, self.real = card, name, real

    def get_providers(self) -> list[str]:
        return [self.name, "CPUExecutionProvider"]

    def get_inputs(self) -> Any:
        return self.real.get_inputs()

    def run(self, names: Any, inputs: dict[str, np.ndarray]) -> Any:
        self.card.runs += 1
        if self.card.fails == "run" or (self.card.fails == "later" and self.card.runs > 5):
            raise RuntimeError("out of memory\nin an arena")
        return self.real.run(names, inputs)


@pytest.fixture
def told() -> list[str]:
    """What the device had to tell."""
    return []


def found(names: list[str], monkeypatch: pytest.MonkeyPatch, *, driver: bool = True) -> None:
    """ONNX Runtime has these interfaces."""
    monkeypatch.setattr("onnxruntime.get_available_providers", lambda: [*names, "CPUExecutionProvider"])
    monkeypatch.setattr("onnxruntime.preload_dlls", lambda: None, raising=False)
    monkeypatch.setattr(device, "_has_driver", lambda: driver)


def with_card(fails: str, monkeypatch: pytest.MonkeyPatch, name: str = "CUDAExecutionProvider") -> Card:
    found([name], monkeypatch)
    card = Card(fails)
    monkeypatch.setattr(device, "_opened", card)
    return card


@pytest.mark.parametrize("names", [[], ["CUDAExecutionProvider"], ["AzureExecutionProvider"]])
def test_without_a_card_the_processor_works_and_says_why(
    names: list[str], monkeypatch: pytest.MonkeyPatch, told: list[str]
) -> None:
    """Also where the runtime could use CUDA but no driver is there."""
    found(names, monkeypatch, driver=False)
    chosen = choose_device(tell=told.append)
    assert chosen.card is None
    assert chosen.reason == "no graphics card was found that could be used"
    assert chosen.name == f"the processor, {threads.count()} threads"
    with pytest.raises(OptionError, match="No graphics card was found") as caught:
        choose_device("gpu", tell=told.append)
    assert "--device cpu" in caught.value.remedy
    assert not told


def test_a_missing_driver_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its library, which can't be loaded; on a system that has none of it, at once."""
    monkeypatch.setattr(device, "DRIVERS", {"linux": "libno-such-driver.so.1"})
    monkeypatch.setattr("sys.platform", "linux")
    assert not device._has_driver()
    monkeypatch.setattr("sys.platform", "darwin")
    assert not device._has_driver()


@pytest.mark.parametrize("name", CARDS)
@pytest.mark.parametrize("wanted", ["auto", "gpu"])
def test_a_card_is_found(name: str, wanted: device.Wanted, monkeypatch: pytest.MonkeyPatch, told: list[str]) -> None:
    """By any of its interfaces, of several the best; unless the processor is asked for."""
    found([name], monkeypatch)
    chosen = choose_device(wanted, tell=told.append)
    assert (chosen.card, chosen.name, chosen.reason) == (name, NAMES[name], f"{NAMES[name]} was found")
    found(list(CARDS)[::-1], monkeypatch)
    assert choose_device(wanted, tell=told.append).card == "CUDAExecutionProvider"
    chosen = choose_device("cpu", tell=told.append)
    assert (chosen.card, chosen.reason) == (None, "as was asked for")
    assert not told


@pytest.mark.parametrize("name", CARDS)
def test_a_card_that_works_is_used(
    model: TextureModel, name: str, monkeypatch: pytest.MonkeyPatch, told: list[str]
) -> None:
    """For every session and every run."""
    card = with_card("never", monkeypatch, name)
    chosen = choose_device(tell=told.append)
    true = made_on(model, choose_device("cpu", tell=told.append))
    np.testing.assert_array_equal(made_on(model, chosen), true)
    assert card.opened == len(model.sizes_hw)
    assert card.runs >= 2 * card.opened
    assert chosen.card == name
    assert not told


def made_on(model: TextureModel, chosen: Device) -> np.ndarray:
    """Some video of the model's pyramid."""
    prior = unpack_prior(model.arrays) if model.options.preset == "fast" else None
    pyramid = StreamedPyramid(Feed(seed=model.options.seed, prior=prior), model, chosen)
    return np.concatenate([pyramid.video(frames, Draw(seed=0)) for frames in (range(5), range(5, 40))])


@pytest.mark.parametrize(
    ("fails", "why"),
    [
        ("opened", "no kernel image"),
        ("lost", "it can't be used"),
        ("run", "out of memory"),
        ("later", "out of memory"),
    ],
)
def test_a_card_that_fails_is_left(
    model: TextureModel, fails: str, why: str, monkeypatch: pytest.MonkeyPatch, told: list[str]
) -> None:
    """When it is opened, or at the first run, or in the middle: said once, in a line, and the video is the same."""
    card = with_card(fails, monkeypatch)
    chosen = choose_device("gpu", tell=told.append)
    made = made_on(model, chosen)
    np.testing.assert_allclose(made, unpack(model).video(range(40), Draw(seed=0)), atol=1e-4, rtol=0)
    assert told == [f"CUDA failed, so the processor goes on: {why}"]
    assert chosen.card is None
    assert chosen.name.startswith("the processor")
    runs = card.runs
    made_on(model, chosen)
    assert card.runs == runs  # it isn't tried again


def test_what_is_wrong_on_the_processor_is_raised(model: TextureModel, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure there has nowhere to go, and is not taken for a card's."""
    with_card("opened", monkeypatch)
    told: list[str] = []
    chosen = choose_device(tell=told.append)
    session = Session(generator_graph(model.arrays, 0, preset=model.options.preset), chosen)
    assert len(told) == 1
    with pytest.raises(ValueError, match=r"base|noise"):
        session.run({})
    with pytest.raises(Exception, match=r"(?i)protobuf|model"):
        chosen.open(b"no graph")
    assert len(told) == 1
