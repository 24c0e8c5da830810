"""The views, a package for each noun, with the helpers of its pages. No package imports another."""
