"""Amounts of money and of crypto-assets in a text, as people write them in English and Japanese."""

from __future__ import annotations

import re
from collections.abc import Iterator

from casework.case import Entity
from casework.text.patterns import compiled

_CODES = (
    "AAVE ADA ALGO APE APT ARB ASTR ATOM AVAX AXS BAT BCH BNB BONK BTC BUSD COMP CRO CRV DAI DOGE DOT ENJ EOS ETC ETH"
    " FET FIL FLR FTM GRT HBAR ICP IMX INJ IOST JASMY KAS LDO LINK LTC LUNA MANA MASK MATIC MKR MONA NEAR NEM OP PEPE"
    " POL QTUM RENDER SAND SEI SHIB SKY SOL SUI TIA TON TRX TUSD UNI USDC USDE USDP USDT VET WBTC WETH WIF XEM XLM XMR"
    " XRP XTZ XYM ZEC ZIL AUD BRL CAD CHF CNY DKK EUR GBP HKD IDR INR JPY KRW MXN MYR NOK NZD PHP PLN SEK SGD THB TRY"
    " TWD UAH USD VND ZAR"
)
_WORDS = " APE APT BAT COMP DOT LINK MASK NEAR OP RENDER SAND SEI SKY SOL TON TRY UNI WIF "
"""Assets whose code in small letters is an ordinary word or part of one."""

_NAMES = {
    "bitcoin": "BTC", "bitcoins": "BTC", "xbt": "BTC", "ether": "ETH", "ethers": "ETH", "ethereum": "ETH",
    "ripple": "XRP", "solana": "SOL", "tether": "USDT", "dogecoin": "DOGE", "litecoin": "LTC", "litecoins": "LTC",
    "dollar": "USD", "dollars": "USD", "euro": "EUR", "euros": "EUR", "pound": "GBP", "pounds": "GBP", "yen": "JPY",
    "won": "KRW", "yuan": "CNY", "rmb": "CNY", "円": "JPY", "ドル": "USD", "米ドル": "USD", "ユーロ": "EUR",
    "ポンド": "GBP", "ウォン": "KRW", "人民元": "CNY", "ビットコイン": "BTC", "ビットコインキャッシュ": "BCH",
    "イーサリアム": "ETH", "イーサ": "ETH", "リップル": "XRP", "ソラナ": "SOL", "テザー": "USDT",
    "ライトコイン": "LTC", "ドージコイン": "DOGE", "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₩": "KRW",
    "₿": "BTC", "Ξ": "ETH", "₮": "USDT", "us$": "USD", "a$": "AUD", "c$": "CAD", "hk$": "HKD", "s$": "SGD",
    "nt$": "TWD",
}  # fmt: skip
_UNITS = _NAMES | {code.lower(): code for code in _CODES.split()}

_DECIMALS = r"(?:\.[0-9]{1,18}(?![0-9])|,[0-9]{1,2}(?![0-9,]))?"
_REST = rf"(?:[0-9]{{0,2}}(?:,[0-9]{{3}}){{1,6}}(?![0-9])|[0-9]{{0,17}}(?![0-9])){_DECIMALS}"
"""What follows the first digit of a number."""
_PART = rf"(?P<digits>[0-9]{_REST})(?P<myriads>[百千万億兆]*)"
_SIGNS = "$€£¥₿₩₮Ξ"
_JAPANESE_NAMES = "|".join(sorted((name for name in _NAMES if name > "ぁ"), key=len, reverse=True))
_UNIT = rf"[{_SIGNS}](?! ?[0-9])|[A-Za-z]{{2,10}}(?![0-9A-Za-z])|{_JAPANESE_NAMES}"
_AMOUNT = (
    rf"(?P<number>[0-9](?<![0-9.,_][0-9])(?<![0-9A-Za-z]-[0-9]){_REST}(?:[百千万億兆]{{1,2}}(?:[0-9]{_REST})?){{0,4}})"
    rf"(?: ?(?P<scale>[kKmM](?![A-Za-z])|thousand|million|billion|bn(?![A-Za-z])))? ?(?P<unit>{_UNIT})?"
)
_BEFORE = rf"(?:(?<![0-9A-Za-z])(?:US|A|C|HK|S|NT)?\$|(?<![0-9])[{_SIGNS}]|(?<![0-9A-Za-z])(?<![0-9] )[A-Z]{{3,5}}) ?\Z"
_KANJI = "(?<!第)[一二三四五六七八九十百千][一二三四五六七八九十百千万億]{0,15}(?=(?P<unit>円|米?ドル|ユーロ))"
"""No zero: amounts in words are written without one."""

