"""Outlines of rooms: size, validity, overlap, adjacency. No database access."""
