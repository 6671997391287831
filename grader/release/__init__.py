"""Cut an assignment out of a course: what students get, and nothing hidden."""
