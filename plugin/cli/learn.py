"""``dtsgan learn``: from a clip to a texture model, interrupted and taken up again at will."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...engine.errors import OptionError, OutputError, UserError
from ...engine.events import Learned, Notice, Planned, PreviewReady, StepDone, Stopped
from ...engine.files import check_target
from ...ui import words
from .arguments import duration_s, model_path, positive, rate, seed
from .context import command_line
from .previews import save_preview, save_result

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable
    from fractions import Fraction

    from ...engine.clip import Clip
    from ...engine.config import LearnOptions
    from ...engine.events import LearnEvent
    from ...engine.model import TextureModel
    from .context import Context

HELP = "learn the texture of a clip"
NEED_BYTES = 200 << 20  # the model and, while it is being learned, its state with the optimisers' memory
SOURCE = "source"
# What replaces a preset's own value; each is an option of the same name.
OVERRIDES = ("size", "coarsest", "scales", "steps", "window", "window_stride", "update_every", "seed")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("clip", type=Path, metavar="CLIP", help="a video, or a folder of pictures")
    parser.add_argument("-o", "--output", type=model_path, required=True, metavar="MODEL.dtsgan")
    parser.add_argument(
        "--range",
        metavar="A:B",
        help="learn from this part: frames as 10:200 (up to, not with, 200), seconds as 5s:10.5s",
    )
    parser.add_argument("--rate", type=rate, metavar="FPS", help="of a folder of pictures, in frames a second")
    parser.add_argument("--crop", metavar="X,Y,W,H", help="learn from this part of the picture, in pixels")
    parser.add_argument(
        "--quality",
        choices=("quick", "standard", "fine"),
        help="sizes and steps in one word; what each takes here: dtsgan plan CLIP",
    )
    parser.add_argument("--preset", choices=("fast", "paper"), default="fast", help="default: %(default)s")
    parser.add_argument(
        "--size",
        type=side,
        metavar="PX|source",
        help="the short side of the finest scale; source: the clip's own, each scale twice as large as the one before",
    )
    parser.add_argument("--coarsest", type=positive, metavar="PX", help="the short side of the coarsest scale")
    parser.add_argument("--scales", type=positive, metavar="N", help="how many scales")
    parser.add_argument("--steps", type=positive, metavar="N", help="how many training steps at each scale")
    parser.add_argument("--window", type=positive, metavar="N", help="how many consecutive frames are trained on")
    parser.add_argument("--window-stride", type=positive, metavar="N", help="how many frames the window moves by")
    parser.add_argument("--update-every", type=positive, metavar="N", help="how many steps until the window moves")
    parser.add_argument("--time-budget", type=duration_s, metavar="TIME", help="fit the learning into 90s, 5m, 1.5h")
    parser.add_argument("--seed", type=seed, metavar="S", help="another seed gives another model of the same clip")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto", help="default: %(default)s")
    parser.add_argument(
        "--preview",
        type=Path,
        metavar="DIR",
        help="keep there what every scale can do: a contact sheet, a video, a model of the scales so far (else only "
        "the result's contact sheet, beside -o)",
    )
    parser.add_argument(
        "--pixels",
        choices=("carry", "link", "none"),
        default="carry",
        help="carry the source's own pixels in the model, for full-size results; read them from the clip each time "
        "(link); or do without. Default: %(default)s",
    )
    parser.add_argument("--overwrite", action="store_true", help="replace a model that exists")
    parser.add_argument("--restart", action="store_true", help="forget an interrupted run instead of going on with it")


def run(arguments: argparse.Namespace, context: Context) -> int:
    output: Path = arguments.output
    check_target(output, overwrite=arguments.overwrite, need_bytes=NEED_BYTES)
    if arguments.preview is not None:
        make_folder(arguments.preview)
    else:
        check_target(_sheet_namer(arguments)(0), overwrite=arguments.overwrite or state_path(output).exists())
    options = _options(arguments)
    clip = _read(arguments, options, context)
    if clip is None:
        return context.stop.exit_code
    if arguments.restart:
        state_path(output).unlink(missing_ok=True)

    from ...engine.learn import learn

    model = follow(
        learn(
            clip,
            options,
            state=state_path(output),
            stop=context.stop.is_set,
            device=arguments.device,
            time_budget_s=arguments.time_budget,
        ),
        context,
        sheet=_sheet_namer(arguments),
        tries=arguments.preview,
    )
    if model is None:
        return context.stop.exit_code
    if arguments.pixels != "none":
        link = arguments.pixels == "link"
        model = with_pixels(model, arguments.clip, state_path(output), context, link=link, rate=arguments.rate)
        if model is None:
            return context.stop.exit_code
    save(model, output, overwrite=arguments.overwrite)
    if model.exemplar is not None:
        save_result(model, arguments.clip, _result_path(arguments), context, rate=arguments.rate)
    size = output.stat().st_size
    on = command_line(["generate", str(output), "-o", str(output.with_suffix(".mp4"))])
    text = f"Saved the texture model {output} ({words.size(size)}). Make video of it: {on}"
    context.report.finish(text, {"model": output, "bytes": size})
    return 0


def _sheet_namer(arguments: argparse.Namespace) -> Callable[[int], Path]:
    """Where the contact sheet of a scale goes."""
    folder: Path | None = arguments.preview
    if folder is None:
        return lambda _: arguments.output.with_name(f"{arguments.output.name}.png")
    return lambda scale: folder / f"scale-{scale + 1}.png"


def _result_path(arguments: argparse.Namespace) -> Path:
    folder: Path | None = arguments.preview
    return folder / "result.png" if folder else _sheet_namer(arguments)(0)


def side(text: str) -> int | str:
    """Pixels, or the word for as many as the clip has."""
    return text if text == SOURCE else positive(text)


def _options(arguments: argparse.Namespace) -> LearnOptions:
    from ...engine.config import LearnOptions

    asked = {name: getattr(arguments, name) for name in OVERRIDES}
    if arguments.quality is not None:
        return _options_of_quality(arguments, asked)
    if arguments.size == SOURCE:
        asked["size"] = _source_side(arguments)
        if arguments.scales is None:
            coarsest = asked["coarsest"] or LearnOptions.of(arguments.preset).coarsest
            asked["scales"] = max(1, round(math.log2(asked["size"] / coarsest)) + 1)
    return LearnOptions.of(arguments.preset, **asked)


def _options_of_quality(arguments: argparse.Namespace, asked: dict[str, Any]) -> LearnOptions:
    from ...engine.quality import options_for
    from ...engine.video import probe

    others = [name for name, value in asked.items() if value is not None and name != "seed"]
    if others or arguments.preset != "fast" or arguments.crop:
        other = f"--{(others or ['preset' if arguments.preset != 'fast' else 'crop'])[0].replace('_', '-')}"
        raise OptionError(f"--quality and {other} can't be given together.", remedy="Leave out one of them.")
    return options_for(arguments.quality, probe(arguments.clip, rate=arguments.rate), seed=asked["seed"])


def _source_side(arguments: argparse.Namespace) -> int:
    """Short side of what is learned from, in pixels as they are shown."""
    from ...engine.clip import parse_crop
    from ...engine.video import probe

    info = probe(arguments.clip)
    crop = parse_crop(arguments.crop) if arguments.crop else None
    height, width = (crop.height, crop.width) if crop else info.size_hw
    # Learned pixels are square: the longer way of one that isn't is made shorter.
    return int(min(height / max(info.sample_aspect, 1), width * min(info.sample_aspect, 1)))


def _read(arguments: argparse.Namespace, options: LearnOptions, context: Context) -> Clip | None:
    """The clip, its notices reported; None where reading was stopped."""
    from ...engine.clip import parse_crop, parse_span
    from ...engine.video import ReadStopped, read_clip

    span = parse_span(arguments.range) if arguments.range else None
    crop = parse_crop(arguments.crop) if arguments.crop else None
    try:
        clip = read_clip(
            arguments.clip,
            span=span,
            crop=crop,
            short_side=options.size,
            min_frames=options.window,
            rate=arguments.rate,
            stop=context.stop.is_set,
        )
    except ReadStopped:
        _say_stopped(None, context)
        return None
    for notice in clip.notices:
        context.report.say("notice", notice)
    return clip


def with_pixels(
    model: TextureModel, path: Path, state: Path, context: Context, *, link: bool, rate: Fraction | None = None
) -> TextureModel | None:
    """The model with its clip's own pixels; None where it was stopped (which is reported).

    What was learned is worth keeping without them: where they can't be had the person is told, and how to do without.
    """
    from ...engine.exemplar import with_exemplar
    from ...engine.video import ReadStopped

    context.report.say("pixels", f"Keeping the pixels of {path.name} for results at its own size.")
    try:
        model, notices = with_exemplar(model, path, link=link, rate=rate, stop=context.stop.is_set)
    except ReadStopped:
        _say_stopped(state, context)
        return None
    except UserError as error:
        notices = (f"{error.problem} The model is saved without its pixels: results have the learned size.",)
    for notice in notices:
        context.report.say("notice", notice)
    return model


def state_path(output: Path) -> Path:
    """Where an interrupted run leaves what it has learned: beside the model to be."""
    return output.with_name(f"{output.name}.part")


def make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"The folder {folder} can't be made: {error.strerror}.", remedy="Choose another.") from error


def save(model: TextureModel, output: Path, *, overwrite: bool) -> None:
    """Save the model; only then is the state of its learning needed no more. Its ONNX graphs are added last: what was
    learned is safe by then, whatever becomes of them."""
    from ...engine.model import save_model
    from ...export.graphs import with_graphs

    save_model(model, output, overwrite=overwrite)
    state_path(output).unlink(missing_ok=True)
    save_model(with_graphs(model), output, overwrite=True)


def follow(
    events: Iterable[LearnEvent],
    context: Context,
    *,
    sheet: Callable[[int], Path] | None,
    tries: Path | None = None,
) -> TextureModel | None:
    """Report learning as it goes; the model, or None where it was stopped (which is reported, too).

    ``sheet`` names the contact sheet of a scale; without it none is made. ``tries`` is the folder for a video of each
    scale, and for a model of the scales so far.
    """
    for event in events:
        match event:
            case Learned(model=model):
                return model
            case Stopped(state=state):
                _say_stopped(state, context)
            case PreviewReady():
                if sheet is not None:
                    save_preview(event, sheet(event.scale), context, tries=tries)
            case Planned():
                _say_planned(event, context)
            case StepDone(scale=scale, scales=scales, step=step, steps=steps, done=done, left_s=left_s, losses=losses):
                text = f"scale {scale + 1} of {scales}, step {step} of {steps}"
                facts = {"scale": scale, "scales": scales, "step": step, "steps": steps, "losses": losses}
                context.report.progress(text, done=done, left_s=left_s, **facts)
            case Notice(text=text):
                context.report.say("notice", text)
    return None


def _say_planned(event: Planned, context: Context) -> None:
    sizes = ", ".join(words.picture_size(size) for size in event.sizes_hw)
    time = "" if event.seconds is None else f", about {words.duration(event.seconds)}"
    text = f"Learning at {sizes} px: {event.steps} steps, about {words.size(event.memory_bytes)} of memory{time}."
    if event.resumed_step:
        text += f"\nGoing on after step {event.resumed_step} of an interrupted run."
    facts = {"sizes_hw": event.sizes_hw, "steps": event.steps, "resumed_step": event.resumed_step}
    context.report.say("planned", text, **facts, memory_bytes=event.memory_bytes, seconds=event.seconds)


def _say_stopped(state: Path | None, context: Context) -> None:
    again = command_line([word for word in context.words if word != "--restart"])
    kept = f"What is learned so far is kept in {state}" if state else "Nothing was learned yet"
    context.report.say("stopped", f"Stopped. {kept}.\nGo on with: {again}", state=state, command=again)
