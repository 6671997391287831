"""Attacks are handed in, never imported."""

collect_ignore = ["attacks"]
