"""A request on its way: form steps, reviews, worklists, fairness, search for connected blocks."""
