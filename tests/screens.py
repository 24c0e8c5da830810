"""`make screens`: a picture of every page, by role, width and language, with an index to look at; faults are printed.

    python -m tests.screens [--only REGEX] [--roles manager,company] [--languages en]

The demo province is made in a scratch folder; the pictures are in var/screens/, index.html opens from there.
"""

import argparse
import html
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager

from playwright.sync_api import sync_playwright

from tests.e2e import geometry
from tests.e2e.addresses import PAGES, ROLES, ROOT, examples, filled, slug
from tests.e2e.browser import executable

FOLDER = ROOT / "var/screens"
LANGUAGES = ("zh-hans", "en")
PASSWORD = "incubate and hatch"
FORBIDDEN = 403
TRIES = 150


@contextmanager
def demo():
    """(environment, address) of the demo province, made and served in a scratch folder."""
    with tempfile.TemporaryDirectory(prefix="screens-") as folder, socket.socket() as free:
        env = {
            name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
        }
        env |= {"DEBUG": "1", "SQLITE_FILE": f"{folder}/demo.sqlite3", "MEDIA_ROOT": f"{folder}/media"}
        run = [sys.executable, "manage.py", "demo", "--prepare"]
        subprocess.run(run, cwd=ROOT, env=env, check=True, capture_output=True)  # noqa: S603
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        run = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "config.wsgi:application"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with subprocess.Popen(run, cwd=ROOT, env=env, **quiet) as server:  # noqa: S603
            try:
                yield env, answering(f"http://127.0.0.1:{port}")
            finally:
                server.terminate()


def answering(address):
    for _attempt in range(TRIES):
        try:
            with urllib.request.urlopen(f"{address}/help/", timeout=2):  # noqa: S310 our own server
                return address
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"No answer from {address}")


def log_in(page, address, role):
    if role == "visitor":
        return
    page.goto(f"{address}/accounts/login/")
    page.locator("input[name=login]").fill(f"{role}@demo.test")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def draw_charts(page):
    """A chart is drawn when it is seen first, and a picture of a whole page scrolls nowhere."""
    for box in page.locator("[data-chart]").all():
        box.scroll_into_view_if_needed()
        box.locator("canvas").first.wait_for()
    page.evaluate("window.scrollTo({top: 0, behavior: 'instant'})")


def draw(page, stem):
    """[(view, picture, faults)] of a loaded page."""
    drawn = []
    for view in geometry.VIEWS:
        geometry.show(page, view)
        picture = f"{stem}.{view.name}.jpg"
        page.screenshot(path=FOLDER / picture, full_page=True, type="jpeg", quality=55)
        drawn.append((view.name, picture, geometry.faults(page, view)))
    geometry.show(page, geometry.DESK)
    return drawn


def walk(context, address, values, role, language, only):
    """Rows of the index. A page that refuses a role is drawn once, with the errors."""
    page = context.new_page()
    log_in(page, address, role)
    for name, paths in PAGES.items():
        for path in paths:
            if only and not re.search(only, path):
                continue
            answer = page.goto(address + filled(path, values))
            kept = answer.url == address + filled(path, values)
            if name and (answer.status >= FORBIDDEN or not kept):
                continue
            draw_charts(page)
            for view, picture, faults in draw(page, f"{slug(path)}.{role}.{language}"):
                yield {
                    "page": path,
                    "role": role,
                    "language": language,
                    "view": view,
                    "file": picture,
                    "faults": faults,
                }


def index(rows):
    """One page that works from file://: pictures by page, with choices of role, language and width."""
    template = (ROOT / "tests/screens.html").read_text()
    (FOLDER / "index.html").write_text(
        template.replace("ROWS", html.escape(json.dumps(rows, ensure_ascii=False), quote=False))
    )


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", help="a regular expression for the addresses")
    parser.add_argument("--roles", default=",".join(ROLES))
    parser.add_argument("--languages", default=",".join(LANGUAGES))
    return parser.parse_args()


def main():
    asked = arguments()
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    began, rows = time.monotonic(), []
    with demo() as (env, address), sync_playwright() as playwright:
        values = examples(env)
        chromium = playwright.chromium.launch(executable_path=executable(), args=["--no-sandbox", "--disable-gpu"])
        for language in asked.languages.split(","):
            for role in asked.roles.split(","):
                context = chromium.new_context(viewport={"width": 1280, "height": 800})
                context.add_cookies([{"name": "django_language", "value": language, "url": address}])
                for row in walk(context, address, values, role, language, asked.only):
                    rows.append(row)
                    for fault in row["faults"]:
                        print(f"{row['page']} {role} {language} {row['view']}: {fault}", flush=True)  # noqa: T201
                context.close()
                index(rows)
    faulty = sum(bool(row["faults"]) for row in rows)
    print(f"{len(rows)} pictures in {time.monotonic() - began:.0f} s, {faulty} with faults: {FOLDER / 'index.html'}")  # noqa: T201
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main())
