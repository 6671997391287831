"""Whoever can tell right from wrong has understood: a learner's checks against an exercise's known-wrong solutions."""
