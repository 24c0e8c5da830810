"""What is asked of every page: silent console, axe, no sideways scroll, every word in the page's language."""

import re
from functools import cache
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
AXE = Axe()
# What is right is not told: to name and send each element that passed takes axe longer than to look for faults.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
# Two words in Latin letters, the second in small ones: a sentence that nobody translated. Names are written otherwise.
SENTENCE = re.compile(r"\b[A-Za-z][a-z']+[ ,]+[a-z]{2,}\b")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Every text and every label on the page, but for what is said to be in another language.
TEXTS = """() => {
  const here = document.documentElement.lang, texts = [];
  const other = (element) => { const said = element.closest('[lang]'); return said && said.lang !== here; };
  const walker = document.createTreeWalker(document, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!parent.closest('script, style, code, pre, textarea') && !other(parent)) texts.push(walker.currentNode.data);
  }
  for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'data-label'])
    for (const element of document.querySelectorAll(`[${name}]`))
      if (!other(element)) texts.push(element.getAttribute(name));
  return texts.map((text) => text.replace(/\\s+/g, ' ').trim()).filter(Boolean);
}"""
REFUSED = 400
# A link that the header covers by half would count as too small; and pages scroll smoothly unless told not to.
TO_TOP = "window.scrollTo({top: 0, behavior: 'instant'})"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@cache
def catalogue():
    """{msgid: msgstr} of the three apps."""
    words = {}
    for path in sorted(ROOT.glob("*/locale/zh_Hans/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            messages = read_po(file)
        for message in messages:
            if isinstance(message.id, str) and message.id and message.string != message.id:
                words[message.id] = message.string
    return words


def untranslated(page, language):
    """The texts of a page that are in the other language; names are Chinese on English pages too."""
    texts = page.evaluate(TEXTS)
    if language == "en":
        chinese = {text for text in catalogue().values() if CHINESE.search(text)}
        return sorted(text for text in set(texts) if text in chinese)
    english = set(catalogue())
    return sorted(text for text in set(texts) if text in english or SENTENCE.search(text))


def problems(page):
    """What axe finds, as lines."""
    found = AXE.run(page, options=RULES)
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found.response["violations"] for node in rule["nodes"]]


def wrongs(page, language):
    """Everything that is wrong with the page: lines, none for a clean one."""
    status = page.answer.status
    expected = f"the server responded with a status of {status}" if status >= REFUSED else None
    lines = [fault for fault in page.faults if expected is None or expected not in fault]
    page.faults.clear()
    page.evaluate(TO_TOP)
    lines += problems(page)
    lines += [f"not translated: {text}" for text in untranslated(page, language)]
    width = page.evaluate(SIDEWAYS)
    return [*lines, f"scrolls sideways by {width} px"] if width > 0 else lines
