"""Heads, one file a kind of task, each exporting HEAD."""
