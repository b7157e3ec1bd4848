"""Which permissions a call of an AWS API needs: operation and parameters -> actions on ARNs, as IAM would ask.

Source: Service Authorization Reference, as far as this system's calls go. An operation that is not listed needs an action of
its own name on ``*``, which only a policy for ``*`` grants: new calls show themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from local.aws.account import NUMBER, REGION
from local.aws.policies import Request, Values

Params = Mapping[str, Any]
HashKey = Callable[[str], str]
"""Name of the partition key of a table."""

_PREFIX = f"arn:aws:{{}}:{REGION}:{NUMBER}:"
_IN_TRANSACTION = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
_OF_ONE_ITEM = {"GetItem": "Key", "PutItem": "Item", "UpdateItem": "Key", "DeleteItem": "Key"}


def needed(service: str, operation: str, params: Params, hash_key: HashKey) -> tuple[Request, ...]:
    """Give what a call needs, in the order of its parts. ``service`` and ``operation`` are botocore's names."""
    if service == "dynamodb":
        return tuple(_dynamodb(operation, params, hash_key))
    if service in _SERVICES:
        return tuple(_SERVICES[service](operation, params))
    return (Request(f"{service}:{operation}", "*"),)


def arn(service: str, name: str) -> str:
    """Complete the ARN of something in this account and region."""
    return _PREFIX.format(service) + name


# --- DynamoDB ---------------------------------------------------------------------------------------------------------


def _dynamodb(operation: str, params: Params, hash_key: HashKey) -> Iterator[Request]:
    if operation == "TransactWriteItems":
        for action in params["TransactItems"]:
            kind, part = next(iter(action.items()))
            yield _item(_IN_TRANSACTION[kind], part, "Item" if kind == "Put" else "Key", hash_key)
    elif operation == "TransactGetItems":
        for action in params["TransactItems"]:
            yield _item("GetItem", action["Get"], "Key", hash_key)
    elif operation in {"BatchGetItem", "BatchWriteItem"}:
        for table, wanted in params["RequestItems"].items():
            yield _table(operation, table, _leading(_keys(wanted), hash_key(_bare(table))))
    elif operation in _OF_ONE_ITEM:
        yield _item(operation, params, _OF_ONE_ITEM[operation], hash_key)
    else:
        yield _indexed(operation, params, hash_key)


def _item(action: str, part: Params, source: str, hash_key: HashKey) -> Request:
    table = part["TableName"]
    return _table(action, table, _leading([part[source]], hash_key(_bare(table))))


def _indexed(operation: str, params: Params, hash_key: HashKey) -> Request:
    table = _bare(params.get("TableName", "*"))
    if "IndexName" in params:
        return Request(f"dynamodb:{operation}", arn("dynamodb", f"table/{table}/index/{params['IndexName']}"))
    leading = _queried(params, hash_key(table)) if operation == "Query" else ()
    return _table(operation, table, leading)


def _queried(params: Params, hash_key: str) -> Values:
    """Find the partition that a key condition names, as IAM does for dynamodb:LeadingKeys."""
    names = {placeholder: name for placeholder, name in params.get("ExpressionAttributeNames", {}).items() if name == hash_key}
    wanted = "|".join(re.escape(name) for name in (hash_key, *names))
    found = re.search(rf"(?<![\w:#])(?:{wanted})\s*=\s*(:\w+)", params.get("KeyConditionExpression", ""))
    return _leading([{hash_key: params["ExpressionAttributeValues"][found[1]]}], hash_key) if found else ()


def _keys(wanted: Any) -> list[Any]:
    if isinstance(wanted, Mapping):
        return list(wanted["Keys"])
    return [request.get("PutRequest", {}).get("Item") or request["DeleteRequest"]["Key"] for request in wanted]


def _leading(items: list[Any], hash_key: str) -> Values:
    values = (item[hash_key] for item in items)
    return tuple(str(next(iter(value.values()))) if isinstance(value, Mapping) else str(value) for value in values)


def _table(action: str, table: str, leading: Values) -> Request:
    conditions = {"dynamodb:LeadingKeys": leading} if leading else {}
    return Request(f"dynamodb:{action}", arn("dynamodb", f"table/{_bare(table)}"), conditions)


def _bare(table: str) -> str:
    return table.rsplit("/", 1)[-1]


# --- other services ---------------------------------------------------------------------------------------------------


def _s3(operation: str, params: Params) -> Iterator[Request]:
    bucket = f"arn:aws:s3:::{params.get('Bucket', '')}"
    if operation == "CopyObject":
        yield from _s3("GetObject", _copied(params["CopySource"]))
        yield from _s3("PutObject", params)
    elif operation in {"ListObjects", "ListObjectsV2", "HeadBucket"}:
        yield Request("s3:ListBucket", bucket)
    elif "Key" in params:
        name = {"HeadObject": "GetObject"}.get(operation, operation)
        versioned = "Version" if "VersionId" in params and name in {"GetObject", "DeleteObject", "GetObjectTagging"} else ""
        yield Request(f"s3:{name}{versioned}", f"{bucket}/{params['Key']}")
    else:
        yield Request(f"s3:{operation}", bucket if "Bucket" in params else "*")


def _copied(source: Any) -> Params:
    if isinstance(source, Mapping):
        return source
    bucket, _, key = source.lstrip("/").partition("/")
    return {"Bucket": bucket, "Key": key}


def _sns(operation: str, params: Params) -> Iterator[Request]:
    name = "Publish" if operation == "PublishBatch" else operation
    yield Request(f"sns:{name}", params.get("TopicArn") or params.get("TargetArn") or "*")


def _sqs(operation: str, params: Params) -> Iterator[Request]:
    queue = params.get("QueueUrl", params.get("QueueName", "*")).rsplit("/", 1)[-1]
    yield Request(f"sqs:{operation.removesuffix('Batch')}", arn("sqs", queue))


def _events(operation: str, params: Params) -> Iterator[Request]:
    if operation != "PutEvents":
        yield Request(f"events:{operation}", "*")
    for entry in params.get("Entries", ()):
        bus = entry.get("EventBusName", "default")
        resource = bus if bus.startswith("arn:") else arn("events", f"event-bus/{bus}")
        conditions = {"events:source": (entry["Source"],), "events:detail-type": (entry["DetailType"],)}
        yield Request("events:PutEvents", resource, conditions)


def _secretsmanager(operation: str, params: Params) -> Iterator[Request]:
    secret = params.get("SecretId", "*")
    resource = secret if secret.startswith(("arn:", "*")) else arn("secretsmanager", f"secret:{secret}-??????")
    yield Request(f"secretsmanager:{operation}", resource)


def _lambda(operation: str, params: Params) -> Iterator[Request]:
    name = params.get("FunctionName", "*")
    action = "InvokeFunction" if operation == "Invoke" else operation
    yield Request(f"lambda:{action}", name if name.startswith(("arn:", "*")) else arn("lambda", f"function:{name}"))


_SERVICES: dict[str, Callable[[str, Params], Iterator[Request]]] = {
    "s3": _s3,
    "sns": _sns,
    "sqs": _sqs,
    "events": _events,
    "secretsmanager": _secretsmanager,
    "lambda": _lambda,
}
