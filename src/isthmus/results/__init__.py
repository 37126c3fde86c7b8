"""Floor 2: rows, averages and tables of what was measured."""
