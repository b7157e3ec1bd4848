"""What moto's CloudFormation does not know of our resources, or forgets, taught.

Each type below is created in moto's own backend of its service, through which the functions, the tests and the dispatcher
then see it like anything else. Two kinds of lesson:

* ``@creates``: a type moto's CloudFormation does not have, though moto has the service;
* ``@completes``: a type it has, but of which it drops properties that this system lives on.
"""

from __future__ import annotations

import json
import secrets
import string
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any
from unittest.mock import patch

from moto.apigatewayv2.models import apigatewayv2_backends
from moto.awslambda.models import LambdaFunction, LayerVersion
from moto.awslambda.utils import get_backend as lambda_backend
from moto.cloudformation import parsing
from moto.core.common_models import CloudFormationModel
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.table import Table
from moto.events.models import EventBus
from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, Role, iam_backends
from moto.s3.models import FakeBucket, s3_backends
from moto.scheduler.models import scheduler_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

Json = dict[str, Any]
PARTITION = "aws"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a resource is made, and the name CloudFormation made up for it."""

    account: str
    region: str
    name: str


@dataclass(frozen=True, slots=True)
class Made:
    """What ``!Ref`` gives for a new resource, and what ``!GetAtt`` gives."""

    identity: str
    attributes: Mapping[str, str]


_IDENTITIES: dict[Any, str] = {EventBus: "name", LayerVersion: "arn"}
"""Models without an identity, and what it is: without one, ``!Ref`` gives moto's object itself."""

Creation = Callable[[Place, Json], Made]
Completion = Callable[[Place, Json, Any], None]

_CREATIONS: dict[str, Creation] = {}
_COMPLETIONS: dict[Any, Completion] = {}


def creates(kind: str) -> Callable[[Creation], Creation]:
    """Register how a type is made that moto's CloudFormation lacks."""

    def register(creation: Creation) -> Creation:
        _CREATIONS[kind] = creation
        return creation

    return register


def completes(model: Any) -> Callable[[Completion], Completion]:
    """Register what is left to do after moto's CloudFormation made one of these."""

    def register(completion: Completion) -> Completion:
        _COMPLETIONS[model] = completion
        return completion

    return register


def known(kind: str) -> bool:
    """Whether resources of this type can be deployed while ``taught()`` is entered."""
    return kind in _CREATIONS or kind in parsing.get_model_map()


@contextmanager
def taught() -> Iterator[None]:
    """Let moto's CloudFormation know everything in this module while entered."""
    with ExitStack() as stack:
        models = {kind: _model(kind, creation) for kind, creation in _CREATIONS.items()}
        stack.enter_context(patch.dict(parsing.get_model_map(), models))
        stack.enter_context(patch.dict(parsing.get_name_type_map(), dict.fromkeys(models, "")))
        for model, completion in _COMPLETIONS.items():
            stack.enter_context(patch.object(model, "create_from_cloudformation_json", _completed(model, completion)))
        for model, attribute in _IDENTITIES.items():
            stack.enter_context(patch.object(model, "physical_resource_id", property(attrgetter(attribute)), create=True))
        yield


# --- types moto's CloudFormation lacks ----------------------------------------------------------------------------------


@creates("AWS::SecretsManager::Secret")
def _secret(place: Place, properties: Json) -> Made:
    text = properties.get("SecretString") or _generated(properties.get("GenerateSecretString", {}))
    made = secretsmanager_backends[place.account][place.region].create_secret(
        name=properties.get("Name", place.name),
        secret_string=text,
        secret_binary=None,
        description=properties.get("Description"),
        tags=properties.get("Tags"),
        kms_key_id=properties.get("KmsKeyId"),
        client_request_token=None,
        replica_regions=[],
        force_overwrite=False,
    )
    arn = json.loads(made)["ARN"]
    return Made(arn, {"Id": arn})


