"""One thin file a kind of step, each exporting run(context)."""
