"""A class: what students handed in, graded in one command; its gradebook, pages and exports."""
