"""The reading of characters, under the name that the mail reader's modules know it by."""

from __future__ import annotations

from casework.charsets import REPLACEMENT, clean, decode, normal_label

__all__ = ["REPLACEMENT", "clean", "decode", "normal_label"]
