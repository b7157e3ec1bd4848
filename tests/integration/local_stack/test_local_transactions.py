"""moto's transactions, as local/aws/transactions.py puts them right. The business leans on exactly these promises."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import boto3
import moto
import pytest
from botocore.exceptions import ClientError

from local.aws import transactions

TABLE = "cases"


@pytest.fixture
def dynamodb() -> Iterator[Any]:
    with moto.mock_aws(), transactions.corrected():
        client = boto3.client("dynamodb", region_name="ap-northeast-1")
        keys = ("pk", "sk")
        client.create_table(
            TableName=TABLE,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        )
        yield client


def item(pk: str, **attributes: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": "-"}} | {name: {"S": value} for name, value in attributes.items()}


def put(pk: str, *, if_new: bool = True, **attributes: str) -> dict[str, Any]:
    condition = {"ConditionExpression": "attribute_not_exists(pk)"} if if_new else {}
    return {"Put": {"TableName": TABLE, "Item": item(pk, **attributes), **condition}}


def set_to(pk: str, value: str, **more: Any) -> dict[str, Any]:
    expression = {"UpdateExpression": "SET v = :v", "ExpressionAttributeValues": {":v": {"S": value}}}
    return {"Update": {"TableName": TABLE, "Key": item(pk), **expression, **more}}


def records(client: Any) -> list[dict[str, Any]]:
    streams = boto3.client("dynamodbstreams", region_name="ap-northeast-1")
    arn = client.describe_table(TableName=TABLE)["Table"]["LatestStreamArn"]
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    return cast("list[dict[str, Any]]", streams.get_records(ShardIterator=iterator)["Records"])


def announced(client: Any) -> list[tuple[str, str]]:
    return [(record["eventName"], record["dynamodb"]["Keys"]["pk"]["S"]) for record in records(client)]


def reasons(error: pytest.ExceptionInfo[ClientError]) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", error.value.response["CancellationReasons"])


def test_of_eight_who_race_for_one_claim_exactly_one_wins_in_each_of_two_hundred_rounds(dynamodb: Any) -> None:
    def claim(round_and_racer: tuple[int, int]) -> bool:
        number, racer = round_and_racer
        try:
            dynamodb.transact_write_items(TransactItems=[put(f"claim-{number}"), put(f"case-{number}-{racer}")])
        except dynamodb.exceptions.TransactionCanceledException:
            return False
        return True

    with ThreadPoolExecutor(8) as racers:
        winners = [sum(racers.map(claim, [(number, racer) for racer in range(8)])) for number in range(200)]

    assert winners == [1] * 200
    assert len(announced(dynamodb)) == 400


def test_a_counter_that_eight_threads_raise_under_its_version_loses_no_step(dynamodb: Any) -> None:
    dynamodb.put_item(TableName=TABLE, Item=item("counter") | {"n": {"N": "0"}})

    def raise_once(_: int) -> None:
        while True:
            seen = dynamodb.get_item(TableName=TABLE, Key=item("counter"))["Item"]["n"]["N"]
            values = {":seen": {"N": seen}, ":next": {"N": str(int(seen) + 1)}}
            step = {"UpdateExpression": "SET n = :next", "ConditionExpression": "n = :seen", "ExpressionAttributeValues": values}
            try:
                dynamodb.transact_write_items(TransactItems=[{"Update": {"TableName": TABLE, "Key": item("counter"), **step}}])
            except dynamodb.exceptions.TransactionCanceledException:
                continue
            return

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(raise_once, range(40)))

    assert dynamodb.get_item(TableName=TABLE, Key=item("counter"))["Item"]["n"] == {"N": "40"}


def test_one_failed_condition_leaves_nothing_behind_and_announces_nothing(dynamodb: Any) -> None:
    dynamodb.put_item(TableName=TABLE, Item=item("taken", v="old"))

    with pytest.raises(dynamodb.exceptions.TransactionCanceledException) as error:
        dynamodb.transact_write_items(TransactItems=[put("new"), put("taken")])

    assert [reason["Code"] for reason in reasons(error)] == ["None", "ConditionalCheckFailed"]
    assert "Item" not in dynamodb.get_item(TableName=TABLE, Key=item("new"))
    assert announced(dynamodb) == [("INSERT", "taken")]


def test_a_refused_transaction_shows_the_item_that_stood_in_the_way_if_asked(dynamodb: Any) -> None:
    dynamodb.put_item(TableName=TABLE, Item=item("taken", v="old"))
    claim = put("taken")
    claim["Put"]["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"

    with pytest.raises(dynamodb.exceptions.TransactionCanceledException) as error:
        dynamodb.transact_write_items(TransactItems=[claim])

    assert reasons(error)[0]["Item"] == item("taken", v="old")


def test_a_write_that_fails_after_others_takes_them_back(dynamodb: Any) -> None:
    dynamodb.put_item(TableName=TABLE, Item=item("kept", v="old"))
    impossible = {"UpdateExpression": "SET v = v + :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}
    broken = {"Update": {"TableName": TABLE, "Key": item("kept"), **impossible}}

    with pytest.raises(ClientError):
        dynamodb.transact_write_items(TransactItems=[put("new"), {"Delete": {"TableName": TABLE, "Key": item("other")}}, broken])

    assert "Item" not in dynamodb.get_item(TableName=TABLE, Key=item("new"))
    assert dynamodb.get_item(TableName=TABLE, Key=item("kept"))["Item"] == item("kept", v="old")
    assert announced(dynamodb) == [("INSERT", "kept")]


def test_every_item_of_a_transaction_is_announced_once_with_what_it_was_and_is(dynamodb: Any) -> None:
    dynamodb.put_item(TableName=TABLE, Item=item("old", v="1"))

    dynamodb.transact_write_items(TransactItems=[put("new", v="1"), set_to("old", "2"), set_to("made by an update", "3")])

    assert announced(dynamodb) == [("INSERT", "old"), ("INSERT", "new"), ("MODIFY", "old"), ("INSERT", "made by an update")]
    changed, made = records(dynamodb)[2:]
    assert (changed["dynamodb"]["OldImage"]["v"], changed["dynamodb"]["NewImage"]["v"]) == ({"S": "1"}, {"S": "2"})
    assert made["dynamodb"]["NewImage"] == item("made by an update", v="3")


def test_an_update_that_makes_an_item_is_one_insert_and_one_that_changes_nothing_is_silent(dynamodb: Any) -> None:
    for _ in range(2):
        dynamodb.update_item(
            TableName=TABLE, **{key: value for key, value in set_to("x", "1")["Update"].items() if key != "TableName"}
        )

    assert announced(dynamodb) == [("INSERT", "x")]
    assert records(dynamodb)[0]["dynamodb"]["NewImage"] == item("x", v="1")


def test_two_actions_on_one_item_are_refused(dynamodb: Any) -> None:
    with pytest.raises(ClientError, match="multiple operations on one item"):
        dynamodb.transact_write_items(TransactItems=[put("x"), set_to("x", "1")])


def test_a_transaction_repeated_under_its_token_succeeds_without_effect(dynamodb: Any) -> None:
    for _ in range(2):
        dynamodb.transact_write_items(TransactItems=[put("x")], ClientRequestToken="the answer was lost")

    assert announced(dynamodb) == [("INSERT", "x")]


def test_a_token_used_for_another_transaction_is_refused(dynamodb: Any) -> None:
    dynamodb.transact_write_items(TransactItems=[put("x")], ClientRequestToken="token")

    with pytest.raises(dynamodb.exceptions.IdempotentParameterMismatchException):
        dynamodb.transact_write_items(TransactItems=[put("y")], ClientRequestToken="token")


def test_a_check_alone_guards_a_transaction_without_writing(dynamodb: Any) -> None:
    check = {"ConditionCheck": {"TableName": TABLE, "Key": item("gone"), "ConditionExpression": "attribute_exists(pk)"}}

    with pytest.raises(dynamodb.exceptions.TransactionCanceledException) as error:
        dynamodb.transact_write_items(TransactItems=[check, put("x")])

    assert [reason["Code"] for reason in reasons(error)] == ["ConditionalCheckFailed", "None"]
    assert announced(dynamodb) == []
