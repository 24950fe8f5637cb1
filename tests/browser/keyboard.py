"""Somebody who has no mouse: goes through a page by keys alone, and must see at every stop where they are."""

from pathlib import Path

_WHERE = (Path(__file__).parent / "asked" / "where.js").read_text()


class Keyboard:
    """Of one page. Every stop must be drawn and seen; `been` lists them, for a failure to be understood."""

    def __init__(self, page):
        self.page, self.been = page, []

    def at(self, target=None, *, look=True):
        """Where the focus is; ``there`` when that is in ``target``, a locator or what it found."""
        handle = target.element_handle() if hasattr(target, "element_handle") else target
        where = self.page.evaluate(_WHERE, handle)
        if look:
            self.been.append(where["says"])
            assert where["nowhere"] or where["drawn"], f"nothing shows that the focus is at {where['says']}"
            assert where["nowhere"] or where["seen"], f"something lies over {where['says']}, which has the focus"
        return where

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def write(self, text):
        self.page.keyboard.type(text)

    def to(self, target, *, back=False, most=60):
        """Tab, or Shift+Tab, until ``target`` has the focus: a locator, or the name of a control."""
        if isinstance(target, str):
            target = self.named(target)
        wanted = target.element_handle()
        for _stop in range(most):
            if self.at(wanted)["there"]:
                return self
            self.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"not reached by keys: {target}; been at {self.been[-most:]}")

    def named(self, name):
        """The one visible link, button or fold of this name."""
        controls = self.page.locator("a, button, summary").filter(has_text=name, visible=True)
        return controls.first

    def choose(self, tile, *, most=40):
        """Into the group of the radio button of ``tile``, a locator of its label, and by arrows to it."""
        radio = tile.locator("input[type=radio]")
        group = radio.get_attribute("name")
        for _stop in range(most):
            if self.at()["group"] == group:
                break
            self.press("Tab")
        for _step in range(most):
            if self.at(radio)["there"]:
                break
            self.press("ArrowDown")
        else:
            raise AssertionError(f"no arrow leads to {tile}; been at {self.been[-most:]}")
        if not radio.is_checked():
            self.press("Space")
        assert radio.is_checked()
        return self

    def chosen(self, select, word):
        """In a list to choose from, by the first letters of what is meant."""
        self.to(select)
        self.write(word)
        return self

    def all_round(self, *, most=250):
        """Every stop of the page from its top, until the focus leaves it at the end; a trap would keep it for ever."""
        self.page.evaluate("document.activeElement?.blur(); getSelection().removeAllRanges(); scrollTo(0, 0)")
        stops = []
        for _stop in range(most):
            self.press("Tab")
            where = self.at()
            if where["nowhere"] or (stops and self.page.evaluate("document.activeElement === window.firstStop")):
                return stops
            if not stops:
                self.page.evaluate("window.firstStop = document.activeElement")
            stops.append(where["says"])
        raise AssertionError(f"no way out after {most} stops, the last of them {stops[-10:]}")
