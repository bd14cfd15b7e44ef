"""Opens the pages that a folder holds in a headless Chromium, and uses them as a reader would.

Usage: browser.py FOLDER. In it: demo.html, demo.json (the same scan), later.html and later.json (a part of it later,
with waivers and the first as the baseline), large.html (10,000 findings) and hostile.html (a resource with a name that
is markup). `DBMOAT_TEST_CHROMIUM` names the browser, else
it is looked for on PATH.
"""

import faulthandler
import json
import os
import pathlib
import shutil
import sys
import time

from playwright.sync_api import sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MISSING = "no Chromium: install one, name it in DBMOAT_TEST_CHROMIUM, or set DBMOAT_TEST_SKIP_BROWSER=1 to do without these tests"


def browser():
    names = ["chromium", "chromium-browser", "google-chrome"]
    return os.environ.get("DBMOAT_TEST_CHROMIUM") or next(filter(None, map(shutil.which, names)), None) or sys.exit(MISSING)


class Page:
    """A page, and everything that went wrong in it."""

    def __init__(self, chromium, file, fragment="", **settings):
        self.page = chromium.new_page(viewport={"width": 1360, "height": 900}, **settings)
        self.wrong = []
        self.page.on("console", lambda message: self.wrong.append(message.text))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.wrong.append(f"dialog {dialog.message}"), dialog.dismiss()))
        self.page.on("request", lambda request: request.url.startswith("file:") or self.wrong.append(request.url))
        self.page.goto(file.resolve().as_uri() + fragment)

    def done(self):
        assert self.wrong == [], self.wrong
        self.page.close()

    def until(self, holds):
        """Waits. Playwright's own way would evaluate text, which the page's policy forbids."""
        end = time.monotonic() + 10
        while not self.page.evaluate(holds):
            assert time.monotonic() < end, f"never: {holds}"
            time.sleep(0.02)

    def count(self):
        return int(self.page.locator("#count").text_content().split()[0])

    def texts(self, selector):
        return self.page.locator(selector).all_text_contents()


def the_counts_are_those_of_the_json_report(chromium, folder):
    report = json.loads((folder / "demo.json").read_text())
    page = Page(chromium, folder / "demo.html")
    failures = report["summary"]["fail"]
    assert page.count() == sum(failures.values()), "failures are shown first"
    for severity, expected in failures.items():
        page.page.locator(f"button.card.{severity}").click()
        assert page.count() == expected, severity
        assert set(page.texts("tr.row .tag")) == {severity}
    page.page.locator("button.card.not-assessed").click()
    assert page.count() == report["summary"]["not_assessed"]
    # A cell of the map, and a control of a framework.
    cell = page.page.locator(".map tbody tr", has_text="rds-instance").locator("button").first
    expected = int(cell.text_content())
    cell.click()
    assert page.count() == expected
    page.page.locator("summary", has_text="By framework").click()
    page.page.locator("summary", has_text="AWS Foundational").click()
    page.page.get_by_role("button", name="RDS.2", exact=True).click()
    failing = [finding for finding in report["findings"] if finding["outcome"] == "fail"]
    assert page.count() == len([finding for finding in failing if "RDS.2" in finding["controls"].get("aws-fsbp", [])]) > 0
    page.page.locator("#reset").click()
    assert page.count() == len(report["findings"])
    page.done()


def a_keyboard_is_enough(chromium, folder):
    page = Page(chromium, folder / "demo.html")
    keyboard = page.page.keyboard
    keyboard.press("/")
    keyboard.type("legacy-crm internet")
    page.until("location.hash.includes('legacy-crm')")
    while page.page.evaluate("!document.activeElement.matches('tr.row .title')"):
        keyboard.press("Tab")
    keyboard.press("ArrowDown")
    keyboard.press("ArrowUp")
    keyboard.press("Enter")
    path = page.page.locator("svg.path").first
    assert path.get_attribute("aria-label").startswith("0.0.0.0/0 to igw-"), path.get_attribute("aria-label")
    assert path.get_attribute("aria-label").endswith(" to legacy-crm")
    assert path.bounding_box()["width"] > 600
    assert "aws rds modify-db-instance --db-instance-identifier legacy-crm" in page.page.locator("tr.detail pre").first.text_content()
    keyboard.press("Enter")
    assert page.page.locator("tr.detail").count() == 0
    keyboard.press("/")
    keyboard.press("Escape")
    assert page.page.evaluate("location.hash") == ""
    page.done()


