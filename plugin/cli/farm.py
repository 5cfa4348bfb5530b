"""``dtsgan farm``: variants of many textures, made by all machines of a Dask cluster."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ...engine.errors import OptionError
from ...ui import words
from .arguments import duration_s, positive, seed
from .context import command_line
from .variants import add_settings, batch_of, check, finish, lengths, with_digest

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from distributed import Client

    from ...export.variants import Batch
    from .context import Context

HELP = "make many videos on many machines: a job file's, or of models and clips, by a Dask cluster"
JOB_SUFFIX = ".json"
WORKERS = 2
OF_VARIANTS = ("count", "seeds", "fine_seeds", "sizes", "lengths", "frames", "loop", "layers", "source")
"""Options that tell what variants are."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "inputs", type=Path, nargs="*", metavar="JOB.json|MODEL|CLIP", help="a job file, or what to make videos of"
    )
    parser.add_argument("-o", "--output", type=Path, metavar="DIR", help="the folder for all of them")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--scheduler", metavar="tcp://HOST:8786", help="the cluster's, as dask scheduler tells it")
    where.add_argument(
        "--local",
        type=positive,
        metavar="N",
        help="so many processes of this computer; default: 2, without --scheduler",
    )
    parser.add_argument(
        "--seed", type=seed, metavar="S", help="the first seed; default: 0. With --learn-only, that of the learning"
    )
    add_settings(parser)
    parser.add_argument("--frames", type=lengths, metavar="N", help="the same as --lengths")
    learn = parser.add_mutually_exclusive_group()
    qualities = ("quick", "standard", "fine")
    learn.add_argument(
        "--learn",
        choices=qualities,
        nargs="?",
        const="standard",
        help="learn each clip first, in this quality; default: standard",
    )
    learn.add_argument(
        "--learn-only",
        choices=qualities,
        nargs="?",
        const="standard",
        help="learn each clip and do no more: the texture models are in the folder then",
    )
    parser.add_argument("--tls-ca", type=Path, metavar="FILE", help="of a tls:// scheduler: who signs its certificate")
    parser.add_argument("--tls-cert", type=Path, metavar="FILE", help="this computer's certificate")
    parser.add_argument("--tls-key", type=Path, metavar="FILE", help="and its key")
    parser.add_argument(
        "--wait", type=duration_s, default=60.0, metavar="TIME", help="for the first worker, as 90s or 2h; default: 60s"
    )
    parser.add_argument("--schema", action="store_true", help="print the JSON schema of job files, and do no more")


def run(arguments: argparse.Namespace, context: Context) -> int:
    if arguments.schema:
        from ...export.variants.manifest import schema

        sys.stdout.write(schema())
        return 0
    batches = _batches(arguments)
    for batch in batches:
        check(batch, arguments.output)
    batches = [with_digest(batch) for batch in batches]
    made = _made(arguments, batches, context)
    if context.stop.is_set():
        again = command_line(context.words)
        context.report.say("stopped", f"Stopped; what is made stays. Go on with: {again}", command=again)
        return context.stop.exit_code
    _finish(arguments.output, batches, context, made=made)
    return 0


def _finish(folder: Path, batches: Sequence[Batch], context: Context, *, made: int) -> None:
    """Tell where all is."""
    from ...export.farm import model_of

    models = sorted({model_of(batch, folder) for batch in batches if batch.learn})
    variants = [variant for batch in batches for variant in batch.variants]
    if variants:
        names = ", ".join(Path(batch.input).name for batch in batches[:3]) + (", …" if len(batches) > 3 else "")
        finish(f"Variants of {names}", variants, folder, context, made=made, models=models)
    else:
        text = f"{words.plural(len(models), 'texture model')} in {folder}: {', '.join(model.name for model in models)}"
        context.report.finish(text, {"folder": folder, "models": models})