def _generated(wanted: Json) -> str:
    alphabet = string.ascii_letters + string.digits + ("" if wanted.get("ExcludePunctuation") else string.punctuation)
    allowed = [letter for letter in alphabet if letter not in wanted.get("ExcludeCharacters", "")]
    password = "".join(secrets.choice(allowed) for _ in range(int(wanted.get("PasswordLength", 32))))
    if "GenerateStringKey" not in wanted:
        return password
    return json.dumps(json.loads(wanted["SecretStringTemplate"]) | {wanted["GenerateStringKey"]: password})


@creates("AWS::SQS::QueuePolicy")
def _queue_policy(place: Place, properties: Json) -> Made:
    for url in properties["Queues"]:
        queue = sqs_backends[place.account][place.region].get_queue(url.rsplit("/", 1)[-1])
        queue.policy = json.dumps(properties["PolicyDocument"])
    return Made(place.name, {})


@creates("AWS::SNS::TopicPolicy")
def _topic_policy(place: Place, properties: Json) -> Made:
    for arn in properties["Topics"]:
        sns_backends[place.account][place.region].get_topic(arn).policy = json.dumps(properties["PolicyDocument"])
    return Made(place.name, {})


@creates("AWS::SNS::Subscription")
def _subscription(place: Place, properties: Json) -> Made:
    backend = sns_backends[place.account][place.region]
    made = backend.subscribe(properties["TopicArn"], properties["Endpoint"], properties["Protocol"])
    for name in ("FilterPolicy", "FilterPolicyScope", "RawMessageDelivery"):
        if name in properties:
            backend.set_subscription_attributes(made.arn, name, _attribute(properties[name]))
    return Made(made.arn, {})


