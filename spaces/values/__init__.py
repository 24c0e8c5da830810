"""Plain values: days, numbers, levels, names, text. No query; nothing here knows a model."""
