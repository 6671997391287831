"""The author's proof that a course holds: what its files must be, and what grading them must show."""
