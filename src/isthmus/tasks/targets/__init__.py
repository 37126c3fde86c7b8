"""Target tasks, one declarative file each, exporting TASK."""
