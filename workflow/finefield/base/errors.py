"""Errors that are the user's to mend, and those that cost a single cell."""


class UserError(ValueError):
    """Something a user can set right: a config key, an input file, an argument.

    The message names the thing, the value received, what was expected and the fix; programs show it
    without a traceback.
    """

    def __init__(self, thing: str, got: object, expected: str, fix: str) -> None:
        self.thing, self.got, self.expected, self.fix = thing, got, expected, fix
        super().__init__(f"{thing}: got {got}; expected {expected}. Fix: {fix}")

    def __reduce__(self):
        return type(self), (self.thing, self.got, self.expected, self.fix)


class CellError(UserError):
    """One cell's data cannot be used: the cell is dropped with a note, and the run goes on."""