def columns_sort_and_a_view_can_be_linked_to(chromium, folder):
    page = Page(chromium, folder / "demo.html", "#service=rds-instance&outcome=fail")
    shown = lambda: page.page.evaluate("[...document.querySelectorAll('tr.row td:nth-child(3)')].map((cell) => cell.firstChild.textContent)")
    page.page.locator("#table th button", has_text="resource").click()
    names = shown()
    page.page.locator("#table th button", has_text="resource").click()
    reverse = shown()
    assert names == sorted(names) and reverse == sorted(reverse, reverse=True) and names != reverse
    assert page.page.locator("#service").input_value() == "rds-instance"
    page.done()


def it_is_light_or_dark(chromium, folder):
    grounds = set()
    for scheme in ["light", "dark"]:
        page = Page(chromium, folder / "demo.html", color_scheme=scheme)
        ground = lambda: page.page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        before = ground()
        page.page.locator("#theme").click()
        assert ground() != before
        grounds.add(before)
        page.done()
    assert len(grounds) == 2


def paper_gets_every_row(chromium, folder):
    page = Page(chromium, folder / "demo.html")
    page.page.emulate_media(media="print")
    page.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.page.locator("tr.row").count() == page.count() > 300
    assert not page.page.locator(".filters").is_visible()
    page.done()


def what_is_waived_and_carried_over_says_so(chromium, folder):
    report = json.loads((folder / "later.json").read_text())
    page = Page(chromium, folder / "later.html")
    page.page.locator("button.card.waived").click()
    assert page.count() == report["summary"]["waived"] > 0
    assert "waived by data until 2027-03-31: may be away" in page.texts("tr.row td:nth-child(2)")[0]
    page.page.locator("tr.row .title").first.click()
    assert page.texts("tr.detail dd")[:4] == ["fail", "may be away", "data", "2027-03-31"]
    page.page.locator("button.card.carried-over").click()
    carried = [finding for finding in report["findings"] if finding["outcome"] == "carried-over"]
    assert any(finding["rule"] not in report["rules"] for finding in carried)
    assert page.count() == report["summary"]["carried_over"] == len(carried)
    assert "failed when last seen, on 2026-11-22" in page.texts("tr.row td:nth-child(2)")[0]
    page.page.locator("button.card.not-assessed").click()
    assert page.count() == report["summary"]["not_assessed"] > report["summary"]["carried_over"]
    page.page.locator("#reset").click()
    page.page.locator("#baseline").select_option("unchanged")
    assert page.count() == report["baseline"]["unchanged"] > 0
    assert f"{len(report['baseline']['not_assessed'])} no longer assessed" in page.page.locator(".verdict").text_content()
    page.done()


def ten_thousand_findings_are_quick(chromium, folder):
    page = Page(chromium, folder / "large.html")
    assert page.count() == 10_000
    assert page.page.locator("tr.row").count() == 100, "only what is in sight is drawn"
    page.page.locator("#more").scroll_into_view_if_needed()
    page.until("document.querySelectorAll('tr.row').length > 100")
    started = time.monotonic()
    page.page.locator("#q").fill("db-09999")
    page.until("document.getElementById('count').textContent.startsWith('1 of')")
    page.page.locator("#reset").click()
    page.page.locator("#table th button", has_text="resource").click()
    took = time.monotonic() - started
    assert page.texts("tr.row td:nth-child(3)")[0].startswith("db-00000")
    assert took < 5, f"filtering and sorting took {took:.1f} s"
    page.done()


def a_name_is_only_text(chromium, folder):
    page = Page(chromium, folder / "hostile.html")
    page.page.locator("#expand").click()
    assert page.page.locator("img, body script:not([id]):not(:last-of-type), a[href^='javascript']").count() == 0
    assert "<img src=x onerror=alert(1)>" in page.page.locator("tr.row td:nth-child(3)").first.text_content()
    assert "javascript:alert(1)" in page.page.locator("tr.detail").first.text_content()
    page.done()


def main(folder):
    # Evaluating in a page and closing it have no time limit of their own.
    faulthandler.dump_traceback_later(300, exit=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser(), args=ARGUMENTS)
        for test in [
            the_counts_are_those_of_the_json_report,
            a_keyboard_is_enough,
            columns_sort_and_a_view_can_be_linked_to,
            it_is_light_or_dark,
            paper_gets_every_row,
            what_is_waived_and_carried_over_says_so,
            ten_thousand_findings_are_quick,
            a_name_is_only_text,
        ]:
            test(chromium, folder)
            print(test.__name__, flush=True)
        chromium.close()


main(pathlib.Path(sys.argv[1]))
