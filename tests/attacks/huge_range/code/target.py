def numbers():
    return range(30_000_000)
