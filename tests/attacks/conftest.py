"""The tests in here are the material of test_attacks.py, which runs them by `grade suite`."""

collect_ignore_glob = ["*"]
