"""Every sentence the form says to a customer, in every language it speaks. Words in braces are filled in."""

from __future__ import annotations

ENGLISH = {
    "received": (
        "Thank you. We have received your message. Your reference is {reference}; please keep it. "
        "We never ask for your password, recovery phrase or one-time code."
    ),
    "unreadable-body.title": "The request body cannot be read",
    "unreadable-body.not_base64": "The body is not valid base64.",
    "unreadable-body.not_utf8": "The body is not valid UTF-8.",
    "unreadable-body.not_json": "The body is not valid JSON.",
    "unreadable-body.not_an_object": "The body must be a JSON object.",
    "unreadable-body.duplicate_field": "A field appears more than once.",
    "invalid-fields.title": "Some fields need your attention",
    "invalid-fields.invalid_fields": "Please correct the fields listed and send the form again.",
    "invalid-idempotency-key.title": "The Idempotency-Key is not valid",
    "invalid-idempotency-key.invalid_key": "The Idempotency-Key header must be 1 to {limit} visible ASCII characters.",
    "body-too-large.title": "The message is too large",
    "body-too-large.too_large": "The body may be at most {limit} bytes. Please shorten your message and send it again.",
    "unsupported-media-type.title": "The content type is not supported",
    "unsupported-media-type.unsupported_media_type": "Please send application/json in UTF-8, without a content encoding.",
    "idempotency-key-reused.title": "The Idempotency-Key was already used",
    "idempotency-key-reused.key_reused": "This key came with different content before. Please use a new key for a new message.",
    "unavailable.title": "We cannot take your message at this moment",
    "unavailable.unavailable": "Please send it again in a few seconds, with the same Idempotency-Key if you use one.",
    "field.required": "This field is required.",
    "field.required.email": "Please give an e-mail address, or your account number, so that we can answer.",
    "field.too_long": "At most {max_length} characters are allowed.",
    "field.not_text": "This must be text.",
    "field.unknown_field": "We do not know this field.",
    "field.duplicate_field": "This field appears more than once.",
    "field.invalid": "This value is not valid.",
    "field.invalid_email": "This is not a valid e-mail address.",
    "field.invalid_phone": "Please give the number with its country code, such as +44 20 7946 0000.",
    "field.invalid_account": "This is not a valid account number.",
    "field.invalid_category": "Only lower-case letters a to z and underscores are allowed, at most 40.",
    "field.invalid_language": "This must be en or ja.",
    "field.invalid_reference": "A reference looks like CW-XXXX-XXXX-XXXX.",
}

JAPANESE = {
    "received": (
        "お問い合わせを受け付けました。受付番号は {reference} です。大切に保管してください。"
        "当社がパスワード、リカバリーフレーズ、ワンタイムコードをお尋ねすることは決してありません。"
    ),
    "unreadable-body.title": "リクエスト本文を読み取れません",
    "unreadable-body.not_base64": "本文が正しい base64 ではありません。",
    "unreadable-body.not_utf8": "本文が正しい UTF-8 ではありません。",
    "unreadable-body.not_json": "本文が正しい JSON ではありません。",
    "unreadable-body.not_an_object": "本文は JSON オブジェクトでなければなりません。",
    "unreadable-body.duplicate_field": "同じ項目が二回以上指定されています。",
    "invalid-fields.title": "入力内容をご確認ください",
    "invalid-fields.invalid_fields": "以下の項目を修正して、もう一度送信してください。",
    "invalid-idempotency-key.title": "Idempotency-Key が正しくありません",
    "invalid-idempotency-key.invalid_key": "Idempotency-Key ヘッダーは ASCII の図形文字 1～{limit} 文字で指定してください。",
    "body-too-large.title": "メッセージが大きすぎます",
    "body-too-large.too_large": "本文は {limit} バイト以内です。短くして、もう一度送信してください。",
    "unsupported-media-type.title": "この形式には対応していません",
    "unsupported-media-type.unsupported_media_type": "UTF-8 の application/json を、圧縮せずに送信してください。",
    "idempotency-key-reused.title": "この Idempotency-Key は使用済みです",
    "idempotency-key-reused.key_reused": "このキーは別の内容で使用済みです。新しいメッセージには新しいキーをお使いください。",
    "unavailable.title": "ただいま受け付けることができません",
    "unavailable.unavailable": "数秒後にもう一度送信してください。Idempotency-Key を使っている場合は同じキーをお使いください。",
    "field.required": "必須項目です。",
    "field.required.email": "ご返信のため、メールアドレスまたは口座番号を入力してください。",
    "field.too_long": "{max_length} 文字以内で入力してください。",
    "field.not_text": "文字列で指定してください。",
    "field.unknown_field": "存在しない項目です。",
    "field.duplicate_field": "この項目が二回以上指定されています。",
    "field.invalid": "値が正しくありません。",
    "field.invalid_email": "メールアドレスの形式が正しくありません。",
    "field.invalid_phone": "電話番号が正しくありません。海外の番号は国番号から入力してください（例: +44 20 7946 0000）。",
    "field.invalid_account": "口座番号の形式が正しくありません。",
    "field.invalid_category": "半角英小文字とアンダースコアのみ、40 文字以内で指定してください。",
    "field.invalid_language": "en または ja を指定してください。",
    "field.invalid_reference": "受付番号は CW-XXXX-XXXX-XXXX の形式です。",
}

WORDING = {"en": ENGLISH, "ja": JAPANESE}


def say(language: str, key: str, **values: object) -> str:
    """Say a sentence in a language we speak. Raises ``KeyError`` for a sentence nobody wrote."""
    return WORDING[language][key].format(**values)
