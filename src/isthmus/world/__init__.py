"""Floor 3: the embedded world, artificial languages rendered from one set of meanings, laid out as official files."""
