"""A real server on the demo province, and a real browser that reports what goes wrong on a page."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from tests.databases import code, kept
from tests.e2e.addresses import examples
from tests.e2e.browser import executable

expect.set_options(timeout=15_000)  # other work on the machine is no fault of a page
ROOT = Path(__file__).resolve().parents[2]
PASSWORD_LINE = "password"
# Violations of the CSP reach the console as errors; this makes each one carry its directive.
WATCH = (
    "document.addEventListener('securitypolicyviolation', "
    "e => console.error('CSP ' + e.violatedDirective + ' ' + e.blockedURI))"
)


@pytest.fixture(scope="session", autouse=True)
def loop_beside_django():
    """Playwright keeps a loop in this thread to the end of the process, and tests of the database may come later."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    args = [*quiet, "--disable-component-update", "--disable-sync"]
    return browser_type_launch_args | {"executable_path": executable(), "args": args}


@pytest.fixture(scope="session")
def base_url():
    """Pages are visited by their whole address. The plugin's own fixture is a method, which pytest 9.2 warns of."""
    return


def demo_settings(folder):
    env = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}}
    return env | {"DEBUG": "1", "SQLITE_FILE": str(folder / "demo.sqlite3"), "MEDIA_ROOT": str(folder / "media")}


def build_demo(folder):
    folder.mkdir()
    run = [sys.executable, "manage.py", "demo", "--prepare"]
    done = subprocess.run(run, cwd=ROOT, env=demo_settings(folder), check=True, capture_output=True, text=True)  # noqa: S603
    (folder / "told").write_text(done.stdout)


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The demo province in a database of its own: (environment, what the command printed).

    It is built once for this code and day, and copied.
    """
    folder = tmp_path_factory.mktemp("demo") / "province"
    with kept("demo", f"{code()}-{timezone.localdate()}", build_demo) as built:
        shutil.copytree(built, folder)
    return demo_settings(folder), (folder / "told").read_text()


@pytest.fixture(scope="session")
def values(demo):
    """What the walks fill into addresses. Asked for once: an invitation goes out, and an address gets two a day."""
    env, _result = demo
    return examples(env)


@pytest.fixture(scope="session")
def server(demo):
    """The address of the product as `make demo` serves it."""
    env, _result = demo
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    run = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "config.wsgi:application"]
    with subprocess.Popen(run, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:  # noqa: S603
        address = f"http://127.0.0.1:{port}"
        _wait_for(address)
        yield address
        process.terminate()


def _wait_for(address):
    for _attempt in range(100):
        try:
            with urllib.request.urlopen(f"{address}/help/", timeout=2):  # noqa: S310 our own server
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"No answer from {address}")


@pytest.fixture(scope="session")
def password(demo):
    """The one password that the demo printed."""
    _env, result = demo
    (line,) = [line for line in result.splitlines() if PASSWORD_LINE in line.casefold()]
    return line.split(":", 1)[1].strip()


@pytest.fixture
def visit(new_context, server):
    """visit(path, language=..., width=...) -> a page that has loaded; its `faults` collects errors of the console.

    Its `open(path)` goes on to another page, in the same browser window.
    """

    def start(path, *, language="zh-hans", width=1280, **options):
        context = new_context(viewport={"width": width, "height": 844}, **options)
        context.add_cookies([{"name": "django_language", "value": language, "url": server}])
        page = context.new_page()
        page.faults = []
        page.on("console", lambda message: page.faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.add_init_script(WATCH)

        def go(path):
            page.answer = page.goto(server + path)

        page.open = go
        go(path)
        return page

    return start


@pytest.fixture(scope="session")
def sessions():
    """{name: (the address on which it landed, the cookie of its session)} of those who have logged in before."""
    return {}


@pytest.fixture
def log_in(visit, password, server, sessions):
    """log_in(name, ...) -> the page on which name@demo.test lands.

    The form is filled by the first one of a name, and where a `fresh` session is wanted.
    """

    def start(name, *, fresh=False, **options):
        if name in sessions and not fresh:
            landing, cookie = sessions[name]
            page = visit(landing, storage_state={"cookies": [cookie], "origins": []}, **options)
            if page.url == server + landing:
                return page
        page = visit("/accounts/login/", **options)
        page.locator("input[name=login]").fill(f"{name}@demo.test")
        page.locator("input[name=password]").fill(password)
        page.locator("main form button.btn-primary").click()
        expect(page.locator("main h1")).not_to_have_text(re.compile("^(登录|Log in)$"))
        (cookie,) = [each for each in page.context.cookies() if each["name"] == settings.SESSION_COOKIE_NAME]
        sessions[name] = page.url.removeprefix(server), cookie
        return page

    return start