_ONE = 10**18
"""Amounts are counted in the smallest part that anybody writes, a wei."""
_SCALES = {
    "one": 1, "k": 10**3, "thousand": 10**3, "m": 10**6, "million": 10**6, "bn": 10**9, "billion": 10**9,
    "十": 10, "百": 100, "千": 10**3, "万": 10**4, "億": 10**8, "兆": 10**12,
}  # fmt: skip


def find(text: str) -> Iterator[Entity]:
    """Find the amounts of a folded text that name their unit: ``1.2 BTC``, ``350000 JPY``.

    A bare ``$`` is the US dollar, a bare ``¥`` the yen. A number without a unit is no amount.
    """
    for match in compiled(_AMOUNT).finditer(text):
        yield from _amount(text, match)
    if "円" in text or "ドル" in text or "ユーロ" in text:
        for match in compiled(_KANJI).finditer(text):
            yield Entity("amount", f"{_written(_spoken(match[0]))} {_UNITS[match['unit']]}", match.start(), match.end("unit"))


def _amount(text: str, match: re.Match[str]) -> Iterator[Entity]:
    start, end = match.start(), match.end()
    unit = _code(match["unit"] or "")
    sign, width = _sign(text, start)
    if not (unit or sign) or (not width and compiled("[0-9A-Za-z]").match(text[start - 1 : start])):
        return
    if not unit:
        end = match.end("scale") if match["scale"] else match.end("number")
    elif text[start - width : start].strip().isalpha():
        width = 0
    value = _counted(match["number"]) * _SCALES[(match["scale"] or "one").lower()]
    yield Entity("amount", f"{_written(value)} {unit or sign}", start - width, end)


def _sign(text: str, start: int) -> tuple[str, int]:
    """The code of the unit before a number, and the number of characters it takes; nothing for most."""
    last = text[max(0, start - 2) : start].rstrip(" ")[-1:]
    if last not in _SIGNS and not "A" <= last <= "Z":
        return "", 0
    before = compiled(_BEFORE).search(text[max(0, start - 8) : start])
    code = _code(before[0].strip()) if before else ""
    return code, len(before[0]) if before and code else 0


def _code(unit: str) -> str:
    """The code of a unit as it was written, or nothing for a word that is none."""
    code = _UNITS.get(unit.lower(), "")
    return "" if f" {code} " in _WORDS and not unit.isupper() else code


def _counted(number: str) -> int:
    """The number in parts of ``_ONE``: ``1,234.5``, ``3万5千``, ``1億2000万``."""
    total = 0
    for part in compiled(_PART).finditer(number):
        whole, _, decimals = re.sub(r",(?=[0-9]{3})", "", part["digits"]).replace(",", ".").partition(".")
        value = int(whole) * _ONE + int(decimals.ljust(18, "0"))
        for myriad in part["myriads"]:
            value *= _SCALES[myriad]
        total += value
    return total


def _spoken(kanji: str) -> int:
    """The number in parts of ``_ONE`` that kanji spell: ``三十五万``."""
    total = section = digit = 0
    for character in kanji:
        scale = _SCALES.get(character)
        if scale is None:
            digit = "〇一二三四五六七八九".index(character)
        elif scale < 10**4:
            section, digit = section + (digit or 1) * scale, 0
        else:
            total, section, digit = total + (section + digit or 1) * scale, 0, 0
    return (total + section + digit) * _ONE


def _written(parts: int) -> str:
    whole, rest = divmod(parts, _ONE)
    return f"{whole}.{rest:018}".rstrip("0").rstrip(".")
