"""Hostile submissions, and what grades them and looks for what they did."""
