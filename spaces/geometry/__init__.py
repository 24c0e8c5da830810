"""Outlines of rooms: size, soundness, overlap, adjacency. Nothing here knows a row."""
