"""The browser and system that a User-Agent names. Its own text is never shown: a stranger may have written it."""

from django.utils.translation import gettext as _

# The first name found counts: Edge also names Chrome, and Chrome also names Safari.
BROWSERS = (
    ("MicroMessenger", "WeChat"), ("DingTalk", "DingTalk"), ("QQBrowser", "QQ Browser"), ("Edg", "Edge"),
    ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def named(user_agent):
    """“Chrome · Windows”; "not known" where neither is recognised."""
    found = [next((name for word, name in words if word in user_agent), "") for words in (BROWSERS, SYSTEMS)]
    return " · ".join(filter(None, found)) or _("not known")
