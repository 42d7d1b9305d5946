"""What is said to an IMAP server about its folders: which there are, and to make, rename and delete them."""

import re

from crm_tui.domain.text import clean
from crm_tui.sync.imap import tokens
from crm_tui.sync.imap.conversation import Conversation, ServerRefused
from crm_tui.sync.imap.responses import ListedFolder, Listing, Status

_STATUS_ITEMS = b"MESSAGES UIDNEXT UIDVALIDITY UNSEEN"
_PERSONAL = re.compile(rb'\* NAMESPACE \(\("((?:[^"\\]|\\.)*)"', re.IGNORECASE)


class Mailboxes(Conversation):
    """The commands about folders of a conversation that is logged in."""

    @property
    def condstore(self) -> bool:
        """Whether MODSEQ may be asked for (RFC 7162: with QRESYNC always)."""
        return self.has("CONDSTORE") or self.has("QRESYNC")

    def list_folders(self) -> list[ListedFolder]:
        """Every folder with its status: one turn with LIST-STATUS (RFC 5819), two without.

        QRESYNC is enabled in the same flight where the server names it, so this comes first after ``login``.
        """
        items = self._status_items()
        extended = self.has("LIST-STATUS") and self.has("LIST-EXTENDED")
        special = b" SPECIAL-USE" if self.has("SPECIAL-USE") else b""
        listing = Listing()
        if extended:
            lines = [b'LIST "" "*" RETURN (SUBSCRIBED%s STATUS (%s))' % (special, items)]
        else:
            lines = [b'LIST "" "*"', b'LSUB "" "*"']
        enabling = self.has("ENABLE") and self.has("QRESYNC") and not self.enabled_qresync
        if enabling:
            lines.insert(0, b"ENABLE QRESYNC")
        try:
            answers = self.pipeline(lines)
        except ServerRefused:
            if not enabling:
                raise
            self.capabilities -= {"QRESYNC"}
            return self.list_folders()
        if enabling:
            enabled = answers.pop(0)
            self.enabled_qresync = any(b"QRESYNC" in parts[0].upper() for parts in enabled)
        for answer in answers:
            listing.read(answer)
        if not extended:
            lines = [b"STATUS %s (%s)" % (tokens.quoted(raw), items) for raw in listing.selectable()]
            for tag in self._sent_ahead(lines, 50):
                try:
                    listing.read(list(self.responses(tag)))
                except ServerRefused:
                    continue  # a folder that cannot be looked into is listed without a status
        return listing.folders()

    def status(self, raw_name: bytes) -> Status | None:
        """A folder's status now; None where the server says nothing."""
        listing = Listing()
        listing.read(self.command(b"STATUS %s (%s)" % (tokens.quoted(raw_name), self._status_items())))
        return listing.statuses.get(raw_name)

    def personal_prefix(self) -> str:
        """What the names of the user's own folders begin with (NAMESPACE, RFC 2342); often nothing."""
        if self.has("NAMESPACE"):
            for parts in self.command(b"NAMESPACE"):
                if match := _PERSONAL.match(parts[0]):
                    return clean(tokens.decoded(match.group(1)))
        return ""

    def create(self, raw_name: bytes, use: bytes | None = None) -> None:
        """Make a folder; ``use`` is its SPECIAL-USE attribute, told where that can be told (RFC 6154 section 3)."""
        told = b" (USE (%s))" % use if use and self.has("CREATE-SPECIAL-USE") else b""
        self.command(b"CREATE " + tokens.quoted(raw_name) + told)

    def rename(self, raw_name: bytes, raw_new: bytes) -> None:
        """Rename a folder, and with it those within it (RFC 3501 section 6.3.5)."""
        self.command(b"RENAME %s %s" % (tokens.quoted(raw_name), tokens.quoted(raw_new)))

    def delete(self, raw_name: bytes) -> None:
        """Delete a folder and the letters in it, for good."""
        self.command(b"DELETE " + tokens.quoted(raw_name))

    def subscribe(self, raw_name: bytes) -> None:
        """Mark a folder as one that the user wants to see."""
        self.command(b"SUBSCRIBE " + tokens.quoted(raw_name))

    def unsubscribe(self, raw_name: bytes) -> None:
        """Take that mark from a folder."""
        self.command(b"UNSUBSCRIBE " + tokens.quoted(raw_name))

    def leave(self) -> None:
        """Have no folder open that is to be renamed or deleted; nothing is expunged by it, as CLOSE would."""
        if self.selected is not None:
            self.command(b"UNSELECT" if self.has("UNSELECT") else b'EXAMINE "INBOX"')
            self.selected = None

    def _status_items(self) -> bytes:
        # Not MAILBOXID: Cyrus 3.6 answers that with bytes of memory it has freed. SELECT tells it rightly.
        return _STATUS_ITEMS + b" HIGHESTMODSEQ" if self.condstore else _STATUS_ITEMS
