"""The styles of all screens, each file and widget of them parsed once for a theme."""

from textual.css.stylesheet import Stylesheet


class Styles(Stylesheet):
    """Textual's own parses everything anew whenever a screen may have been styled for another theme: twice at each
    start, and styles are a tenth of it."""

    def __init__(self, variables: dict[str, str]) -> None:
        super().__init__(variables=variables)
        self._parsed_with = variables

    def set_variables(self, variables: dict[str, str]) -> None:
        """Those of a theme; what was parsed with the same ones stays."""
        if variables != self._parsed_with:
            self._parsed_with = variables
            super().set_variables(variables)

    def reparse(self) -> None:
        """Parse what is not parsed with these variables."""
        self.parse()
