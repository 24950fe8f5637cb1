"""Tables for spreadsheets, exact when read back and harmless when opened: CSV line by line, XLSX by way of a file.

A cell is None, a bool, an int, a float, a `Number` (decimal text, such as an amount) or a text. What is empty (None, or
no text) is an empty cell. Numbers stay plain. A text is never a formula: in CSV it is led by an apostrophe where it might
be one, or where it begins with an apostrophe itself, so that reading back takes away exactly one (`as_it_was`).
"""

import csv
from tempfile import TemporaryFile
from unicodedata import category

import xlsxwriter

#: What makes a spreadsheet read a formula (OWASP, CSV injection), the wide forms of East Asian keyboards too.
_BEGINS_A_FORMULA = frozenset("=+-@＝＋－＠")
_BEGINS_A_CELL = frozenset("\t\r\n")

#: What a sheet and a cell of XLSX hold at most; a cell counts in UTF-16, and no number keeps more than 15 digits.
ROWS_OF_A_SHEET = 1_048_576
LONGEST_CELL = 32_767
_EXACT_DIGITS = 15
#: The sheet on which a text that is too long for its cell goes on.
LONG_TEXTS = "Long texts"


class Number(str):
    """Decimal text that is a number: ASCII digits, a minus before them perhaps, a point among them perhaps."""


def harmless(text):
    """``text`` for a cell of CSV, as no spreadsheet takes it for a formula. `as_it_was` undoes it."""
    if not text:
        return text
    if text[0] == "'" or text[0] in _BEGINS_A_CELL or _first_seen(text) in _BEGINS_A_FORMULA:
        return f"'{text}"
    return text


def as_it_was(cell):
    """The text that `harmless` made this cell of."""
    return cell[1:] if cell.startswith("'") else cell


def _first_seen(text):
    """The first character that is neither space nor control: programs skip different ones of these."""
    return next((sign for sign in text if category(sign)[0] not in "ZC"), "")


def csv_line(cells, *, ending="\r\n"):
    """One line of CSV (RFC 4180), with its ending."""
    return csv.writer(_Line(), lineterminator=ending).writerow([_in_csv(cell) for cell in cells])


class _Line:
    """What csv writes to, so that its ``writerow`` answers the line."""

    @staticmethod
    def write(line):
        return line


def _in_csv(cell):
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, str) and not isinstance(cell, Number):
        return harmless(cell)
    return cell


def write_xlsx(name, header, rows):
    """An open temporary file, at its beginning, of a workbook with these ``rows`` (lists of cells) below the header.

    Constant memory, whatever the number of rows: a sheet that is full goes on in the next one, ``name 2``. Numbers of
    more than 15 digits are text, since a spreadsheet would round them. A text longer than a cell holds goes on in the
    sheet "Long texts", a part a line: the sheet, row and column of its beginning, the number of the part, the part.
    The file is gone when it is closed.
    """
    file = TemporaryFile(prefix="export-", suffix=".xlsx")  # noqa: SIM115 - who streams it closes it
    try:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": True,
        }
        with xlsxwriter.Workbook(file, options) as workbook:
            _Sheets(workbook, name, header).write(rows)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


class _Sheets:
    def __init__(self, workbook, name, header):
        self.workbook, self.name, self.header = workbook, name[:28], header
        self.bold = workbook.add_format({"bold": True})
        self.formats = {}
        self.count = 0
        self.long_texts = None
        self._begin()

    def _begin(self):
        self.count += 1
        self.sheet = self.workbook.add_worksheet(self.name if self.count == 1 else f"{self.name} {self.count}")
        self.sheet.freeze_panes(1, 0)
        for column, title in enumerate(self.header):
            self.sheet.write_string(0, column, title, self.bold)
        self.row = 1

    def write(self, rows):
        for cells in rows:
            if self.row == ROWS_OF_A_SHEET:
                self._begin()
            for column, cell in enumerate(cells):
                self._cell(column, cell)
            self.row += 1

    def _cell(self, column, cell):
        if cell is None or cell == "":
            return
        if isinstance(cell, bool):
            self.sheet.write_boolean(self.row, column, cell)
        elif isinstance(cell, Number) and _is_exact(cell):
            self.sheet.write_number(self.row, column, float(cell), self._format(cell))
        elif isinstance(cell, float) or (isinstance(cell, int) and _is_exact(str(cell))):
            self.sheet.write_number(self.row, column, cell)
        else:
            self._text(column, str(cell))

    def _format(self, number):
        decimals = len(number.partition(".")[2])
        if decimals not in self.formats:
            shape = f"0.{'0' * decimals}" if decimals else "0"
            self.formats[decimals] = self.workbook.add_format({"num_format": shape})
        return self.formats[decimals]

    def _text(self, column, text):
        first, *others = _parts(text)
        self.sheet.write_string(self.row, column, first)
        for number, part in enumerate(others, 2):
            if self.long_texts is None:
                self.long_texts = self.workbook.add_worksheet(LONG_TEXTS)
                for place, title in enumerate(("sheet", "row", "column", "part", "text")):
                    self.long_texts.write_string(0, place, title, self.bold)
                self.long = 1
            self.long_texts.write_string(self.long, 0, self.sheet.get_name())
            self.long_texts.write_number(self.long, 1, self.row + 1)
            self.long_texts.write_string(self.long, 2, self.header[column])
            self.long_texts.write_number(self.long, 3, number)
            self.long_texts.write_string(self.long, 4, part)
            self.long += 1


def _is_exact(number):
    return sum(sign.isdigit() for sign in number.lstrip("-0.")) <= _EXACT_DIGITS


def _parts(text):
    """``text`` in pieces that a cell holds; nearly always itself alone."""
    if len(text) * 2 <= LONGEST_CELL or len(text.encode("utf-16-le")) // 2 <= LONGEST_CELL:
        return [text]
    # Characters count one or two: half as many always fit.
    size = LONGEST_CELL // 2 if any(sign > "\uffff" for sign in text) else LONGEST_CELL
    return [text[start : start + size] for start in range(0, len(text), size)]
