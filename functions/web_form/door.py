"""The door's routes, and what every refusal behind them looks like: a problem document in the customer's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from casework import gateway
from casework.errors import Misconfigured, UnreadableMessage
from casework.gateway import Reply, Request
from functions.web_form import json_body, problems, publications
from functions.web_form.intake import SAFETY, Intake, answer, signed_in
from functions.web_form.language import preferred
from functions.web_form.problems import REFUSALS, Problem


@dataclass(frozen=True, slots=True)
class Door:
    """``note`` logs a named event with fields, ``warn`` one that somebody has to look after."""

    intake: Intake
    note: Callable[..., None]
    warn: Callable[..., None]

    def answer(self, event: object) -> Reply:
        """Of an HTTP API event. Raises ``NotOurEvent`` for any other event, and what is wrong on our side."""
        request = gateway.read(event)
        language = preferred(request.header("accept-language"))
        try:
            return ROUTES.get(request.route, Door._nothing)(self, request, language)
        except REFUSALS as refusal:
            if isinstance(refusal, Misconfigured):
                self.warn("deployment_broken", error=type(refusal).__name__, why=str(refusal), request=request.request_id)
            return self._refused(request, problems.about(refusal), language)

    def _form(self, request: Request, language: str) -> Reply:
        return self.intake.take(request, language)

    def _uploads(self, request: Request, _language: str) -> Reply:
        from functions.web_form import upload_request  # a model of pydantic's, which forms without files need not build

        account, proof = signed_in(request), self.intake.proof
        wanted = upload_request.read(json_body.of(request), self.intake.uploads.types)
        if proof and not account:
            proof.redeem(wanted.altcha, f"uploads:{request.request_id}", request.received_at)
        offered = self.intake.uploads.offer(wanted.files, account, request.received_at)
        self.note("uploads_offered", files=len(offered), signed_in=bool(account), request=request.request_id)
        return answer(201, {"uploads": offered}, {})

    def _challenge(self, request: Request, _language: str) -> Reply:
        if self.intake.proof is None:
            raise UnreadableMessage("not_found")
        return answer(200, self.intake.proof.challenge(request.received_at), {})

    def _published(self, request: Request, _language: str) -> Reply:
        return publications.serve(request.route)

    def _nothing(self, _request: Request, _language: str) -> Reply:
        raise UnreadableMessage("not_found")

    def _refused(self, request: Request, problem: Problem, language: str) -> Reply:
        codes = [complaint.code for complaint in problem.complaints]
        self.note("form_refused", status=problem.status, cause=problem.cause, codes=codes, request=request.request_id)
        headers = {"Content-Type": "application/problem+json", "Content-Language": language, **SAFETY, **problem.headers}
        return gateway.reply(problem.status, problem.document(language, request.request_id), headers)


ROUTES: dict[str, Callable[[Door, Request, str], Reply]] = {
    "POST /cases": Door._form,
    "POST /me/cases": Door._form,
    "POST /uploads": Door._uploads,
    "POST /me/uploads": Door._uploads,
    "GET /challenge": Door._challenge,
    **dict.fromkeys(publications.DOCUMENTS, Door._published),
}
"""By the gateway's key of a route. What is under ``/me`` has passed the gateway's check of a token."""
