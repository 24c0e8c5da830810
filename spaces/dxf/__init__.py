"""DXF drawings: read in a sandboxed process (upload), understood as rooms (outlines, labels, rooms), compared with the
register (comparison) and placed on a plan (alignment)."""