def _batches(arguments: argparse.Namespace) -> list[Batch]:
    """What is asked for, by a job file or by options. Raises OptionError."""
    from msgspec import structs

    from ...export.variants import Learning, read_job

    inputs: list[Path] = arguments.inputs
    if not inputs or arguments.output is None:
        raise OptionError("A job file, a model or a clip is needed, and --output.", remedy="See dtsgan farm --help.")
    jobs = [path for path in inputs if path.suffix.lower() == JOB_SUFFIX]
    if jobs:
        _check_alone(arguments, inputs)
        return list(read_job(jobs[0]))
    if arguments.frames is not None and arguments.lengths is not None:
        raise OptionError("--frames and --lengths are the same.", remedy="Leave out one of them.")
    arguments.lengths = arguments.lengths or arguments.frames
    first = arguments.seed or 0
    if arguments.seeds is not None and arguments.seed is not None:
        raise OptionError("--seed and --seeds can't be given together.", remedy="Leave out one of them.")
    seeds = arguments.seeds or range(first, first + (arguments.count or 1))
    batches = [batch_of(path, arguments, seeds=seeds) for path in inputs]
    if arguments.learn_only:
        _check_only_learning(arguments)
        how = Learning(quality=arguments.learn_only, seed=arguments.seed)
        return [structs.replace(batch, learn=how, variants=()) for batch in batches]
    if arguments.learn:
        batches = [structs.replace(batch, learn=Learning(quality=arguments.learn)) for batch in batches]
    return batches


def _check_alone(arguments: argparse.Namespace, inputs: Sequence[Path]) -> None:
    """A job file says everything itself."""
    if len(inputs) > 1:
        raise OptionError("A job file is given with others.", remedy="Give it alone.")
    given = _given(arguments, (*OF_VARIANTS, "seed", "range", "rate", "learn", "learn_only"))
    if given:
        raise OptionError(f"--{given} is given with a job file.", remedy="Say it in the job file.")


def _check_only_learning(arguments: argparse.Namespace) -> None:
    """No variants are made, so nothing can be said of them."""
    if given := _given(arguments, OF_VARIANTS):
        raise OptionError(
            f"--{given} is given with --learn-only.", remedy="Leave it out, or give --learn to make variants, too."
        )


def _given(arguments: argparse.Namespace, names: Sequence[str]) -> str | None:
    """The first of these options that was given."""
    return next((name.replace("_", "-") for name in names if getattr(arguments, name) not in (None, False)), None)


def _made(arguments: argparse.Namespace, batches: Sequence[Batch], context: Context) -> int:
    """Do the job, with progress; how many videos were made."""
    try:
        from ...export import farm
    except ImportError as error:
        if (error.name or "").split(".")[0] not in ("distributed", "dask"):
            raise
        raise OptionError("dtsgan farm needs Dask.", remedy='Install it: pip install "dtsgan[farm]".') from error
    from ...export.variants import Finished, Told

    stop, report = context.stop.is_set, context.report
    tls = farm.Tls(ca=arguments.tls_ca, cert=arguments.tls_cert, key=arguments.tls_key)

    def cluster() -> AbstractContextManager[Client]:
        if arguments.scheduler is None:
            return farm.local_cluster(arguments.local or WORKERS)
        return farm.connected(arguments.scheduler, tls)

    def work(client: Client) -> Iterator[farm.Event]:
        if warning := farm.open_to_all(client):
            yield Told(text=warning)
        if client.dashboard_link:
            report.say("dashboard", f"To watch the cluster: {client.dashboard_link}", link=client.dashboard_link)
        if farm.wait_for_workers(
            client, most_s=arguments.wait, stop=stop, told=lambda text: report.say("waiting", text)
        ):
            yield from farm.farm(client, batches, arguments.output, stop=stop)

    made, told = 0, set[str]()
    for event in farm.steadily(cluster, work, stop=stop):
        match event:
            case Told(text=text):
                if text not in told:  # several workers say the same
                    told.add(text)
                    report.say("notice", text)
            case Finished(variant=variant, missing=missing):
                made += 1
                text = f"{made} of {missing + made - event.made}: {variant.name}"
                report.say("made", text, name=variant.name, made=made, missing=missing + made - event.made)
            case farm.Learned(name=name, model=model):
                report.say("learned", f"Learned {name}: {model.name}", model=model)
            case farm.Progressed(done=done, left_s=left):
                machines = [asdict(machine) for machine in event.machines]
                facts = {"made": made, "learning": event.learning, "frames": event.frames, "of": event.of}
                report.progress(event.text, done=done, left_s=left, **facts, machines=machines)
    return made
