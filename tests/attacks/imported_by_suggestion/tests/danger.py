open("pwned", "w")
