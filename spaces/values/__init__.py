"""Plain values: days, numbers, levels, names, text. No queries, no import of models."""
