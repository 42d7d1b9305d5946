"""What a list tells its screen of the mouse, beside the choice of a row."""

from textual.message import Message


class SignPressed(Message, namespace="record_list"):
    """The sign ``unread`` or ``important`` of a record was pressed, or the cell where it would stand."""

    def __init__(self, row_id: int, sign: str) -> None:
        super().__init__()
        self.id = row_id
        self.sign = sign


class MenuAsked(Message, namespace="record_list"):
    """The right button asks what can be done with the record under the cursor."""
