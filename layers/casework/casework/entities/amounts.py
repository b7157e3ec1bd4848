"""Amounts of money and of crypto-assets in a text, as people write them in English and Japanese."""

from __future__ import annotations

import re
from collections.abc import Iterator

from casework.case import Entity
from casework.text.patterns import compiled

_ASSETS = (
    "AAVE ADA ALGO APE APT ARB ASTR ATOM AVAX AXS BAT BCH BLUR BNB BONK BTC BUSD CELO CHZ COMP CRO CRV DAI DASH DOGE DOT EGLD"
    " ENJ ENS EOS ETC ETH FET FIL FLOW FLR FTM GALA GRT HBAR ICP IMX INJ IOST IOTA JASMY JUP KAS KAVA KSM LDO LINK LTC LUNA"
    " MANA MASK MATIC MINA MKR MONA NEAR NEM NEO ONDO OP PEPE POL PYTH QTUM RENDER ROSE RUNE SAND SEI SHIB SKY SNX SOL STX SUI"
    " SUSHI TIA TON TRX TUSD UNI USDC USDE USDP USDT VET WBTC WETH WIF WLD XEM XLM XMR XRP XTZ XYM YFI ZEC ZIL"
)
_CODES = (
    f"{_ASSETS} AUD BRL CAD CHF CNY DKK EUR GBP HKD IDR INR JPY KRW MXN MYR NOK NZD PHP PLN SEK SGD THB TRY TWD UAH USD VND ZAR"
)
_SMALL = frozenset(
    ["btc", "eth", "usdt", "usdc", "xrp", "ada", "doge", "ltc", "matic", "bnb", "trx", "shib", "xlm", "bch", "xmr"]
)
"""Codes of assets that people write in small letters, and that are no words."""
_WORDS = (
    " APE APT BAT BLUR COMP DASH DOT ENS FLOW GALA IOTA LINK MASK MINA NEAR NEO OP RENDER ROSE RUNE SAND SEI SKY SOL SUSHI TON"
    " TRY UNI WIF "
)
"""Assets whose code in small letters is an ordinary word or part of one."""

_NAMES = {
    "bitcoin": "BTC", "bitcoins": "BTC", "xbt": "BTC", "ether": "ETH", "ethers": "ETH", "ethereum": "ETH",
    "ripple": "XRP", "solana": "SOL", "tether": "USDT", "dogecoin": "DOGE", "litecoin": "LTC", "litecoins": "LTC",
    "dollar": "USD", "dollars": "USD", "euro": "EUR", "euros": "EUR", "pound": "GBP", "pounds": "GBP", "yen": "JPY",
    "won": "KRW", "yuan": "CNY", "rmb": "CNY", "円": "JPY", "ドル": "USD", "米ドル": "USD", "ユーロ": "EUR",
    "ポンド": "GBP", "ウォン": "KRW", "人民元": "CNY", "ビットコイン": "BTC", "ビットコインキャッシュ": "BCH",
    "イーサリアム": "ETH", "イーサ": "ETH", "リップル": "XRP", "ソラナ": "SOL", "テザー": "USDT",
    "ライトコイン": "LTC", "ドージコイン": "DOGE", "ビットコ": "BTC", "エイダコイン": "ADA", "カルダノ": "ADA",
    "ポルカドット": "DOT",
    "ステラルーメン": "XLM", "モナコイン": "MONA", "アバランチ": "AVAX", "ポリゴン": "MATIC", "シバイヌ": "SHIB", "トロン": "TRX",
    "日本円": "JPY",
    "bucks": "USD", "quid": "GBP", "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₩": "KRW",
    "₿": "BTC", "Ξ": "ETH", "₮": "USDT", "us$": "USD", "a$": "AUD", "c$": "CAD", "hk$": "HKD", "s$": "SGD",
    "nt$": "TWD",
}  # fmt: skip
_PARTS = {"sat": "BTC", "sats": "BTC", "satoshi": "BTC", "satoshis": "BTC", "サトシ": "BTC", "gwei": "ETH"}
_PART_SIZES = {"BTC": 10**8, "ETH": 10**9}
_UNITS = _NAMES | _PARTS | {code.lower(): code for code in _CODES.split()}

