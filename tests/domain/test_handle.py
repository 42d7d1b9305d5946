"""Links to people's pages as one pastes them (L-25)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.domain.identity import handle
from crm_tui.domain.identity.handle import Handle


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("https://t.me/Olga_Kim", "messenger", "t.me/Olga_Kim"),
        ("t.me/@Olga_Kim?start=1", "messenger", "t.me/Olga_Kim"),
        ("http://www.telegram.me/s/Olga_Kim/", "messenger", "t.me/Olga_Kim"),
        ("t.me/Olga_Kim/215", "messenger", "t.me/Olga_Kim"),
        ("tg://resolve?domain=Olga_Kim", "messenger", "t.me/Olga_Kim"),
        ("Telegram: @Olga_Kim", "messenger", "t.me/Olga_Kim"),
        ("https://www.instagram.com/olga.kim/?hl=ru&utm_source=qr", "web", "instagram.com/olga.kim"),
        ("ig:@olga.kim", "web", "instagram.com/olga.kim"),
        ("https://kz.linkedin.com/in/olga-kim-1b2?trk=x", "web", "linkedin.com/in/olga-kim-1b2"),
        ("linkedin:olga-kim", "web", "linkedin.com/in/olga-kim"),
        ("linkedin.com/in/%D0%BE%D0%BB%D1%8C%D0%B3%D0%B0/details", "web", "linkedin.com/in/ольга"),
        ("linkedin.com/company/pumps", "web", "linkedin.com/company/pumps"),
        ("https://m.facebook.com/olga.kim", "web", "facebook.com/olga.kim"),
        ("https://vk.ru/id12345", "web", "vk.com/id12345"),
        ("twitter.com/olga", "web", "x.com/olga"),
        ("https://wa.me/77015551234?text=hi", "phone", "+77015551234"),
        ("https://api.whatsapp.com/send?phone=77015551234&text=x", "phone", "+77015551234"),
        ("whatsapp://send?phone=77015551234", "phone", "+77015551234"),
        ("whatsapp:+7 701 555 12 34", "phone", "+77015551234"),
    ],
)
def test_l_25_a_link_to_a_person_is_a_handle(text: str, kind: str, value: str) -> None:
    found = handle.of(text)
    assert found is not None
    assert (found.kind, found.value) == (kind, value)
    if kind != "phone":
        assert handle.of(value) == found


@pytest.mark.parametrize(
    "text",
    [
        "", "Olga", "@olga", "https://example.org/t.me/olga", "https://t.me", "t.me/joinchat/AAAA", "t.me/+AbCdEf12",
        "t.me/c/1234/5", "instagram.com/p/Cxyz", "instagram.com/reel/Cxyz/", "linkedin.com/feed", "linkedin.com/in/",
        "facebook.com/profile.php?id=1", "https://evil.example@t.me/olga", "http://t.me:8080/olga", "http://[t.me/olga",
        "https://t.me.evil.example/olga", "wa.me/message/ABC", "x.com/intent/post?text=x", "mailto:a@b.example",
        "olga@t.me", "https://t.me/ol", "vk.com/wall-1_2",
    ],
)  # fmt: skip
def test_l_25_what_names_nobody_is_no_handle(text: str) -> None:
    assert handle.of(text) is None


begun = st.builds(
    "{}{}".format, st.sampled_from(("t.me/", "https://wa.me/", "tg:", "linkedin.com/in/")), st.text()
)


@given(st.text(max_size=60) | begun)
def test_l_25_any_text_is_a_handle_or_none_and_a_handle_is_its_own(text: str) -> None:
    found = handle.of(text)
    if found is not None and found.kind != "phone":
        assert handle.of(found.value) == Handle(found.kind, found.value)
