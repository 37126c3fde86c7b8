"""Floor 6: submissions to XTREME and XTREME-R in the official layout: written from a study, validated, and scored."""
