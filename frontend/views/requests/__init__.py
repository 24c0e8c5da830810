"""Space requests: form, queue, review, matching units, offers."""
