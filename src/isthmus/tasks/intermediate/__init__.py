"""Tasks whose training sets serve as intermediate stages, one declarative file each, exporting TASK."""
