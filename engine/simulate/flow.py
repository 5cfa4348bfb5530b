"""A small fluid solver for flames: stable fluids (Stam 1999) with vorticity confinement (Fedkiw et al. 2001).

Lengths are in units of the picture's short side, times in seconds; x is to the right of the middle, y up from the
bottom. Arrays have rows from the top, so the velocity's second channel points down.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F

FLOOR = 0.12  # nothing flows below
HEADROOM = 0.25  # simulated above a square picture, so that flames leave it freely
MAX_STEP_S = 0.02

BUOYANCY = 2.0
EXPANSION = 3.0  # burning gas swells: divergence where fuel enters
UPDRAFT = 0.45  # the mean draught of a fire, which a flat simulation can't form by itself
INFLOW = 0.15
CONFINEMENT = 6.0
GUST = 1.5
GUST_S = 0.5
GUST_WAVES = (4.0, 9.0, 17.0)  # radians a unit of height
DRAG = 0.9
# In two dimensions energy gathers in ever larger whirls, which real flames lack: large scales get more drag.
LARGE_DRAG = 4.0
LARGE_SCALE = 0.5
COOLING = 0.55  # the rate at which any gas cools, a second
DIFFUSION = 5e-5  # square units a second: dissolves the thinnest threads, too fine for any picture
RADIATION = 2.1  # added to it where the gas is hot, by the square of its temperature


@dataclass(frozen=True, kw_only=True)
class Bed:
    """A line from which burning gas rises: around ``x``, ``y``, as wide as twice ``half_width``."""

    x: float
    y: float
    half_width: float
    slope: float = 0.0
    thickness: float = 0.018


def grid_xy(height: int, width: int, unit: float) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates of the pixel centres of a picture whose short side is ``unit`` pixels: x and y, each HW float32."""
    y = (height - np.arange(height, dtype=np.float32) - 0.5) / unit
    x = (np.arange(width, dtype=np.float32) + 0.5 - width / 2) / unit
    yy, xx = np.meshgrid(y, x, indexing="ij")
    return xx, yy


