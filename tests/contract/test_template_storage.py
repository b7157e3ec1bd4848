"""What is kept, who can get at it, and what survives a mistake."""

from __future__ import annotations

import pytest

from tests.template_reader import BUCKETS, RESOURCES, TEMPLATE, listed, of_type, target

TABLE = RESOURCES["CaseTable"]["Properties"]
KEPT = ("CaseTable", "IdentitySecret", "OriginalsKey", "MailBucket", "TranscriptBucket", "UploadBucket")
ANNOUNCED = ("MailBucket", "TranscriptBucket")


@pytest.mark.parametrize("name", KEPT)
def test_what_cannot_be_made_again_outlives_the_stack(name: str) -> None:
    assert (RESOURCES[name]["DeletionPolicy"], RESOURCES[name]["UpdateReplacePolicy"]) == ("Retain", "Retain")


@pytest.mark.parametrize("name", sorted(BUCKETS))
def test_an_original_is_private(name: str) -> None:
    assert set(BUCKETS[name]["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(BUCKETS[name]["PublicAccessBlockConfiguration"]) == 4
    assert BUCKETS[name]["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}


@pytest.mark.parametrize("name", sorted(BUCKETS))
def test_an_original_is_encrypted_under_a_key_that_must_be_granted(name: str) -> None:
    (rule,) = BUCKETS[name]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert target(rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"]) == "OriginalsKey"


@pytest.mark.parametrize("name", sorted(BUCKETS))
def test_a_bucket_is_spoken_to_over_tls_or_not_at_all(name: str) -> None:
    (policy,) = [each for each in of_type("AWS::S3::BucketPolicy").values() if target(each["Bucket"]) == name]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
    assert {target(each) for each in listed(statement["Resource"])} == {name, f"{name}/*"}
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.parametrize("name", sorted(BUCKETS))
def test_an_original_is_forgotten_and_so_are_its_older_versions(name: str) -> None:
    assert BUCKETS[name]["VersioningConfiguration"] == {"Status": "Enabled"}
    (rule,) = BUCKETS[name]["LifecycleConfiguration"]["Rules"]
    assert (rule["Status"], rule["ExpirationInDays"]) == ("Enabled", {"Ref": "OriginalRetentionDays"})
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}
    assert TEMPLATE["Parameters"]["OriginalRetentionDays"]["Default"] <= 30


@pytest.mark.parametrize("name", ANNOUNCED)
def test_a_stored_original_is_announced(name: str) -> None:
    assert BUCKETS[name]["NotificationConfiguration"] == {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
    rules = [each["EventPattern"]["detail"]["bucket"]["name"] for each in arrivals()]
    assert [{"Ref": name}] in rules


def test_an_upload_announces_nothing_and_is_posted_by_the_pages_that_post_the_form() -> None:
    uploads = BUCKETS["UploadBucket"]
    assert "NotificationConfiguration" not in uploads
    (rule,) = uploads["CorsConfiguration"]["CorsRules"]
    assert (rule["AllowedOrigins"], rule["AllowedMethods"]) == ({"Ref": "CorsOrigins"}, ["POST"])


def arrivals() -> list[dict[str, dict[str, dict[str, dict[str, list[object]]]]]]:
    rules = of_type("AWS::Events::Rule").values()
    return [each for each in rules if each["EventPattern"].get("detail-type") == ["Object Created"]]


def test_mail_comes_over_tls_and_is_scanned() -> None:
    rule = RESOURCES["MailRule"]["Properties"]["Rule"]
    assert (rule["TlsPolicy"], rule["ScanEnabled"], rule["Enabled"]) == ("Require", True, True)
    (action,) = rule["Actions"]
    assert "KmsKeyArn" not in action["S3Action"], "SES would encrypt by itself, and the door could not read it"
    assert RESOURCES["MailRule"]["Condition"] == RESOURCES["MailWriter"]["Condition"] == "ReceivesMail"


def test_the_table_of_cases_can_be_restored_and_is_not_deleted_by_mistake() -> None:
    assert TABLE["BillingMode"] == "PAY_PER_REQUEST"
    assert TABLE["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert TABLE["SSESpecification"] == {"SSEEnabled": True}
    assert TABLE["DeletionProtectionEnabled"] == {"Fn::If": ["IsProtected", True, False]}
    assert TEMPLATE["Parameters"]["DeletionProtection"]["Default"] == "true"


def test_the_table_is_the_outbox_and_forgets_claims() -> None:
    assert TABLE["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert TABLE["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}


def test_the_table_has_the_keys_and_indexes_that_the_code_asks_for() -> None:
    indexes = {each["IndexName"]: each for each in TABLE["GlobalSecondaryIndexes"]}
    assert keys(TABLE) == ("pk", "sk")
    assert {name: keys(index) for name, index in indexes.items()} == {"due": ("due", "due_at"), "queue": ("queue", "queue_at")}
    assert indexes["queue"]["Projection"] == {"ProjectionType": "ALL"}
    assert set(indexes["due"]["Projection"]["NonKeyAttributes"]) == {"rung", "severity", "team"}
    declared = {each["AttributeName"]: each["AttributeType"] for each in TABLE["AttributeDefinitions"]}
    assert declared == dict.fromkeys(("pk", "sk", "due", "due_at", "queue", "queue_at"), "S")


def keys(indexed: dict[str, list[dict[str, str]]]) -> tuple[str, str]:
    by_kind = {each["KeyType"]: each["AttributeName"] for each in indexed["KeySchema"]}
    return by_kind["HASH"], by_kind["RANGE"]


@pytest.mark.parametrize("name", ["IdentitySecret", "LinkSecret", "FormSecret"])
def test_a_secret_is_made_by_aws_and_long(name: str) -> None:
    assert "SecretString" not in RESOURCES[name]["Properties"]
    assert RESOURCES[name]["Properties"]["GenerateSecretString"]["PasswordLength"] >= 64


@pytest.mark.parametrize("name", ["FraudTopic", "TrustTopic", "IdentityTopic"])
def test_a_topic_that_speaks_of_customers_is_encrypted(name: str) -> None:
    assert RESOURCES[name]["Properties"]["KmsMasterKeyId"] == "alias/aws/sns"
