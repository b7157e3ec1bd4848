"""The forms of wallet addresses, each with its checksum.

Base58Check: Bitcoin, Bitcoin Cash (legacy), Litecoin, Dogecoin, Dash, Zcash (transparent), Tron, Tezos, XRP Ledger (its own
alphabet, X-addresses too). Bech32: SegWit, Cardano, Zcash (Sapling), Cosmos and its relatives. CashAddr: Bitcoin Cash, Kaspa.
Others: Ethereum and its like (EIP-55), Cardano's Byron era, Stellar, Algorand, Monero, Polkadot and its like (SS58), TON.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable

from casework.checksums import RIPPLE_ALPHABET, base58, base58check, bech32, cashaddr, octets
from casework.text.patterns import compiled

_SEGWIT = frozenset({"bc", "tb", "bcrt", "ltc", "tltc"})
_CARDANO = frozenset({"addr", "addr_test", "stake", "stake_test"})
_ACCOUNTS = (
    " akash agoric archway axelar band bnb canto celestia chihuahua comdex cosmos cro dydx dym evmos fetch inj iaa juno kava"
    " kujira maya migaloo neutron noble osmo persistence quick regen saga secret sei somm stars stride terra thor umee xpla zs "
)
"""Prefixes of Cosmos and its relatives, whose addresses are hashes of 20 or 32 bytes, and of Zcash's Sapling."""
_BECH32 = "(?i:(?P<prefix>[a-z]{2,11}(?:_test)?)1)[0-9A-Za-z]{6,}"

ETHEREUM = "0[xX]([0-9A-Fa-f]{40})"
_BASE32 = "[A-Z2-7]+"
_MONERO = frozenset({18, 19, 42, 24, 25, 36, 53, 54, 63})
_MONERO_BLOCKS = {11: 8, 7: 5}
"""How many bytes so many characters of a block hold, of the blocks that its addresses have."""


def checked(token: str) -> str:
    """Return an address in the form all its spellings share when its checksum holds, else ``""``.

    Ethereum's is in lower case and may be without one: all in small letters or all in capitals, capitals tell nothing.
    """
    for check in _by_length(len(token)):
        if value := check(token):
            return value
    return ""


def _by_length(length: int) -> tuple[Callable[[str], str], ...]:
    if length <= 36:
        return (_base58check, _bech32)
    return _LENGTHS.get(length, ())


def carries_tag(address: str) -> bool:
    """Whether a payment to it may need a tag or memo that says whose it is: XRP Ledger, Stellar, Cosmos, TON."""
    return (
        compiled(
            "r[1-9A-Za-z]{24,34}|G[A-Z2-7]{55}|[EU]Q[0-9A-Za-z_-]{46}|(?!bc1|ltc1|addr1|stake1)[a-z]{2,11}1[0-9a-z]{38,58}"
        ).fullmatch(address)
        is not None
    )


def ethereum(token: str) -> str:
    """EIP-55: a letter is a capital where the hash of the lower-case address has a digit of eight or more."""
    match = compiled(ETHEREUM).fullmatch(token)
    return token.lower() if match and (not is_mixed(token) or _capitals_hold(match[1])) else ""


def is_mixed(token: str) -> bool:
    """Whether an Ethereum address has small letters and capitals, which is when they are a checksum."""
    return token[2:] not in (token[2:].lower(), token[2:].upper())


def _capitals_hold(digits: str) -> bool:
    from casework.checksums.keccak import keccak_256  # most texts need none

    digest = keccak_256(digits.lower().encode()).hex()
    return all(digit.isdigit() or digit.isupper() == (mark >= "8") for digit, mark in zip(digits, digest, strict=False))


def _base58check(token: str) -> str:
    """A version of one to three bytes and a hash of twenty, as every address of this family is."""
    pays = _pays(base58check(token)) or (token[0] == "r" and _pays(base58check(token, RIPPLE_ALPHABET)))
    return token if pays else ""


def _pays(raw: bytes | None) -> bool:
    return raw is not None and 21 <= len(raw) <= 23


def destination(token: str) -> tuple[str, str]:
    """Return account and tag (or ``""``) of an X-address of the XRP Ledger (XLS-5), or two empty ones."""
    raw = base58check(token, RIPPLE_ALPHABET) if token[:1] in ("X", "T") else None
    if raw is None or len(raw) != 31 or raw[:2] not in (b"\x05\x44", b"\x04\x93") or raw[22] > 1:
        return "", ""
    return _classic(raw[2:22]), str(int.from_bytes(raw[23:], "little")) if raw[22] else ""


