"""One running Handrail for all stories of a test process, and where its logs are when one fails."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from tests.rigs.browser import chromium
from tests.rigs.processes import Install
from tests.rigs.stack import Stack

_STACK = pytest.StashKey[Stack]()
_LAST = 3000


@pytest.fixture(scope="session")
def hub_stack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Return a Handrail with alice (admin), bob (reviewer of finance) and carol (builder of finance)."""
    with Stack(tmp_path_factory.mktemp("stack")) as running:
        request.config.stash[_STACK] = running
        yield running
        del request.config.stash[_STACK]


@pytest.fixture(scope="session")
def stack(hub_stack: Stack) -> Stack:
    return hub_stack


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return one Chromium for all pages of a test process."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def demo(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Install]:
    """Return a running demo; its url is the portal's."""
    with Install(tmp_path_factory.mktemp("demo")) as install:
        install.up("--demo")
        yield install


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    outcome = yield
    report = outcome.get_result()
    running = item.config.stash.get(_STACK, None)
    if report.failed and running is not None and {"hub_stack", "stack"} & set(getattr(item, "fixturenames", ())):
        report.sections.append(("Handrail's logs", f"{running.log_folder}\n{running.output()[-_LAST:]}"))
