from __future__ import annotations

import pytest

from tests.unit.web_form.counter_of_forms import FORM, Counter


def test_a_problem_document_says_what_happened_and_where() -> None:
    answer = Counter().send(email="alice")

    assert answer.status == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.body == {
        "type": "urn:casework:problem:invalid-fields",
        "title": "Some fields need your attention",
        "status": 400,
        "detail": "Please correct the fields listed and send the form again.",
        "instance": "urn:casework:request:request-1",
        "errors": [{"pointer": "#/email", "code": "invalid_email", "message": "This is not a valid e-mail address."}],
    }


def test_every_wrong_field_is_named_at_once() -> None:
    answer = Counter().post(
        {
            "description": " \u3000\n",
            "subject": "x" * 201,
            "name": 7,
            "account": "?",
            "phone": "12",
            "category": "Fraud!",
            "language": "fr",
            "reference": "42",
            "token": "x",
        }
    )

    assert answer.complaints == {
        "#/description": "required",
        "#/subject": "too_long",
        "#/name": "not_text",
        "#/account": "invalid_account",
        "#/phone": "invalid_phone",
        "#/category": "invalid_category",
        "#/language": "invalid_language",
        "#/reference": "invalid_reference",
        "#/token": "unknown_field",
    }


def test_an_empty_form_asks_for_a_description_and_a_way_to_answer() -> None:
    assert Counter().post({}).complaints == {"#/description": "required", "#/email": "required"}


def test_the_complaint_about_a_missing_address_says_what_would_do_instead() -> None:
    errors = Counter().post({"description": "Help"}).body["errors"]

    assert errors[0]["message"] == "Please give an e-mail address, or your account number, so that we can answer."


@pytest.mark.parametrize("email", [{}, {"email": ""}, {"email": None}, {"email": "\u3000"}])
def test_an_account_is_a_way_to_answer(email: dict[str, object]) -> None:
    assert Counter().post({"description": "Help", "account": "A1002003", **email}).status == 201


def test_being_signed_in_is_a_way_to_answer() -> None:
    assert Counter().post({"description": "Help"}, claims={"sub": "A1002003"}).status == 201


def test_a_telephone_number_alone_is_no_way_to_answer() -> None:
    assert Counter().post({"description": "Help", "phone": "+442079460123"}).complaints == {"#/email": "required"}


def test_what_was_left_empty_was_left_out() -> None:
    counter = Counter()

    answer = counter.send(subject="", name="  ", account="", phone="", category="", language="", reference=None)

    assert answer.status == 201
    assert len(counter.desk.message.identities) == 1
    assert counter.desk.message.references == ()


@pytest.mark.parametrize(("field", "longest"), [("description", 20_000), ("subject", 200), ("name", 100)])
def test_texts_are_limited_in_characters_not_bytes(field: str, longest: int) -> None:
    assert Counter().post({**FORM, field: "出" * longest}).status == 201
    assert Counter().post({**FORM, field: "出" * (longest + 1)}).complaints == {f"#/{field}": "too_long"}


def test_the_complaint_about_a_long_text_names_its_limit() -> None:
    errors = Counter().post({**FORM, "name": "x" * 101}, headers={"Accept-Language": "ja"}).body["errors"]

    assert errors[0]["message"] == "100 文字以内で入力してください。"


def test_blanks_around_a_text_do_not_count_and_those_inside_are_kept() -> None:
    counter = Counter()

    counter.send(description="\n" + "x" * 19_997 + "\n\tx" + "\u3000" * 50, name=" 山田　太郎 ")

    assert counter.desk.message.text.endswith("x\n\tx")
    assert counter.desk.message.sender.startswith("山田　太郎 <")


def test_a_subject_stays_on_one_line() -> None:
    counter = Counter()

    counter.send(subject="Hello\r\nBcc: everyone\u2028x")

    assert counter.desk.message.subject == "Hello Bcc: everyone x"


@pytest.mark.parametrize("value", [7, 1.5, True, [], {}, ["x"]])
@pytest.mark.parametrize("field", ["description", "subject", "email", "category", "language"])
def test_nothing_but_text_is_a_text(field: str, value: object) -> None:
    answer = Counter().send(**{field: value})

    assert answer.status == 400
    assert list(answer.complaints) == [f"#/{field}"]


def test_an_unknown_field_is_named_as_a_json_pointer() -> None:
    assert Counter().send(**{"a/b~c d": "x", "名": "x"}).complaints == {
        "#/a~1b~0c%20d": "unknown_field",
        "#/%E5%90%8D": "unknown_field",
    }


def test_no_value_a_customer_typed_is_repeated() -> None:
    answer = Counter().post({"description": "x", "email": "swordfish", "phone": "swordfish", "reference": "swordfish"})

    assert len(answer.complaints) == 3
    assert "swordfish" not in answer.text
