"""The designs that come with the package, one a file, each exporting DESIGN."""
