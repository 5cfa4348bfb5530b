"""Between an editor and the app: messages over a socket of this machine.

The editor's end listens (``server``), the app's ends connect (``client``), with a token that only this person can read
(``session``). Nothing but the standard library is imported here, since the editor's end runs in the editor's Python.
"""
