"""Floor 4: what lies in a data directory, by task and language, with every malformed line."""
