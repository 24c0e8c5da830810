"""What django-allauth asks of a site: adapters, sign-up form, second factor."""
