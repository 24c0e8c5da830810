"""The worker: the queue, mail that is due, and cleaning up."""
