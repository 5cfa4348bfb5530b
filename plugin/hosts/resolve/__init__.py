"""DaVinci Resolve, by the documented calls of its scripting API. Untested on the real application until someone has:
please say how it goes."""
