"""Quizzes: questions on disk, drawn for one learner, marked, proven, and written for other systems."""
