"""A class made by hand, and what its pages looked like when somebody last looked at them and liked them."""
