"""The baselines, one a file, each exporting ``predict`` and the KINDS of task it serves."""
