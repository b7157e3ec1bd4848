"""Every text of the page, English and Japanese side by side: whoever is woken up should not have to choose a language first."""

from __future__ import annotations

from typing import NamedTuple


class Text(NamedTuple):
    """One text in both languages."""

    en: str
    ja: str


TITLES = {
    "open": Text("Acknowledge this escalation?", "このエスカレーションを確認済みにしますか？"),
    "acknowledged": Text("Acknowledged", "確認済みにしました"),
    "already": Text("Already acknowledged", "すでに確認済みです"),
    "malformed": Text("This link is incomplete", "リンクが正しくありません"),
    "forged": Text("This link is not valid", "無効なリンクです"),
    "expired": Text("This link has expired", "リンクの有効期限が切れています"),
    "unknown": Text("There is no such escalation", "該当するエスカレーションがありません"),
    "unavailable": Text("Please try again", "もう一度お試しください"),
    "unreadable": Text("The form could not be read", "フォームを読み取れませんでした"),
    "method": Text("This cannot be done here", "この操作はできません"),
}

DETAILS = {
    "open": Text(
        "Nothing has happened yet. Pressing the button stops the reminders and says that you are taking care of it.",
        "まだ何も変更されていません。ボタンを押すと通知が止まり、あなたが対応中であることが記録されます。",
    ),
    "acknowledged": Text("The reminders have stopped. The case is yours.", "通知を停止しました。対応をお願いします。"),
    "already": Text("Nothing was changed by this page.", "このページによる変更はありません。"),
    "malformed": Text(
        "Nothing was changed. Copy the whole link from the notification and open it again.",
        "変更はありません。通知のリンク全体をコピーして、もう一度開いてください。",
    ),
    "forged": Text(
        "Nothing was changed. Open the link in the notification itself, or use the newest notification.",
        "変更はありません。通知に記載されたリンクを直接開くか、最新の通知をお使いください。",
    ),
    "expired": Text(
        "Nothing was changed. Use the link in the newest notification.",
        "変更はありません。最新の通知のリンクをお使いください。",
    ),
    "unknown": Text(
        "Nothing was changed. Ask the operator of this system.", "変更はありません。システム管理者に連絡してください。"
    ),
    "unavailable": Text(
        "The records did not answer. Wait a few seconds and reload the page; asking twice does no harm.",
        "記録に接続できませんでした。数秒待ってからページを再読み込みしてください。二重に操作しても問題ありません。",
    ),
    "unreadable": Text(
        "Nothing was changed. Go back and press the button again.", "変更はありません。戻って、もう一度ボタンを押してください。"
    ),
    "method": Text("Nothing was changed. Open the link in a browser.", "変更はありません。ブラウザーでリンクを開いてください。"),
}

LABELS = {
    "team": Text("Team", "チーム"),
    "severity": Text("Severity", "深刻度"),
    "category": Text("Category", "分類"),
    "raised": Text("Raised", "発生"),
    "due": Text("Acknowledge by", "確認期限"),
    "case": Text("Case", "ケース"),
    "by": Text("Acknowledged by", "確認者"),
    "at": Text("Acknowledged at", "確認日時"),
    "name": Text("Your name (optional)", "お名前（任意）"),
    "button": Text("Acknowledge", "確認済みにする"),
}

TEAMS = {
    "fraud": Text("Fraud", "不正対策"),
    "trust": Text("Trust", "トラスト"),
    "identity": Text("Identity", "本人確認"),
    "operations": Text("Operations", "オペレーション"),
    "none": Text("None", "なし"),
}

SEVERITIES = {
    "critical": Text("Critical", "緊急"),
    "high": Text("High", "高"),
    "normal": Text("Normal", "中"),
    "low": Text("Low", "低"),
    "none": Text("None", "なし"),
}
