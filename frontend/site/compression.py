"""Compressed responses: pages, JSON, CSV and pictures in SVG, a quarter or less of their size."""

from django.middleware.gzip import GZipMiddleware

TEXTS = ("text/", "application/json", "application/problem+json", "application/vnd.oai.openapi", "image/svg+xml")
# Pages that show a secret of the account: who sees lengths and adds text to a page could guess it (BREACH).
# Tokens of forms are masked anew in each response, and Django adds up to 100 random bytes to every other one.
SECRET_PAGES = {
    "lease-feed",
    "mfa_activate_totp",
    "mfa_generate_recovery_codes",
    "mfa_view_recovery_codes",
    "member-join",
    "account-welcome",
    "account_reset_password_from_key",
}


class CompressionMiddleware(GZipMiddleware):
    """gzip for texts, but not for pages with secrets or parts of files.

    An ETag stays as it was: clients of the API send it back in If-Match, where a weak one never matches
    (RFC 9110, 13.1.1).
    """

    def process_response(self, request, response):
        name = getattr(request.resolver_match, "url_name", None)
        kind = response.get("Content-Type", "")
        if not kind.startswith(TEXTS) or "Content-Range" in response or name in SECRET_PAGES:
            return response
        tag = response.get("ETag")
        response = super().process_response(request, response)
        if tag:
            response["ETag"] = tag
        return response
