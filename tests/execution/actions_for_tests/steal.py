"""Lose the step's own lease, as if another process had taken it over."""

from actions_for_tests.journal import note


def run(context):
    note(context)
    (context.output / "value.txt").write_text("of no worth")
    (context.work.parents[2] / "leases" / context.step.id).unlink()
