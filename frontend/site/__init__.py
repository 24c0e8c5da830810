"""What every page shares: middleware, frame, htmx, errors, limits, links, formatting."""
