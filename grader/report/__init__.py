"""Reports: pure functions of `grader.result.Report`, one format per module. Runs in: the command line.

Nothing is imported here, so that a command pays only for the format that it writes.
"""
