"""What kind of file an attachment is, in a word: the sign by its type that MAIL-24 asks for."""

from crm_tui.i18n import N_, _

TYPES = (
    ("message/delivery-status", N_("report")),
    ("message/", N_("letter")),
    ("image/", N_("picture")),
    ("audio/", N_("audio")),
    ("video/", N_("film")),
    ("text/calendar", N_("invitation")),
    ("text/csv", N_("table")),
    ("text/vcard", N_("contact")),
    ("text/html", N_("web page")),
    ("text/", N_("text")),
    ("application/pdf", "PDF"),
    ("application/msword", "Word"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml", "Word"),
    ("application/vnd.ms-excel", "Excel"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml", "Excel"),
    ("application/vnd.ms-powerpoint", "PowerPoint"),
    ("application/vnd.openxmlformats-officedocument.presentationml", "PowerPoint"),
    ("application/vnd.oasis.opendocument", "OpenDocument"),
    ("application/zip", N_("archive")),
    ("application/x-rar", N_("archive")),
    ("application/vnd.rar", N_("archive")),
    ("application/x-7z", N_("archive")),
    ("application/gzip", N_("archive")),
    ("application/pkcs7-", N_("signature")),
    ("application/x-pkcs7-", N_("signature")),
    ("application/pgp-", N_("signature")),
)
"""Beginning of a content type → what kind of file that is; the first that fits."""
EXTENSIONS = {
    "pdf": "PDF", "doc": "Word", "docx": "Word", "rtf": "Word", "xls": "Excel", "xlsx": "Excel",
    "ppt": "PowerPoint", "pptx": "PowerPoint", "odt": "OpenDocument", "ods": "OpenDocument",
    "zip": N_("archive"), "rar": N_("archive"), "7z": N_("archive"), "gz": N_("archive"), "csv": N_("table"),
    "png": N_("picture"), "jpg": N_("picture"), "jpeg": N_("picture"), "gif": N_("picture"),
    "ics": N_("invitation"), "vcf": N_("contact"), "eml": N_("letter"), "txt": N_("text"),
}  # fmt: skip
"""Extension → kind, for files sent as mere bytes."""


def type_label(content_type: str, name: str = "") -> str:
    """The kind of a file in a word, by its type, or by its name where the type tells nothing."""
    for beginning, label in TYPES:
        if content_type.startswith(beginning):
            return _(label)
    label = EXTENSIONS.get(name.lower().rpartition(".")[2], "") if "." in name else ""
    return _(label) if label else _("file")
