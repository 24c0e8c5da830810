"""Calls of the API as a machine makes them: JSON, with the version that was read."""

import json

from django.test import Client


class Caller:
    def __init__(self, user=None):
        self.client = Client(raise_request_exception=False)
        if user is not None:
            self.client.force_login(user)

    def get(self, path, **query):
        return self.client.get(f"/api/v1/{path}", query)

    def send(self, path, body=None, *, method="POST", **headers):
        return self.client.generic(
            method,
            f"/api/v1/{path}",
            body if isinstance(body, bytes) else _json(body),
            content_type="application/json",
            headers=headers,
        )

    def seen(self, path, body=None, *, of, method="POST", **headers):
        """A write to what was read at `of`, with the ETag found there."""
        tag = self.get(of)["ETag"]
        return self.send(path, body, method=method, **{"If-Match": tag} | headers)


def _json(body):
    return json.dumps({} if body is None else body).encode()