ASSET_NAMES = tuple(name for name, unit in _NAMES.items() if name > "ぁ" and f" {unit} " in f" {_ASSETS} ")
"""Names of assets in Japanese."""

_DECIMALS = r"(?:\.[0-9]{1,18}(?![0-9])|,[0-9]{1,2}(?![0-9,]))?"
_EUROPEAN = r"[0-9]{0,2}(?:(?:\.[0-9]{3}){1,5},[0-9]{2}|(?:\.[0-9]{3}){2,5}|(?:'[0-9]{3}){1,5}(?:\.[0-9]{2})?)(?![0-9.,'])"
"""``1.234,56`` or ``1'234.50``: dots and commas that can be read in one way alone."""
_REST = rf"(?:[0-9]{{0,2}}(?:,[0-9]{{3}}){{1,6}}(?![0-9])|[0-9]{{0,17}}(?![0-9])){_DECIMALS}"
"""What follows the first digit of a number."""
_PART = rf"(?P<digits>[0-9](?:{_EUROPEAN}|{_REST}))(?P<myriads>[百千万億兆]*)"
_SIGNS = "$€£¥₿₩₮Ξ"
_JAPANESE_NAMES = "|".join(sorted((name for name in _NAMES if name > "ぁ"), key=len, reverse=True))
_UNIT = rf"[{_SIGNS}](?![0-9A-Za-z])(?! [0-9])|[A-Za-z]{{2,10}}(?![0-9A-Za-z])|{_JAPANESE_NAMES}"
_AMOUNT = (
    rf"(?P<number>[0-9](?<![0-9.,_][0-9])(?<![0-9A-Za-z]-[0-9])(?:{_EUROPEAN}|{_REST})(?:[百千万億兆]{{1,2}}(?:[0-9]{_REST})?){{0,4}})"
    rf"(?: ?(?P<scale>[kKmM](?![A-Za-z])|thousand|million|billion|bn(?![A-Za-z])))? ?(?P<unit>{_UNIT})?"
)
_SIGN_ENDS = frozenset(_SIGNS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_BEFORE = rf"(?:(?<![0-9A-Za-z])(?:US|A|C|HK|S|NT)?\$|(?<![0-9])[{_SIGNS}]|(?<![0-9A-Za-z])(?<![0-9] )[A-Z]{{3,5}}) ?\Z"
_PAID = (
    "(?=(?:円|ほど|くらい|ぐらい|以上|近く|も|を|が|の){0,2}"
    "(?:振込|振り込|送金|送り|送っ|支払|払|入金|出金|取られ|盗|失|損|騙|だまし|投資|被害|溶|借))"
)
_YEN = rf"[万億]{_PAID}"
_YEN_LEFT = rf"(?<![0-9A-Za-z.,_-])(?P<number>[0-9]{_REST}[百千]?)\Z"
"""What is paid without a unit in Japanese is yen: "300万を振り込みました"."""
_KANJI = "[一二三四五六七八九十百千](?<!第.)[一二三四五六七八九十百千万億]{0,15}(?=(?P<unit>円|米?ドル|ユーロ))"
"""No zero: amounts in words are written without one."""

ONE = 10**18
"""Amounts are counted in the smallest part that anybody writes, a wei."""
SCALES = {
    "one": 1, "k": 10**3, "thousand": 10**3, "m": 10**6, "million": 10**6, "bn": 10**9, "billion": 10**9,
    "十": 10, "百": 100, "千": 10**3, "万": 10**4, "億": 10**8, "兆": 10**12,
}  # fmt: skip


def find(text: str) -> Iterator[Entity]:
    """Find the amounts of a folded text that name their unit: ``1.2 BTC``, ``350000 JPY``.

    A bare ``$`` is the US dollar, a bare ``¥`` the yen. A number without a unit is no amount.
    """
    for match in compiled(_AMOUNT).finditer(text):
        unit = code(match["unit"]) if match["unit"] else ""
        if unit or text[max(0, match.start() - 2) : match.start()].rstrip(" ")[-1:] in _SIGN_ENDS:
            yield from _amount(text, match, unit)
    if "万" in text or "億" in text:
        yield from _paid(text)
    if "円" in text or "ドル" in text or "ユーロ" in text:
        for match in compiled(_KANJI).finditer(text):
            yield Entity("amount", f"{written(spelt(match[0]))} {_UNITS[match['unit']]}", match.start(), match.end("unit"))


def _paid(text: str) -> Iterator[Entity]:
    for match in compiled(_YEN).finditer(text):
        left = compiled(_YEN_LEFT).search(text[max(0, match.start() - 24) : match.start()])
        if left:
            yield Entity("amount", f"{written(_counted(left[0] + match[0]))} JPY", match.start() - len(left[0]), match.end())


def _amount(text: str, match: re.Match[str], unit: str) -> Iterator[Entity]:
    start, end = match.start(), match.end()
    sign, width = _sign(text, start)
    if not (unit or sign) or (not width and compiled("[0-9A-Za-z]").match(text[start - 1 : start])):
        return
    if not unit:
        end = match.end("scale") if match["scale"] else match.end("number")
        if text[end : end + 1].isalpha() and text[end] < "\u0250":
            return
    elif text[start - width : start].strip().isalpha():
        width = 0
    value = _counted(match["number"]) * SCALES[(match["scale"] or "one").lower()]
    if (match["unit"] or "").lower() in _PARTS:
        value //= _PART_SIZES[unit]
    yield Entity("amount", f"{written(value)} {unit or sign}", start - width, end)


def _sign(text: str, start: int) -> tuple[str, int]:
    """The code of the unit before a number, and the number of characters it takes; nothing for most."""
    if text[max(0, start - 2) : start].rstrip(" ")[-1:] not in _SIGN_ENDS:
        return "", 0
    before = compiled(_BEFORE).search(text[max(0, start - 8) : start])
    sign = code(before[0].strip()) if before else ""
    return sign, len(before[0]) if before and sign else 0


def code(unit: str) -> str:
    """The code of a unit as it was written, or nothing for a word that is none."""
    code = _UNITS.get(unit.lower(), "")
    return "" if f" {code} " in _WORDS and not unit.isupper() else code


def asset(word: str) -> str:
    """The code of the crypto-asset that a word by itself names, or nothing: ``etc`` and ``link`` are words, ``ETC`` is none."""
    unit = _UNITS.get(word.lower(), "")
    known = word.isupper() or word in _SMALL or word.lower() in _NAMES
    return unit if known and f" {unit} " in f" {_ASSETS} " else ""


def _counted(number: str) -> int:
    """The number in parts of ``ONE``: ``1,234.5``, ``3万5千``, ``1億2000万``."""
    total = 0
    for part in compiled(_PART).finditer(number):
        whole, _, decimals = _plain(part["digits"]).partition(".")
        value = int(whole) * ONE + int(decimals.ljust(18, "0"))
        for myriad in part["myriads"]:
            value *= SCALES[myriad]
        total += value
    return total


def _plain(digits: str) -> str:
    """Without separators of thousands, and with a dot before decimals."""
    if "'" in digits or digits.count(".") > 1 or -1 < digits.find(".") < digits.find(","):
        return digits.replace("'", "") if "'" in digits else digits.replace(".", "").replace(",", ".")
    return compiled(",(?=[0-9]{3})").sub("", digits).replace(",", ".")


def spelt(kanji: str) -> int:
    """The number in parts of ``ONE`` that kanji spell: ``三十五万``."""
    total = section = digit = 0
    for character in kanji:
        scale = SCALES.get(character)
        if scale is None:
            digit = "〇一二三四五六七八九".index(character)
        elif scale < 10**4:
            section, digit = section + (digit or 1) * scale, 0
        else:
            total, section, digit = total + (section + digit or 1) * scale, 0, 0
    return (total + section + digit) * ONE


def written(parts: int) -> str:
    """Return a number of parts of ``ONE`` in figures, without needless zeros."""
    whole, rest = divmod(parts, ONE)
    return f"{whole}.{rest:018}".rstrip("0").rstrip(".")
