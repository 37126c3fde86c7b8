"""Model families, one a file, each exporting FAMILY."""
