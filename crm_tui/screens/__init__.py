"""The screens: a person's keys. One .py and one .tcss a screen; no rule, no SQL."""
