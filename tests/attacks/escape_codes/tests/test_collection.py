import target

target.error()
