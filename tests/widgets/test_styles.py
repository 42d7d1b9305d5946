"""Styles are parsed once for a theme, and anew for another."""

from crm_tui.widgets.styles import Styles


def test_what_is_parsed_stays_until_the_theme_changes() -> None:
    styles = Styles({"ink": "red"})
    styles.add_source("Label { color: $ink; }", read_from=("here", ""))
    first = styles.rules
    styles.set_variables({"ink": "red"})
    styles.reparse()
    assert [id(rule) for rule in styles.rules] == [id(rule) for rule in first]
    styles.add_source("Static { color: $ink; }", read_from=("there", ""))
    assert all("#FF0000" in rule.css for rule in styles.rules)
    styles.set_variables({"ink": "blue"})
    styles.reparse()
    assert all("#0000FF" in rule.css for rule in styles.rules)
    assert len(styles.rules) == 2
