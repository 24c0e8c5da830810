"""Places, units and when they are taken. Nothing here knows a company."""
