"""Prints as JSON how the overview looks in an old browser.

python -m tests.e2e.old_browser BROWSER ADDRESS FOLDER, where FOLDER takes its profile
"""

import json
import sys

from playwright.sync_api import sync_playwright

ARGS = ["--no-sandbox", "--disable-gpu", "--single-process", "--no-zygote", "--disable-background-networking"]
LOOKS = """() => {
  const look = (selector, property) => getComputedStyle(document.querySelector(selector))[property];
  return {
    button: look('main .btn, header .btn, header button', 'borderTopStyle'),
    card: look('.card', 'backgroundColor'),
    border: look('.card', 'borderTopWidth'),
    vacant: look('.s-vacant', 'backgroundColor'),
    text: document.querySelector('#report').innerText,
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    chart: document.querySelectorAll('[data-chart] canvas').length,
  };
}"""

# The chart is drawn when it is seen first. Playwright's own way of scrolling and waiting needs a newer browser.
DRAWN = """() => new Promise((drawn) => {
  const box = document.querySelector('[data-chart]');
  new MutationObserver(() => box.querySelector('canvas') && drawn()).observe(box, {childList: true, subtree: true});
  box.scrollIntoView();
})"""


def looked_at(browser, address, folder):
    faults = []
    with sync_playwright() as playwright:
        started = playwright.chromium.launch_persistent_context(
            folder, executable_path=browser, args=ARGS, viewport={"width": 1280, "height": 900}
        )
        page = started.new_page()
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(address)
        page.evaluate(DRAWN)
        seen = page.evaluate(LOOKS)
        started.close()
    return seen | {"faults": faults}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(looked_at(*sys.argv[1:])))
