"""`python -m grader.cli` is `grade`, where its folder is not on the PATH. Runs in: command line."""

from grader.cli import main

main()
