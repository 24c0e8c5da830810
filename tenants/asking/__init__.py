"""Reads about requests: form steps, reviews, worklists, fairness, search for connected blocks."""
