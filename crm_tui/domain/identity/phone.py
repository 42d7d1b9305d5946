"""Phone numbers: as they are written, and as they are stored (E.164)."""

_TEXT_LIMIT = 20_000  # a signature, not a book: the matcher tries every run of digits


def e164(text: str, region: str) -> str | None:
    """The number as ``+77015551234``, or None when it is not a number in use.

    ``region`` is the ISO 3166 code of the country a number without a code is dialled from (``KZ``, ``RU``,
    ``UA``). Extensions are left out. Never raises.
    """
    import phonenumbers

    try:
        number = phonenumbers.parse(text, region.upper())
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def is_mobile(number: str) -> bool:
    """Whether an E.164 number is a mobile one. Where a country does not tell the two apart, it is."""
    import phonenumbers

    try:
        kind = phonenumbers.number_type(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False
    types = phonenumbers.PhoneNumberType
    return kind in {types.MOBILE, types.FIXED_LINE_OR_MOBILE}


def find_phones(text: str, region: str) -> list[str]:
    """The numbers in use that a text (a signature) names, as E.164, each once, in their order."""
    import phonenumbers

    matches = phonenumbers.PhoneNumberMatcher(text[:_TEXT_LIMIT], region.upper())
    found = (phonenumbers.format_number(m.number, phonenumbers.PhoneNumberFormat.E164) for m in matches)
    return list(dict.fromkeys(found))
