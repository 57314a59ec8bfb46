"""Files that hold a log inside something else: refused by their first bytes, never unpacked."""

from collections.abc import Mapping

from models.readers.rows import refuse

ZIP = b"PK\x03\x04"
OFFICE = (b"[Content_Types].xml", b"xl/", b"mimetypeapplication/vnd.oasis")
ARCHIVES: Mapping[bytes, str] = {
    ZIP: "a ZIP archive",
    b"PK\x05\x06": "an empty ZIP archive",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ\x00": "an xz archive",
    b"\x28\xb5\x2f\xfd": "a Zstandard archive",
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive",
    b"Rar!\x1a\x07": "a RAR archive",
}
OTHERS: Mapping[bytes, str] = {
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "This is an Excel workbook: save its sheet as CSV and send that.",
    b"%PDF-": "This is a PDF document: send the app's CSV or JSON export instead.",
    b"\x89PNG": "This is a picture: send the app's CSV or JSON export instead.",
    b"\xff\xd8\xff": "This is a picture: send the app's CSV or JSON export instead.",
}


def refuse_wrapped(head: bytes) -> None:
    """Invalid, with what to do, if the file that begins so is an archive, a workbook or another such thing."""
    if head.startswith(ZIP) and any(mark in head[:4096] for mark in OFFICE):
        raise refuse("This is a spreadsheet workbook: save its sheet as CSV and send that.")
    for magic, name in ARCHIVES.items():
        if head.startswith(magic) and not (magic == b"BZh" and head.isascii()):
            raise refuse(f"This is {name}: unpack it and send the file inside.")
    for magic, sentence in OTHERS.items():
        if head.startswith(magic):
            raise refuse(sentence)
