"""Blender's video sequencer. ``addon`` runs inside Blender, with nothing but its Python's standard library; the rest
builds that into an extension and puts it there."""