class FlameFlow:
    """Independent sheets of flame, one a bed, on a domain one unit wide and 1 + HEADROOM high.

    ``temperature`` is (beds, 1, 2 * height, 2 * unit), 0 for cold air and about 1 for fresh flame: gas moves on a
    grid of ``unit`` cells a unit, but its edges need twice as many to look sharp.
    """

    def __init__(self, *, unit: int, beds: tuple[Bed, ...], rng: np.random.Generator) -> None:
        self.unit = unit
        self.height = round(unit * (1 + HEADROOM))
        self.temperature = torch.zeros(len(beds), 1, 2 * self.height, 2 * unit)
        self._velocity = torch.zeros(len(beds), 2, self.height, unit)
        self._rng = rng
        self._beds = beds
        self._fuel_slow = torch.zeros(len(beds), 2 * unit)
        self._fuel_fast = torch.zeros(len(beds), 2 * unit)
        self._gusts = torch.zeros(len(beds), 2 * len(GUST_WAVES))
        self._coarse_xy = _sampling_grid(self.height, unit)
        self._fine_xy = _sampling_grid(2 * self.height, 2 * unit)
        self._prepare_space()
        self._prepare_spectrum()

    def _prepare_space(self) -> None:
        x, y = (torch.from_numpy(a) for a in grid_xy(self.height, self.unit, self.unit))
        ceiling = torch.sigmoid((1 + HEADROOM - 0.1 - y) / 0.03)
        self._open = torch.sigmoid((y - FLOOR) / 0.012) * ceiling * torch.sigmoid((0.46 - x.abs()) / 0.015)
        up = UPDRAFT * torch.exp(-((x / (0.32 - 0.1 * y)) ** 2)) * torch.sigmoid((y - 0.2) / 0.05) * ceiling
        inward = -INFLOW * torch.tanh(x / 0.15) * torch.sigmoid((y - 0.15) / 0.02)
        inward = inward * torch.exp(-(((y - 0.2) / 0.25) ** 2))
        self._draught = torch.stack([inward, -up])[None]

        x, y = (torch.from_numpy(a) for a in grid_xy(2 * self.height, 2 * self.unit, 2 * self.unit))
        across = x[0]
        self._bed_profiles = torch.stack(
            [torch.exp(-(((y - bed.y - bed.slope * (across - bed.x)) / bed.thickness) ** 2)) for bed in self._beds]
        )
        self._bed_envelopes = torch.stack(
            [(1 - ((across - bed.x) / bed.half_width) ** 2).clamp(min=0).sqrt() for bed in self._beds]
        )

    def _prepare_spectrum(self) -> None:
        radians = 2 * math.pi * self.unit
        self._ky = torch.fft.fftfreq(self.height)[:, None] * radians
        self._kx = torch.fft.rfftfreq(self.unit)[None] * radians
        squared = self._ky**2 + self._kx**2
        self._drag = DRAG + LARGE_DRAG * torch.exp(-squared / (2 * math.pi / LARGE_SCALE) ** 2)
        # The highest frequencies carry nothing but grid noise, and no derivative of theirs can be trusted.
        self._smoothing = torch.exp(-16 * (2 * squared / squared.max()).clamp(max=1) ** 4)
        squared[0, 0] = 1
        self._k_squared = squared

    def advance(self, seconds: float) -> None:
        """Move time on, in as many equal steps as accuracy asks for."""
        steps = math.ceil(seconds / MAX_STEP_S)
        for _ in range(steps):
            self._step(seconds / steps)

    def _step(self, dt: float) -> None:
        shift = (self._velocity + self._draught) * dt
        velocity = _carried(self._velocity, shift, self._coarse_xy)
        fine_shift = F.interpolate(shift, scale_factor=2, mode="bilinear", align_corners=False)
        gas = _carried(self.temperature, fine_shift, self._fine_xy).clamp(0, 1.3)
        mixing = min(1.0, 3 * DIFFUSION * dt * (2 * self.unit) ** 2)  # 3 x 3 cells have a variance of 2/3
        gas = torch.lerp(gas, F.avg_pool2d(gas, 3, 1, 1), mixing)
        gas = (gas - dt * (COOLING + RADIATION * gas.clamp(max=1) ** 2)).clamp(min=0)
        fuel = self._fuel(dt)
        self.temperature = torch.maximum(gas, fuel)

        heat = F.avg_pool2d(self.temperature, 2)[:, 0]
        velocity[:, 0] += dt * GUST * self._gust(dt) * (0.1 + heat.clamp(max=1))
        velocity[:, 1] -= dt * BUOYANCY * heat
        self._confine_vorticity(velocity, dt)
        swelling = EXPANSION * F.avg_pool2d(fuel, 2)[:, 0]
        self._velocity = self._projected(velocity * self._open, swelling, dt)

    def _projected(self, velocity: torch.Tensor, divergence: torch.Tensor, dt: float) -> torch.Tensor:
        """The nearest field of the given divergence, slowed by drag; solved exactly, by Fourier transform."""
        spectrum = torch.fft.rfft2(velocity)
        wrong = self._kx * spectrum[:, 0] + self._ky * spectrum[:, 1] + 1j * torch.fft.rfft2(divergence)
        potential = wrong / self._k_squared
        spectrum = torch.stack([spectrum[:, 0] - self._kx * potential, spectrum[:, 1] - self._ky * potential], 1)
        spectrum = spectrum * self._smoothing * torch.exp(-dt * self._drag)
        # NumPy's, as torch's inverse rounds by the number of threads, which a chaotic flow would show.
        return torch.from_numpy(np.fft.irfft2(spectrum.numpy(), s=velocity.shape[-2:]).astype(np.float32))

    def _confine_vorticity(self, velocity: torch.Tensor, dt: float) -> None:
        """Give back, in place, the small whirls that carrying on a grid wears away."""
        curl = (_difference(velocity[:, 1], 2) - _difference(velocity[:, 0], 1)) * (self.unit / 2)
        slope_x, slope_y = _difference(curl.abs(), 2), _difference(curl.abs(), 1)
        push = dt * CONFINEMENT / self.unit * curl * torch.rsqrt(slope_x**2 + slope_y**2 + 1e-6)
        velocity[:, 0] += push * slope_y
        velocity[:, 1] -= push * slope_x

    def _fuel(self, dt: float) -> torch.Tensor:
        """Fresh flame at the beds, shaped as ``temperature``: it wanders along them and flickers."""
        self._fuel_slow = _wandering(self._fuel_slow, self._line_noise(0.035), dt / 0.35)
        self._fuel_fast = _wandering(self._fuel_fast, self._line_noise(0.012), dt / 0.12)
        strength = (0.55 + 0.45 * self._fuel_slow + 0.25 * self._fuel_fast) * self._bed_envelopes
        return (strength.clamp(0, 1.25)[:, None] * self._bed_profiles)[:, None]

    def _line_noise(self, scale: float) -> torch.Tensor:
        """White in time, of unit variance, smooth over ``scale`` along each bed."""
        white = self._rng.standard_normal(tuple(self._fuel_slow.shape))
        frequency = np.fft.rfftfreq(white.shape[1]) * 4 * np.pi * self.unit
        gain = np.exp(-0.5 * (frequency * scale) ** 2)
        smooth = np.fft.irfft(np.fft.rfft(white) * gain, n=white.shape[1]) / np.sqrt((gain**2).mean())
        return torch.from_numpy(smooth.astype(np.float32))

    def _gust(self, dt: float) -> torch.Tensor:
        """Sideways acceleration by height, (beds, height, 1)."""
        white = torch.from_numpy(self._rng.standard_normal(tuple(self._gusts.shape), dtype=np.float32))
        self._gusts = _wandering(self._gusts, white, dt / GUST_S)
        phase = torch.arange(self.height)[None] / self.unit * torch.tensor(GUST_WAVES)[:, None]
        return (self._gusts @ torch.cat([phase.cos(), phase.sin()]))[..., None]


def _sampling_grid(height: int, width: int) -> torch.Tensor:
    y = (torch.arange(height) + 0.5) / height * 2 - 1
    x = (torch.arange(width) + 0.5) / width * 2 - 1
    return torch.stack([x[None].expand(height, width), y[:, None].expand(height, width)], -1)


def _carried(field: torch.Tensor, shift: torch.Tensor, grid: torch.Tensor) -> torch.Tensor:
    """``field`` after moving by ``shift`` (in units of length), traced backwards."""
    height, width = shift.shape[-2:]
    to_grid = torch.tensor([2.0, 2.0 * width / height])  # the domain is one unit wide
    source = grid - shift.permute(0, 2, 3, 1) * to_grid
    return F.grid_sample(field, source, mode="bicubic", padding_mode="zeros", align_corners=False)


def _difference(field: torch.Tensor, axis: int) -> torch.Tensor:
    return torch.roll(field, -1, axis) - torch.roll(field, 1, axis)


def _wandering(state: torch.Tensor, white: torch.Tensor, elapsed: float) -> torch.Tensor:
    """One step of an Ornstein-Uhlenbeck process of unit variance; ``elapsed`` is in correlation times."""
    keep = math.exp(-elapsed)
    return keep * state + math.sqrt(1 - keep**2) * white
