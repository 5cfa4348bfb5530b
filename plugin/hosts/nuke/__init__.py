"""Nuke and Hiero, which dock the panel. Untested on the real applications until someone has: please say how it goes."""
