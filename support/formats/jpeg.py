"""A small writer of JPEG (ITU-T T.81): gray blocks of 8 × 8 pixels. Pure functions."""

import struct

# The codes of the lengths of DC differences (table K.3), and of the end of a block (table K.5).
_DC = ["00", "010", "011", "100", "101", "110", "1110", "11110", "111110", "1111110"]
_END = "1010"
# The standard tables for these codes (K.3.3.1 and K.3.3.2).
_DC_TABLE = bytes([0, 1, 5, 1, 1, 1, 1, 1, 1, *[0] * 7, *range(12)])
_AC_TABLE = bytes.fromhex(
    "0002010303020403050504040000017d01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a16"
    "1718191a25262728292a3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a83848586878889"
    "8a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9ea"
    "f1f2f3f4f5f6f7f8f9fa")


def segment(marker, content):
    return struct.pack("!BBH", 0xFF, marker, len(content) + 2) + content


def gray(rows, has_tables=True, comment=b""):
    """A still with a block for each number (0 to 255) of each row. Without tables, it is as Motion JPEG leaves it."""
    head = [
        b"\xff\xd8", segment(0xFE, comment) if comment else b"", segment(0xDB, b"\0" + b"\x08" * 64),
        segment(0xC0, struct.pack("!BHHBBBB", 8, 8 * len(rows), 8 * len(rows[0]), 1, 1, 0x11, 0)),
        segment(0xC4, b"\0" + _DC_TABLE + b"\x10" + _AC_TABLE) if has_tables else b"",
        segment(0xDA, bytes([1, 1, 0, 0, 63, 0]))]
    bits, before = [], 0
    for level in (value - 128 for row in rows for value in row):
        difference, before = level - before, level
        length = abs(difference).bit_length()
        low = difference if difference > 0 else difference + (1 << length) - 1
        bits += [_DC[length], format(low, f"0{length}b") if length else "", _END]
    text = "".join(bits)
    text += "1" * (-len(text) % 8)
    data = int(text, 2).to_bytes(len(text) // 8, "big").replace(b"\xff", b"\xff\0")
    return b"".join(head) + data + b"\xff\xd9"


def number(value, width=8, rows=6, **options):
    """A still that shows a number: one block for each bit, the highest bit first."""
    bits = format(value, f"0{width * rows}b")
    return gray([[235 if bit == "1" else 20 for bit in bits[row * width : (row + 1) * width]]
                 for row in range(rows)], **options)
