"""Paper back from the scanner or the telephone: pictures are read, straightened and shrunk, never trusted.

Everything that opens a picture runs in a child (`child.py`) with little memory, no way to write a file, and somebody
outside who looks at the clock (`reading.py`), so that a broken file or a bomb ends the child and nothing else.
Signatures and thumbprints are pictures of paper here: nothing looks at them, compares them or counts them.

    decode.py      files to pictures: JPEG, PNG, TIFF, HEIC, PDF
    codes.py       where the codes of our pages stand on a picture
    sheet.py       from picture to sheet: edges, the code's known place, the way from one to the other
    straighten.py  the sheet upright, lit evenly, as a JPEG without a word about where it was taken
    child.py       the child: one request, one answer
    reading.py     the parent: page by page, with progress, a way to stop, and limits
"""