def _classic(account: bytes) -> str:
    payload = b"\0" + account
    checksum = hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    number, digits = int.from_bytes(payload + checksum, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        digits = RIPPLE_ALPHABET[digit] + digits
    zeros = len(payload) - len(payload.lstrip(b"\0"))
    return RIPPLE_ALPHABET[0] * zeros + digits


def _x_address(token: str) -> str:
    return destination(token)[0]


def segwit(token: str) -> str:
    """Return an address of a witness program of any length, in lower case, when it keeps the rules, else ``""``."""
    return token.lower() if _witness_holds(token) else ""


def _bech32(token: str) -> str:
    match = compiled(_BECH32).fullmatch(token)
    prefix = match["prefix"].lower() if match else ""
    if prefix in _SEGWIT:
        return segwit(token)
    if f" {prefix} " not in _ACCOUNTS and prefix not in _CARDANO:
        return ""
    decoded = bech32(token)
    raw = octets(decoded[1]) if decoded and decoded[2] == "bech32" else None
    sizes = (29, 57) if prefix in _CARDANO else (20, 32, 43)
    return token.lower() if raw is not None and len(raw) in sizes else ""


def _witness_holds(token: str) -> bool:
    """The checksum and the rules for witness programs (BIP 173, BIP 350)."""
    decoded = bech32(token)
    program = octets(decoded[1][1:]) if decoded and decoded[1] else None
    if decoded is None or program is None:
        return False
    version, variant = decoded[1][0], decoded[2]
    if version == 0:
        return variant == "bech32" and len(program) in (20, 32)
    return version <= 16 and variant == "bech32m" and 2 <= len(program) <= 40


def _cash(token: str) -> str:
    prefix = "bitcoincash" if len(token) == 42 else "kaspa"
    return f"{prefix}:{token.lower()}" if token[0] in "qpQP" and cashaddr(prefix, token) is not None else ""


def _byron(token: str) -> str:
    """Base58 of CBOR: an array of tagged bytes and their CRC-32."""
    import zlib  # most texts name no such address

    raw = base58(token) if token[:3] in ("Ae2", "Ddz", "37b", "2cW") else None
    match = compiled(r"(?s)\x82\xd8\x18\x58(.)(.+)\x1a(.{4})").fullmatch(raw.decode("latin-1")) if raw else None
    if match is None:
        return ""
    payload, check = match[2].encode("latin-1"), match[3].encode("latin-1")
    return token if len(payload) == ord(match[1]) and zlib.crc32(payload).to_bytes(4, "big") == check else ""


def _stellar(token: str) -> str:
    """StrKey (SEP-23): version byte of G (an account) or M (one with an id), CRC-16/XMODEM with its low byte first."""
    import binascii  # most texts name no such address

    raw = _base32(token) if token[0] in "GM" else None
    if raw is None or raw[0] not in (6 << 3, 12 << 3):
        return ""
    return token if binascii.crc_hqx(raw[:-2], 0).to_bytes(2, "little") == raw[-2:] else ""


def _algorand(token: str) -> str:
    """A public key and the last four bytes of its SHA-512/256."""
    raw = _base32(token)
    return token if raw is not None and hashlib.new("sha512_256", raw[:32]).digest()[-4:] == raw[32:] else ""


def _base32(token: str) -> bytes | None:
    """Decode without padding; ``None`` when bits are left over that are not zero: every address has one spelling."""
    if not compiled(_BASE32).fullmatch(token):
        return None
    import base64  # most texts name no such address

    padded = token + "=" * (-len(token) % 8)
    raw = base64.b32decode(padded)
    return raw if base64.b32encode(raw).decode() == padded else None


def _monero(token: str) -> str:
    blocks = [base58(token[start : start + 11]) for start in range(0, len(token), 11)]
    raw = b"".join(
        (block or b"").lstrip(b"\0").rjust(_MONERO_BLOCKS[11 if place < len(blocks) - 1 else 7], b"\0")
        for place, block in enumerate(blocks)
    )
    if None in blocks or raw[0] not in _MONERO or len(raw) not in (69, 77):
        return ""
    from casework.checksums.keccak import keccak_256  # most texts need none

    return token if keccak_256(raw[:-4])[:4] == raw[-4:] else ""


def _polkadot(token: str) -> str:
    """SS58: one or two bytes of network, a key of 32, two of BLAKE2b."""
    raw = base58(token)
    if raw is None or len(raw) - (2 if raw[0] & 0x40 else 1) != 34 or raw[0] & 0x80:
        return ""
    return token if hashlib.blake2b(b"SS58PRE" + raw[:-2]).digest()[:2] == raw[-2:] else ""


_FIELD = 2**255 - 19
_CURVE = -121665 * pow(121666, -1, _FIELD)


def is_public_key(token: str) -> bool:
    """Whether this is, in Base58, a point of the curve that Solana's wallets have their keys on; half of all numbers are."""
    raw = base58(token)
    if raw is None or len(raw) != 32:
        return False
    y = int.from_bytes(raw, "little") & (2**255 - 1)
    square = (y * y - 1) * (_CURVE * y * y + 1) % _FIELD
    return y < _FIELD and pow(square, (_FIELD - 1) // 2, _FIELD) in (0, 1)


def ton(token: str) -> str:
    """A workchain and hash with flags and CRC-16/XMODEM, in URL-safe Base64. The flag that says "may bounce" is no part of it."""
    import base64  # most texts name no such address
    import binascii

    raw = base64.urlsafe_b64decode(token)
    if (
        len(raw) != 36
        or raw[0] & 0x3F != 0x11
        or raw[1] not in (0, 255)
        or binascii.crc_hqx(raw[:-2], 0).to_bytes(2, "big") != raw[-2:]
    ):
        return ""
    bouncing = bytes([raw[0] & ~0x40]) + raw[1:-2]
    return base64.urlsafe_b64encode(bouncing + binascii.crc_hqx(bouncing, 0).to_bytes(2, "big")).decode()


def _lengths() -> dict[int, tuple[Callable[[str], str], ...]]:
    checks: dict[int, tuple[Callable[[str], str], ...]] = {}
    forms: tuple[tuple[Callable[[str], str], Iterable[int]], ...] = (
        (_bech32, range(37, 109)),
        (_cash, (42, 61, 63)),
        (_polkadot, range(46, 51)),
        (_x_address, range(46, 51)),
        (_stellar, (56, 69)),
        (_algorand, (58,)),
        (_byron, (59, 104)),
        (_monero, (95, 106)),
    )
    for check, lengths in forms:
        for length in lengths:
            checks[length] = (*checks.get(length, ()), check)
    return checks


_LENGTHS = _lengths()
"""What an address of a length above 36 can be."""
