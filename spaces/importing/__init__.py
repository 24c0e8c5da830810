"""A list of rooms in a file becomes checked rows: sheets, columns, cells, rows, totals."""
