"""Rectangles of pixels on the stimulus field."""

from dataclasses import dataclass

from finefield.base.errors import UserError


@dataclass(frozen=True)
class Window:
    """A rectangle of pixels on the stimulus field.

    Attributes
    ----------
    y, x : int
        First row and column [pixels].
    height, width : int
        Size [pixels].
    """

    y: int
    x: int
    height: int
    width: int

    @classmethod
    def around(
        cls, centre: tuple[float, float], size: tuple[int, int], field: tuple[int, int]
    ) -> "Window":
        """The window of a size that is centred at a place, shifted to lie on the field.

        Parameters
        ----------
        centre : (float, float)
            Row and column.
        size, field : (int, int)
            Rows and columns of the window, and of the field, which is no smaller.

        Examples
        --------
        >>> Window.around((5.2, 0.0), (3, 4), (20, 30))
        Window(y=4, x=0, height=3, width=4)
        """
        places = [
            min(max(round(middle - (side - 1) / 2), 0), room - side)
            for middle, side, room in zip(centre, size, field, strict=True)
        ]
        return cls(*places, *size)

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns, to index an array (..., y, x)."""
        return slice(self.y, self.y + self.height), slice(self.x, self.x + self.width)

    def check_inside(self, height: int, width: int, name: str = "crop") -> None:
        """Raise UserError unless the window lies on a field of `height` x `width` pixels."""
        inside = (
            self.y >= 0
            and self.x >= 0
            and min(self.height, self.width) > 0
            and self.y + self.height <= height
            and self.x + self.width <= width
        )
        if not inside:
            raise UserError(
                name,
                f"rows {self.y} to {self.y + self.height - 1}, "
                f"columns {self.x} to {self.x + self.width - 1}",
                f"a window on the field of {height} rows and {width} columns",
                "move or shrink the crop, or enlarge the field",
            )
