"""``dtsgan plugin``: our part of an editor, put in and taken out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ...engine.errors import OptionError
from ...engine.files import check_target, replacing
from ..hosts.blender.package import build
from ..installing import System, installation
from ..manifest import hosts
from .arguments import add_subcommand

if TYPE_CHECKING:
    import argparse

    from ..installing import Installation
    from .context import Context

HELP = "put dtsgan's panel or menu entries into an editor, or take them out"
SUBCOMMANDS = ("install", "uninstall", "status", "archive")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(metavar="WHAT", required=True)
    names = [entry.id for entry in hosts() if entry.installer]
    texts = {
        "install": "put our part into an editor",
        "uninstall": "take it out; nothing of it stays",
        "status": "say where it is",
    }
    for name, text in texts.items():
        child = add_subcommand(commands, parser, name, text)
        listed = ", ".join(names)
        if name == "status":
            child.add_argument("host", nargs="?", choices=names, metavar="HOST", help=f"{listed}; default: all")
        else:
            child.add_argument("host", choices=names, metavar="HOST", help=listed)
            child.add_argument("--dry-run", action="store_true", help="only say what would be written or removed")
        child.add_argument("--into", type=Path, metavar="DIR", help="the editor's own folder, if it isn't found")
        child.set_defaults(do=name)
    text = "write the extension for Blender as an archive, which Blender installs from disk"
    archive = add_subcommand(commands, parser, "archive", text)
    archive.add_argument("-o", "--output", type=Path, required=True, metavar="OUT.zip", help="the archive to write")
    archive.add_argument("--overwrite", action="store_true", help="replace a file that exists")
    archive.set_defaults(do="archive")


def run(arguments: argparse.Namespace, context: Context) -> int:
    if arguments.do == "archive":
        return _archive(arguments, context)
    if arguments.into is not None and not arguments.into.is_dir():
        raise OptionError(f"There is no folder {arguments.into}.", remedy="Check the path.")
    entries = [entry for entry in hosts() if entry.installer and arguments.host in (None, entry.id)]
    found = [installation(entry, System.here(), arguments.into) for entry in entries]
    if arguments.do == "status":
        return _status(found, context)
    return _change(found[0], arguments, context)


def _archive(arguments: argparse.Namespace, context: Context) -> int:
    check_target(arguments.output, overwrite=arguments.overwrite)
    with replacing(arguments.output) as temporary:
        build(temporary)
    text = f"Wrote {arguments.output}. In Blender: Edit > Preferences > Add-ons, Install from Disk in the menu on top."
    context.report.finish(text, {"archive": arguments.output})
    return 0


def _status(found: list[Installation], context: Context) -> int:
    lines, facts = [], []
    for each in found:
        tested = ", ".join(each.entry.tested) or "untested on the real application"
        lines.append(f"{each.entry.name} ({each.entry.minimum} and newer; seen to work: {tested}): {each.state}.")
        lines += [f"  {part.told()}" for part in each.parts]
        facts.append({"host": each.entry.id, "state": each.state, "places": [str(part.path) for part in each.parts]})
    context.report.finish("\n".join(lines), {"hosts": facts})
    return 0


def _change(found: Installation, arguments: argparse.Namespace, context: Context) -> int:
    name, installing = found.entry.name, arguments.do == "install"
    if not found.parts:
        raise OptionError(
            f"{name} is not found: looked for {found.installer.LOOKED_FOR}.",
            remedy="Start it once, or say --into with its folder.",
        )
    told = [part.told() for part in found.parts]
    facts = {"host": found.entry.id, "places": [str(part.path) for part in found.parts], "dry_run": arguments.dry_run}
    if arguments.dry_run:
        verb = "written" if installing else "removed"
        context.report.finish("\n".join(f"Would be {verb}: {each}." for each in told), facts)
        return 0
    if installing:
        found.install()
        if not found.entry.tested:
            context.report.say("notice", f"This has never been run in {name} itself; please say how it goes.")
        text = "\n".join([*(f"Written: {each}." for each in told), found.installer.NEXT])
    else:
        found.uninstall()
        text = "\n".join(f"Removed: {each}." for each in told)
    context.report.finish(text, facts)
    return 0
