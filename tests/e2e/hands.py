"""Hands that work a page: a mouse, or the keyboard alone."""

from playwright.sync_api import expect


class Hands:
    """Fills and presses: with the mouse, or with Tab, arrows, space and Enter alone."""

    def __init__(self, page, *, keyboard):
        self.page, self.keyboard = page, keyboard

    def reach(self, thing):
        """Tab on until the thing has the focus."""
        expect(thing).to_be_visible()
        for _step in range(250):
            if thing.evaluate("each => each === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {thing}")

    def press(self, thing, key="Enter"):
        if self.keyboard:
            self.reach(thing)
            self.page.keyboard.press(key)
        else:
            thing.click()

    def fill(self, thing, text):
        if self.keyboard:
            self.reach(thing)
            self.page.keyboard.press("Control+a")
            self.page.keyboard.insert_text(text)
        else:
            thing.fill(text)

    def set_day(self, thing, text):
        """A native day field takes no pasted text; its parts are typed in the order of the browser's language."""
        if self.keyboard:
            self.reach(thing)
            year, month, day = text.split("-")
            self.page.keyboard.type(f"{month}{day}{year}")
        else:
            thing.fill(text)

    def choose(self, box, label):
        if not self.keyboard:
            box.select_option(label=label)
            return
        self.reach(box)
        away = box.evaluate(
            "(each, label) => [...each.options].findIndex(one => one.label === label) - each.selectedIndex", label
        )
        for _step in range(abs(away)):
            self.page.keyboard.press("ArrowDown" if away > 0 else "ArrowUp")

    def pick(self, radio):
        """One of several: Tab leads to the group, the arrows to each of it."""
        if not self.keyboard:
            radio.check()
            return
        group = radio.evaluate("each => [...document.getElementsByName(each.name)].findIndex(one => one === each)")
        self.reach(self.page.locator(f"[name={radio.get_attribute('name')}]").first)
        for _step in range(group):
            self.page.keyboard.press("ArrowDown")
        if group == 0:
            self.page.keyboard.press("Space")
        expect(radio).to_be_checked()

    def tick(self, box):
        if self.keyboard:
            self.reach(box)
            self.page.keyboard.press("Space")
        else:
            box.check()