def _attribute(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


@creates("AWS::ApiGatewayV2::Api")
def _api(place: Place, properties: Json) -> Made:
    backend = apigatewayv2_backends[place.account][place.region]
    api = backend.create_api(
        name=properties.get("Name", place.name),
        protocol_type=properties.get("ProtocolType", "HTTP"),
        cors_configuration=properties.get("CorsConfiguration"),  # type: ignore[arg-type]
        description=properties.get("Description", ""),
        api_key_selection_expression="",
        disable_schema_validation="",
        disable_execute_api_endpoint=properties.get("DisableExecuteApiEndpoint", ""),
        route_selection_expression="",
        tags=properties.get("Tags", {}),
        version=properties.get("Version", ""),
    )
    if "Body" in properties:
        api.import_api(json.dumps(properties["Body"]), fail_on_warnings=False)
        _authorize(api, properties["Body"])
    return Made(api.api_id, {"ApiEndpoint": api.api_endpoint, "ApiId": api.api_id})


def _authorize(api: Any, body: Json) -> None:
    """Authorizers, and which routes have one: moto's import passes them over."""
    schemes = (body.get("components") or {}).get("securitySchemes") or {}
    made = {name: _authorizer(api, name, each["x-amazon-apigateway-authorizer"]) for name, each in schemes.items()}
    for route in api.routes.values():
        method, _, path = route.route_key.partition(" ")
        for name in [name for each in body["paths"][path][method.lower()].get("security", ()) for name in each]:
            route.authorization_type, route.authorizer_id = "JWT", made[name].id


def _authorizer(api: Any, name: str, source: Json) -> Any:
    absent = ("auth_creds_arn", "auth_payload_format_version", "auth_result_ttl", "authorizer_uri", "enable_simple_response")
    return api.create_authorizer(
        **dict.fromkeys((*absent, "identity_validation_expr")),
        authorizer_type="JWT",
        identity_source=[source["identitySource"]],
        jwt_config=source["jwtConfiguration"],
        name=name,
    )


@creates("AWS::Scheduler::Schedule")
def _schedule(place: Place, properties: Json) -> Made:
    made = scheduler_backends[place.account][place.region].create_schedule(
        name=properties.get("Name", place.name),
        group_name=properties.get("GroupName", "default"),
        schedule_expression=properties["ScheduleExpression"],
        schedule_expression_timezone=properties.get("ScheduleExpressionTimezone", "UTC"),
        flexible_time_window=properties["FlexibleTimeWindow"],
        target=properties["Target"],
        state=properties.get("State", "ENABLED"),
        description=properties.get("Description", ""),
        start_date=properties.get("StartDate"),  # type: ignore[arg-type]
        end_date=properties.get("EndDate"),  # type: ignore[arg-type]
        kms_key_arn=properties.get("KmsKeyArn"),  # type: ignore[arg-type]
        action_after_completion=None,
    )
    return Made(made.name, {"Arn": made.arn})


@creates("AWS::Lambda::EventInvokeConfig")
def _event_invoke_config(place: Place, properties: Json) -> Made:
    name = properties["FunctionName"]
    wanted = ("DestinationConfig", "MaximumEventAgeInSeconds", "MaximumRetryAttempts")
    config = {key: properties[key] for key in wanted if properties.get(key) not in (None, {})}
    lambda_backend(place.account, place.region).put_function_event_invoke_config(name, config)
    return Made(place.name, {})


def _model(kind: str, creation: Creation) -> type[CloudFormationModel]:
    """Make the class that moto's CloudFormation wants for a type."""

    class Taught:
        def __init__(self, made: Made) -> None:
            self.physical_resource_id = made.identity
            self.attributes = made.attributes

        @classmethod
        def has_cfn_attr(cls, attr: str) -> bool:
            return bool(attr)

        def is_created(self) -> bool:
            return True

        def get_cfn_attribute(self, attribute: str) -> str:
            return self.attributes[attribute]

        @classmethod
        def create_from_cloudformation_json(cls, name: str, source: Json, account: str, region: str, **_: Any) -> Taught:
            return cls(creation(Place(account, region, name), source.get("Properties", {})))

    Taught.__name__ = kind
    return Taught  # type: ignore[return-value]


# --- types moto's CloudFormation half knows ------------------------------------------------------------------------------


@completes(FakeBucket)
def _bucket(place: Place, properties: Json, bucket: Any) -> None:
    """Versions, and whether EventBridge hears of new objects."""
    backend = s3_backends[place.account][PARTITION]
    if "VersioningConfiguration" in properties:
        backend.put_bucket_versioning(bucket.name, properties["VersioningConfiguration"]["Status"])
    notification = properties.get("NotificationConfiguration", {})
    if "EventBridgeConfiguration" in notification:
        backend.put_bucket_notification_configuration(bucket.name, {"EventBridgeConfiguration": {}})


@completes(LambdaFunction)
def _function(_: Place, properties: Json, function: Any) -> None:
    """Layers: what the function can import."""
    function.layers = function._get_layers_data(properties.get("Layers", []))


@completes(Role)
def _role(place: Place, properties: Json, role: Any) -> None:
    """Policies as JSON, and managed ones. AWS's own are only looked up when asked for: there are over a thousand."""
    role.policies.update({name: json.dumps(document) for name, document in role.policies.items() if isinstance(document, dict)})
    backend = iam_backends[place.account][PARTITION]
    for arn in properties.get("ManagedPolicyArns", []):
        if arn not in backend.managed_policies:
            name = arn.rsplit("/", 1)[-1]
            source = _aws_managed_policies()[name]
            backend.managed_policies[arn] = AWSManagedPolicy.from_data(name, place.account, place.region, source)
        backend.attach_role_policy(arn, role.name)


@cache
def _aws_managed_policies() -> Json:
    found: Json = json.loads(aws_managed_policies_data)
    return found


@completes(Table)
def _table(place: Place, properties: Json, table: Any) -> None:
    """When items expire."""
    backend = dynamodb_backends[place.account][place.region]
    if "TimeToLiveSpecification" in properties:
        backend.update_time_to_live(table.name, properties["TimeToLiveSpecification"])


def _completed(model: Any, completion: Completion) -> Any:
    original = model.create_from_cloudformation_json

    def create(_: Any, /, name: str, source: Json, account: str, region: str, **rest: Any) -> Any:
        made = original(name, source, account, region, **rest)
        completion(Place(account, region, name), source.get("Properties", {}), made)
        return made

    return classmethod(create)
