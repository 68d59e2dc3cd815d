"""Values as text: in names of files, and in figures."""


def value_text(value: object) -> str:
    """A value as part of a file's name, and as a label.

    Examples
    --------
    >>> [value_text(value) for value in (0.01, 1.0, 9, "crop", True, None)]
    ['0.01', '1', '9', 'crop', 'true', 'null']
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # 1 and 1.0 are the same value
    if isinstance(value, bool):
        return str(value).lower()
    return "null" if value is None else str(value)
