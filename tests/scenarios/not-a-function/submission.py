sigmoid = 5
