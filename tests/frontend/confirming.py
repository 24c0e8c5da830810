"""Acts that move reported figures: the page that asks, and the answer that confirms them."""


def asked(response):
    """The moved figures that a page asks about, as it shows them; None where it asks nothing."""
    form = response.context and response.context.get("form")
    return getattr(form, "restated", None)


def figures(response):
    """The moved figures themselves."""
    restated = asked(response)
    return [row.figure for row in (*restated.largest, *restated.others)]


def confirm(client, response, data, **reason):
    """Send the form of a page that asks once more, as its button does."""
    return client.post(response.request["PATH_INFO"], data | {"confirmed": asked(response).digest} | reason)
