"""Keccak-256 as Ethereum uses it: its padding is not that of SHA-3, so that ``hashlib`` does not have it."""

from __future__ import annotations

_MASK = (1 << 64) - 1
_RATE = 136
_ROUND_CONSTANTS = (
    0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000, 0x000000000000808B, 0x0000000080000001,
    0x8000000080008081, 0x8000000000008009, 0x000000000000008A, 0x0000000000000088, 0x0000000080008009, 0x000000008000000A,
    0x000000008000808B, 0x800000000000008B, 0x8000000000008089, 0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
    0x000000000000800A, 0x800000008000000A, 0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
)  # fmt: skip


def _steps() -> tuple[tuple[int, int, int], ...]:
    """Where each lane goes in rho and pi, and how far it is rotated: from, to, bits."""
    steps, x, y = [(0, 0, 0)], 1, 0
    for turn in range(24):
        steps.append((x + 5 * y, y + 5 * ((2 * x + 3 * y) % 5), (turn + 1) * (turn + 2) // 2 % 64))
        x, y = y, (2 * x + 3 * y) % 5
    return tuple(steps)


_STEPS = _steps()


def keccak_256(raw: bytes) -> bytes:
    """Return the digest of 32 bytes."""
    padded = bytearray(raw + bytes(_RATE - len(raw) % _RATE))
    padded[len(raw)] ^= 0x01
    padded[-1] ^= 0x80
    lanes = [0] * 25
    for block in range(0, len(padded), _RATE):
        for lane in range(_RATE // 8):
            start = block + 8 * lane
            lanes[lane] ^= int.from_bytes(padded[start : start + 8], "little")
        lanes = _permuted(lanes)
    return b"".join(lane.to_bytes(8, "little") for lane in lanes[:4])


def _permuted(lanes: list[int]) -> list[int]:
    for constant in _ROUND_CONSTANTS:
        columns = [lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20] for x in range(5)]
        parity = [columns[x - 1] ^ _rotated(columns[(x + 1) % 5], 1) for x in range(5)]
        moved = [0] * 25
        for source, target, bits in _STEPS:
            moved[target] = _rotated(lanes[source] ^ parity[source % 5], bits)
        lanes = [
            moved[place] ^ (~moved[place - place % 5 + (place + 1) % 5] & moved[place - place % 5 + (place + 2) % 5] & _MASK)
            for place in range(25)
        ]
        lanes[0] ^= constant
    return lanes


def _rotated(lane: int, bits: int) -> int:
    return (lane << bits | lane >> (64 - bits)) & _MASK
