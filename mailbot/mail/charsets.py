"""Bytes to text, whatever the label says: what is meant matters more than what is declared."""

import codecs
import re
from dataclasses import dataclass

# Labels as they occur in mail, to the codec that reads what their writers mean. Only these are ever used:
# Python knows codecs (punycode, unicode_escape, idna) that a stranger must not be able to choose.
_CODECS: dict[str, str] = {
    label: codec
    for codec, labels in {
        "utf-8": "utf8 utf-8 utf_8 utf8mb4 unicode-1-1-utf-8 utf-8-mac",
        "cp1252": "ascii us-ascii usascii ansi_x3.4-1968 ansi_x3.110-1983 iso646-us 646 iso-8859-1 iso8859-1 "
        "iso_8859-1 latin1 latin-1 l1 windows-1252 cp1252 cp-1252 win-1252 x-ansi 8bit",
        "iso8859_2": "iso-8859-2 iso8859-2 latin2",
        "iso8859_3": "iso-8859-3",
        "iso8859_4": "iso-8859-4",
        "iso8859_5": "iso-8859-5",
        "iso8859_6": "iso-8859-6",
        "iso8859_7": "iso-8859-7 greek",
        "iso8859_8": "iso-8859-8 iso-8859-8-i iso-8859-8-e logical",
        "cp1254": "iso-8859-9 latin5 windows-1254 cp1254",
        "iso8859_10": "iso-8859-10",
        "cp874": "iso-8859-11 tis-620 windows-874 cp874",
        "iso8859_13": "iso-8859-13",
        "iso8859_14": "iso-8859-14 iso8859-14 iso_8859-14 latin8 iso-celtic l8",  # Welsh w and y circumflex
        "iso8859_15": "iso-8859-15 iso8859-15 latin9 latin-9",
        "iso8859_16": "iso-8859-16",
        "cp1250": "windows-1250 cp1250",
        "cp1251": "windows-1251 cp1251",
        "cp1253": "windows-1253 cp1253",
        "cp1255": "windows-1255 cp1255",
        "cp1256": "windows-1256 cp1256",
        "cp1257": "windows-1257 cp1257",
        "cp1258": "windows-1258 cp1258",
        "cp437": "cp437 ibm437",
        "cp850": "cp850 cp-850 ibm850",
        "cp866": "cp866 ibm866",
        "koi8_r": "koi8-r koi8r",
        "koi8_u": "koi8-u",
        "mac_roman": "macintosh mac x-mac-roman macroman",
        "gb18030": "gb18030 gb2312 gb_2312-80 gbk x-gbk cp936 euc-cn x-euc-cn",
        "hz": "hz-gb-2312 hz",
        "cp950": "big5 big-5 x-big5 cp950",
        "big5hkscs": "big5-hkscs",
        "cp949": "euc-kr euckr ks_c_5601-1987 ksc5601 ks_c_5601 cp949 x-windows-949",
        "cp932": "shift_jis shift-jis sjis x-sjis cp932 windows-31j ms_kanji",
        "euc_jp": "euc-jp eucjp x-euc-jp",
        "iso2022_jp_ext": "iso-2022-jp iso-2022-jp-1 iso-2022-jp-2 iso-2022-jp-3 iso-2022-jp-ms cp50220",
        "iso2022_kr": "iso-2022-kr",
        "utf-7": "utf-7 utf7 unicode-1-1-utf-7",
        "utf-16": "utf-16 utf16 ucs-2 unicode",
        "utf-16-le": "utf-16le",
        "utf-16-be": "utf-16be",
        "utf-32": "utf-32",
    }.items()
    for label in labels.split()
}
_SEVEN_BIT = frozenset({"utf-7", "hz", "iso2022_jp_ext", "iso2022_kr"})  # shift by escape sequences
_WIDE = frozenset({"utf-16", "utf-16-le", "utf-16-be", "utf-32"})
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_JAPANESE_ESCAPE = re.compile(rb"\x1b(?:\$[@B]|\([JI]|\$\([A-D])")
_UNWANTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")


@dataclass(frozen=True)
class Decoded:
    text: str
    repair: str = ""  # "" when the label was right


def decode(data: bytes, label: str) -> Decoded:
    """`data` as text under `label`; never raises, and never answers U+FFFD for a byte that cp1252 can read."""
    codec = codec_for(label)
    for mark, marked in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _forced(data[len(mark) :] if marked == "utf-8" else data, marked, codec)
    if _JAPANESE_ESCAPE.search(data) and codec not in _SEVEN_BIT:
        return _forced(data, "iso2022_jp_ext", codec)
    if codec not in _SEVEN_BIT | _WIDE and data.isascii():
        return Decoded(data.decode("ascii"))
    if codec == "cp1252" or codec is None:
        return _guess(data, label)
    return _declared(data, codec, label)


def codec_for(label: str) -> str | None:
    """The codec for a label, None when nobody knows it."""
    cleaned = label.strip(" \t\"'").lower().removeprefix("charset=").strip("\"' ")
    return _CODECS.get(cleaned)


def clean(text: str) -> str:
    """Text without NUL, control characters (but tab and line feed), lone surrogates and byte order marks."""
    return _UNWANTED.sub("", text)


def _guess(data: bytes, label: str) -> Decoded:
    """Well-formed UTF-8 is UTF-8 (cp1252 text never is by chance); anything else is read as cp1252."""
    repair = "" if codec_for(label) else f"charset {label[:40]!r} unknown" if label else ""
    try:
        return Decoded(data.decode("utf-8"), repair or f"charset {label[:40] or 'missing'!r} was utf-8")
    except UnicodeDecodeError:
        return Decoded(data.decode("cp1252", errors="mailbot.cp1252"), repair)


def _declared(data: bytes, codec: str, label: str) -> Decoded:
    try:
        return Decoded(data.decode(codec))
    except UnicodeDecodeError:
        repair = f"charset {label[:40]!r} does not fit the bytes"
    if codec == "utf-8" or (codec not in _WIDE | _SEVEN_BIT and _is_utf8(data)):
        return Decoded(data.decode("utf-8", errors="mailbot.cp1252"), repair)
    return Decoded(data.decode(codec, errors="replace"), repair)


def _forced(data: bytes, codec: str, declared: str | None) -> Decoded:
    repair = "" if declared == codec else f"charset was {codec}"
    return Decoded(data.decode(codec, errors="replace"), repair)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _read_as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """A codec error handler: the bytes that do not fit, as cp1252, and its five gaps as Latin-1 has them."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return "".join(_CP1252[byte] for byte in bad), error.end


_CP1252 = [bytes([n]).decode("cp1252", errors="ignore") or chr(n) for n in range(256)]
codecs.register_error("mailbot.cp1252", _read_as_cp1252)
