"""Files from outside are decoded in a process of their own: clean environment, limits of memory and time."""
