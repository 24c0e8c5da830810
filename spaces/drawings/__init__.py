"""DXF drawings: read in a process of their own (reader, opening), understood as rooms, set beside the register."""
