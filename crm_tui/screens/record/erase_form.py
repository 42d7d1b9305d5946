"""The form that is asked before a person is erased."""

from crm_tui.commands.command import Command
from crm_tui.i18n import _
from crm_tui.screens.forms.form import FormDialog


class EraseForm(FormDialog):
    """Its key says what it does: nothing is saved."""

    def title_of(self, command: Command) -> str:
        """Erase, not save."""
        return _("Erase") if command.id == "form.save" else super().title_of(command)
