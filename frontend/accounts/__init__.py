"""The site's side of django-allauth: adapters, sign-up form, second factor."""
