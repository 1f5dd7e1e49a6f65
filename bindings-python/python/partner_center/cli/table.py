"""Rows, in columns or as JSON."""

from __future__ import annotations

from . import report, terminal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Sequence

_WIDEST = 48
_GAP = "  "


class Table:
    """Shows rows as they come. The first ones say how wide the columns are."""

    def __init__(
        self,
        arguments: Namespace,
        columns: Sequence[str],
        heads: Sequence[str],
        first: Iterable[Sequence[object]],
    ) -> None:
        self._arguments = arguments
        self._columns = columns
        lines = [heads, *(list(map(_cell, row)) for row in first)]
        self._widths = [min(max(map(len, cells)), _WIDEST) for cells in zip(*lines, strict=True)]
        if not arguments.json:
            report.shown(self._line(heads))

    def add(self, rows: Iterable[Sequence[object]]) -> None:
        """Shows some more."""
        for row in rows:
            record = dict(zip(self._columns, row, strict=True))
            report.row(self._arguments, record, self._line(list(map(_cell, row))))

    def _line(self, cells: Sequence[str]) -> str:
        padded = (cell.ljust(width) for cell, width in zip(cells, self._widths, strict=True))
        return _GAP.join(padded).rstrip()


def _cell(value: object) -> str:
    return "-" if value is None else terminal.plain(str(value))
