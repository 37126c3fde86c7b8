"""Floor 2: artifacts on disk, complete or absent, shared safely by many processes."""
