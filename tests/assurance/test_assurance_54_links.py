"""Row 54: where a link leads is said with its true host before anything is done; some are never followed."""

from collections.abc import Callable

import pytest

from crm_tui.app import CrmApp
from crm_tui.domain.errors import Refused
from crm_tui.parsing.letter import parse
from crm_tui.screens.letter.mail import MailScreen
from crm_tui.services.ports import Ports
from tests.screens.conftest import make_app, one_thread, ports, store  # noqa: F401
from tests.screens.keyboard import screen_text, settle
from tests.screens.mailbox import Mailbox

LEADS = {
    "https://bank.example/": "bank.example",
    "https://bank.example@evil.example/": "evil.example",
    "https://bank.example:443@evil.example:8443/x": "evil.example",
    "https://bank.example\\@evil.example/": "bank.example",
    "https://bаnk.example/": "xn--bnk-6cd.example",
    "https://пример.example/": "xn--e1afmkfd.example",
    "HTTPS://EVIL.example/": "evil.example",
    "https://evil.example%2f@bank.example/": "bank.example",
    "mailto:olga@newco.example": "newco.example",
    "https://[::1]/": "::1",
}
"""Address → the host that is really called."""
REFUSED = (
    "javascript:alert(1)", "JAVASCRIPT:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)",
    "data:text/html,<script>x</script>", "file:///etc/passwd", "FILE:/etc/passwd", "vbscript:x", "about:blank",
    "smb://host/share", "ssh://host", "//evil.example/x", "/etc/passwd", "\x1b]8;;https://x\x07", "",
)  # fmt: skip
"""Addresses that are never followed, wherever they come from."""


@pytest.mark.parametrize("url", LEADS)
def test_assurance_54_the_host_told_is_the_one_that_is_called(url: str) -> None:
    html = f'Content-Type: text/html; charset=utf-8\n\n<p><a href="{url}">https://bank.example/login</a></p>'
    (link,) = parse(html.encode()).links
    assert link.host == LEADS[url]
    assert link.host.isascii()


@pytest.mark.parametrize("url", REFUSED)
def test_assurance_54_an_address_of_another_kind_is_no_link(url: str) -> None:
    html = (
        f'Content-Type: text/html; charset=utf-8\n\n<p><a href="{url}">click here</a> <area href="{url}"></p>'
    )
    assert parse(html.encode()).links == ()


async def test_assurance_54_and_refused_should_it_come_all_the_same(
    make_app: Callable[..., CrmApp],  # noqa: F811
    ports: Ports,  # noqa: F811
    figure: Callable[[str], None],
) -> None:
    mailbox = Mailbox(ports)
    mailbox.letter(html='<p><a href="https://bаnk.example/">https://bank.example/</a></p>')
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, MailScreen)
        for url in REFUSED:
            with pytest.raises(Refused):
                await screen.follow_link(url, "")
        await pilot.press("y")
        await settle(pilot)
        await pilot.press("1")
        await settle(pilot)
        assert "It leads to xn--bnk-6cd.example" in screen_text(app)
        assert app.clipboard == ""
    figure(f"{len(LEADS)} hosts told, {len(REFUSED)} addresses refused")
