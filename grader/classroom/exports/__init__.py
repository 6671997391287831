"""A class's marks as files for other systems: pure functions of a ClassBook. Runs in: the command line.

One module per family of formats; `registry` names them all. Nothing is imported here.
"""
