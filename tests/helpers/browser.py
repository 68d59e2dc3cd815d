"""Chromium, opened on files of the disk without a network."""

import json
import shutil
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.common.by import By

PROGRAM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
#: Why no browser can be opened; nothing if one can.
WHY_NOT = "" if PROGRAM and DRIVER else "not installed: apt-get install chromium chromium-driver"


class Browser:
    """A reader's browser; every address on the network fails.

    Parameters
    ----------
    driver : webdriver.Chrome
        Selenium's browser, without a window on the screen.
    screenshots : Path
        Folder of its screenshots.
    """

    def __init__(self, driver: webdriver.Chrome, screenshots: Path):
        self.driver, self.screenshots = driver, screenshots

    def all(self, selector: str) -> list:
        """The page's elements of a CSS selector, at least one; those that come late are awaited."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def click(self, text: str) -> None:
        """Click the link with a text."""
        self.driver.find_element(By.LINK_TEXT, text).click()

    def screenshot(self, name: str) -> Path:
        """Save what is seen as a PNG file."""
        path = self.screenshots / f"{name}.png"
        self.driver.save_screenshot(str(path))
        return path

    def errors(self) -> list[str]:
        """What the console has said of errors since the last time."""
        said = self.driver.get_log("browser")
        return [one["message"] for one in said if one["level"] == "SEVERE"]

    def addresses(self) -> set[str]:
        """What was asked for since the last time, without pages' own data."""
        events = (
            json.loads(one["message"])["message"] for one in self.driver.get_log("performance")
        )
        asked = {
            event["params"]["request"]["url"]
            for event in events
            if event["method"] == "Network.requestWillBeSent"
        }
        return {url for url in asked if not url.startswith(("data:", "blob:"))}


@contextmanager
def opened(path: Path, screenshots: Path):
    """A browser in which a file is open, until the block ends.

    Yields
    ------
    Browser
        The browser.
    """
    options = webdriver.ChromeOptions()
    options.binary_location = PROGRAM
    for option in ("headless", "no-sandbox", "disable-gpu", "window-size=1400,1000"):
        options.add_argument(f"--{option}")
    options.add_argument("--host-resolver-rules=MAP * ~NOTFOUND")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    try:
        driver.implicitly_wait(30)
        driver.get(path.as_uri())
        yield Browser(driver, screenshots)
    finally:
        driver.quit()
