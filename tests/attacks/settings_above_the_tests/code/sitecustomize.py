import sys

if "pytest" in sys.modules:
    open("pwned", "w")
