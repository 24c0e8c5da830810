"""Charts, stacking plans, floor plans and timelines as numbers, HTML and SVG; colours and icons. No query."""
