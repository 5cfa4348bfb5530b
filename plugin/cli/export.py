"""``dtsgan export``: the generators of a texture model as ONNX graphs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ...engine.files import check_target, replacing
from ...ui import words
from .learn import make_folder

if TYPE_CHECKING:
    import argparse

    from .context import Context

HELP = "keep a texture model's generators in it as ONNX graphs, or write them as files"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", type=Path, metavar="MODEL", help="a texture model; the graphs are added to it")
    parser.add_argument("-o", "--output", type=Path, metavar="DIR", help="write scale-1.onnx and so on there, too")
    parser.add_argument("--overwrite", action="store_true", help="replace .onnx files that exist")


def run(arguments: argparse.Namespace, context: Context) -> int:
    from ...engine.model import graph_name, load_model, save_model
    from ...export.graphs import with_graphs

    model = load_model(arguments.model)
    files: list[Path] = []
    if arguments.output is not None:
        make_folder(arguments.output)
        files = [arguments.output / f"scale-{index + 1}.onnx" for index in range(len(model.sizes_hw))]
        for file in files:
            check_target(file, overwrite=arguments.overwrite)
    model = with_graphs(model)
    assert model.graphs is not None
    save_model(model, arguments.model, overwrite=True)
    for index, file in enumerate(files):
        with replacing(file) as temporary:
            temporary.write_bytes(model.arrays[graph_name(index)].tobytes())
    apart = max(model.graphs.largest_differences)
    graphs = words.plural(len(model.sizes_hw), "graph")
    text = f"{arguments.model} holds {graphs} of ONNX operator set {model.graphs.opset}; held against PyTorch, the "
    text += f"largest difference is {apart:.1e} of a colour range of 2."
    facts = {"model": arguments.model, "opset": model.graphs.opset, "files": files}
    facts["largest_differences"] = model.graphs.largest_differences
    context.report.finish("\n".join([text, *(f"  {file}" for file in files)]), facts)
    return 0
