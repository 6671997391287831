"""Grade again what a save touches: what was saved, where a learner is, the screen as text. Runs in: command line.

Nothing here writes to a terminal or reads keys; that is `grader.cli.watch`.
"""
