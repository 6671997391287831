"""Web pages of a class: one for each student, and one for the teacher. Runs in: the command line.

Pure functions of a gradebook: `student_page.student_page` and `class_page.class_page`. Nothing is imported here.
"""
