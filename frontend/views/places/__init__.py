"""Overview, ecosystems, parks and buildings: their pages and the forms that change them."""
