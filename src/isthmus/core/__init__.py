"""Floor 1: errors, canonical hashing, files, name lookup and random streams; knows nothing of tasks or models."""
