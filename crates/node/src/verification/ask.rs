//! Asking who answers for a pack: its labeler's node, or a responder by GS1 Lightweight Messaging.

use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use reqwest::{RequestBuilder, StatusCode};
use theriac_custody::lightweight::{
    CorrUuid, PathForm, SALEABLE_RETURN, VerifyAnswer, VerifyRequest, verdict,
};
use theriac_custody::verdict::Printed;
use theriac_custody::{Verdict, VerdictCode};
use theriac_gs1::{Identifier, Sgtin};
use theriac_store::{
    NewVerification, ResponderPath, VerificationDirection, VerificationOutcome,
    VerificationProtocol,
};

use super::breaker::Breakers;
use super::directory::{Route, Way};
use crate::alarm::Sight;
use crate::error::NodeError;
use crate::exchange::partner::{self, address};
use crate::node::Node;
use crate::report::{Evidence, Party, VerifyReport};
use crate::route::escape;

/// Longest answer that is read, in bytes.
const ANSWER_BYTES_MAX: usize = 1 << 20;

/// A question about a pack in hand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question<'a> {
    /// The code as it was given.
    pub(crate) code: &'a str,
    /// The pack.
    pub(crate) unit: &'a Sgtin,
    /// What its label says besides.
    pub(crate) printed: &'a Printed,
    /// Where and when it is in hand, for the alarm about copied packs.
    pub(crate) sight: &'a Sight,
}

/// Why a route led to no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Silence {
    /// Lightweight Messaging asks for all four data.
    #[error("lot and expiry are not in the code: scan the 2D code")]
    NotAsked,
    /// It has failed too often of late.
    #[error("it failed {failures} times in a row and is asked again after {until}")]
    LeftAlone {
        /// How often.
        failures: u32,
        /// Until when.
        until: String,
    },
    /// There was no answer.
    #[error("it could not be reached: {0}")]
    Unreachable(&'static str),
    /// It answered with a status that is no success.
    #[error("it answered with status {0}")]
    Status(u16),
    /// It answered, but not to this question.
    #[error("its answer cannot be used: {0}")]
    Unusable(String),
}

impl Silence {
    /// Whether the responder is to blame, so that its breaker counts it.
    fn is_failure(&self) -> bool {
        match self {
            Self::NotAsked | Self::LeftAlone { .. } => false,
            Self::Unreachable(_) | Self::Unusable(_) => true,
            Self::Status(status) => *status >= 500 || matches!(status, 408 | 429),
        }
    }
}

/// What came back.
struct Reply {
    status: StatusCode,
    body: Vec<u8>,
}

impl Node {
    /// Asks along one route.
    pub(crate) async fn ask_along(
        &self,
        route: &Route,
        question: Question<'_>,
    ) -> Result<Result<VerifyReport, Silence>, NodeError> {
        match route.way {
            Way::Lightweight(path) => self.ask_by_message(route, path, question).await,
            Way::Node => match self.ask_node(route, question).await? {
                // Something answers there that is no node of ours: perhaps it speaks the standard.
                Err(Silence::Status(400 | 404..=406)) => {
                    self.ask_by_message(route, ResponderPath::ShortNames, question).await
                }
                answer => Ok(answer),
            },
        }
    }

    /// Asks as one member's node asks another's.
    async fn ask_node(
        &self,
        route: &Route,
        question: Question<'_>,
    ) -> Result<Result<VerifyReport, Silence>, NodeError> {
        let target =
            format!("/verify?code={}{}", escape(question.code), question.sight.parameters());
        let correlation = CorrUuid::from_random(rand::random());
        let asked =
            self.archived(VerificationProtocol::Node, &correlation, route, &target, question);
        let headers = self.sign(route.gln, "GET", &target, &[]).await?;
        let sign = |mut request: RequestBuilder| {
            for (name, value) in headers.list() {
                request = request.header(name, value);
            }
            request
        };
        let identifier = Identifier::Sgtin(question.unit.clone()).digital_link();
        let read = |body: &[u8]| -> Result<(VerifyReport, Option<bool>), Silence> {
            let report: VerifyReport = serde_json::from_slice(body)
                .map_err(|error| Silence::Unusable(format!("it is no verdict: {error}")))?;
            if report.identifier != identifier {
                let found = report.identifier.chars().take(100).collect::<String>();
                return Err(Silence::Unusable(format!("it is about {found}")));
            }
            let verified = says(report.verdict.code);
            Ok((report, verified))
        };
        let answer = self.exchange(route, asked, sign, read).await?;
        if let Ok(report) = &answer
            && let Some(reason) = self.contradiction(report).await?
        {
            tracing::warn!(gln = %route.gln, reason, "a labeler's verdict contradicts the ledger");
            return Ok(Err(Silence::Unusable(format!("it contradicts the ledger: {reason}"))));
        }
        Ok(answer.map(|mut report| {
            report.code = question.code.to_owned();
            report.evidence.answered_by = "labeler".to_owned();
            report
        }))
    }

    /// Asks by GS1 Lightweight Messaging.
    pub(crate) async fn ask_by_message(
        &self,
        route: &Route,
        path: ResponderPath,
        question: Question<'_>,
    ) -> Result<Result<VerifyReport, Silence>, NodeError> {
        let Printed { lot: Some(lot), expiry: Some(expiry) } = question.printed else {
            return Ok(Err(Silence::NotAsked));
        };
        let request = VerifyRequest {
            unit: question.unit.clone(),
            lot: lot.clone(),
            expiry: *expiry,
            context: SALEABLE_RETURN.to_owned(),
            requester: self.gln(),
            correlation: CorrUuid::from_random(rand::random()),
            check_connectivity: false,
        };
        let target = request.target(match path {
            ResponderPath::ShortNames => PathForm::ShortNames,
            ResponderPath::Ai => PathForm::Ai,
        });
        let protocol = VerificationProtocol::Lightweight;
        let asked = self.archived(protocol, &request.correlation, route, &target, question);
        let headers = self.sign(route.gln, "GET", &target, &[]).await?;
        let sign = |mut request: RequestBuilder| {
            for (name, value) in headers.list() {
                request = request.header(name, value);
            }
            request
        };
        let read = |body: &[u8]| -> Result<(VerifyAnswer, Option<bool>), Silence> {
            let answer = VerifyAnswer::read(body, &request.correlation)
                .map_err(|error| Silence::Unusable(error.to_string()))?;
            let verified = answer.data.verified;
            Ok((answer, Some(verified)))
        };
        let answer = self.exchange(route, asked, sign, read).await?;
        Ok(answer.map(|answer| {
            let verdict = verdict(&answer.data, route.gln, *expiry, self.today());
            let evidence = Evidence { answered_by: "responder".to_owned(), ..Evidence::default() };
            self.said(question, route, verdict, evidence)
        }))
    }

    /// The report of what a responder said.
    pub(super) fn said(
        &self,
        question: Question<'_>,
        route: &Route,
        verdict: Verdict,
        evidence: Evidence,
    ) -> VerifyReport {
        let name = route.contact.clone().unwrap_or_default();
        VerifyReport {
            verdict,
            code: question.code.to_owned(),
            repairs: Vec::new(),
            identifier: Identifier::Sgtin(question.unit.clone()).digital_link(),
            lot: question.printed.lot.as_ref().map(ToString::to_string),
            expiry: question.printed.expiry.map(|expiry| expiry.to_string()),
            labeler: Some(Party { gln: route.gln, name }),
            evidence,
            condition: None,
            cause: None,
            jurisdiction: None,
            alarm: None,
            unanswered: None,
        }
    }

    fn archived(
        &self,
        protocol: VerificationProtocol,
        correlation: &CorrUuid,
        route: &Route,
        target: &str,
        question: Question<'_>,
    ) -> NewVerification {
        NewVerification {
            direction: VerificationDirection::Asked,
            protocol,
            correlation: correlation.to_string(),
            unit: question.unit.clone(),
            lot: question.printed.lot.clone(),
            expiry: question.printed.expiry,
            requester: self.gln(),
            responder: Some(route.gln.to_string()),
            url: Some(route.url.clone()),
            request: target.to_owned(),
            asked_at: self.now().as_millisecond(),
        }
    }

    /// Sends one question past the breaker of its responder; question and answer are archived.
    async fn exchange<T>(
        &self,
        route: &Route,
        asked: NewVerification,
        sign: impl FnOnce(RequestBuilder) -> RequestBuilder,
        read: impl FnOnce(&[u8]) -> Result<(T, Option<bool>), Silence>,
    ) -> Result<Result<T, Silence>, NodeError> {
        if let Err(open) = self.breakers().ask(&route.url, self.now().as_millisecond()) {
            let until = Timestamp::from_millisecond(open.until)
                .map_or_else(|_| open.until.to_string(), |until| until.to_string());
            return Ok(Err(Silence::LeftAlone { failures: open.failures, until }));
        }
        let store = &self.inner().store;
        let mut tx = store.write().await?;
        let id = tx.insert_verification(&asked, None).await?;
        tx.commit().await?;
        let reply = self.get_from(&route.url, &asked.request, sign).await;
        let mut outcome =
            VerificationOutcome { answered_at: self.now().as_millisecond(), ..Default::default() };
        let result = match reply {
            Ok(reply) => {
                outcome.status = Some(reply.status.as_u16());
                outcome.answer = Some(String::from_utf8_lossy(&reply.body).into_owned());
                match reply.status {
                    StatusCode::OK => read(&reply.body),
                    status => Err(Silence::Status(status.as_u16())),
                }
            }
            Err(silence) => Err(silence),
        };
        let now = self.now().as_millisecond();
        match &result {
            Err(silence) if silence.is_failure() => self.breakers().failed(&route.url, now),
            _ => self.breakers().answered(&route.url),
        }
        match &result {
            Ok((_, verified)) => outcome.verified = *verified,
            Err(silence) => outcome.error = Some(silence.to_string()),
        }
        let mut tx = store.write().await?;
        tx.end_verification(id, &outcome).await?;
        tx.commit().await?;
        if let Err(silence) = &result {
            tracing::info!(gln = %route.gln, %silence, "a responder did not answer");
        }
        Ok(result.map(|(answer, _)| answer))
    }

    async fn get_from(
        &self,
        base: &str,
        target: &str,
        sign: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Result<Reply, Silence> {
        let url = address(base, target)
            .ok_or(Silence::Unreachable("its address is not the base URL of a service"))?;
        let timeout = Duration::from_millis(self.config().verification.timeout_ms);
        let request = self.inner().http.get(url).header("accept", "application/json");
        let response = sign(request).timeout(timeout).send().await.map_err(unreachable)?;
        let status = response.status();
        let body = partner::read(response, ANSWER_BYTES_MAX)
            .await
            .ok_or(Silence::Unreachable("its answer broke off or is too long"))?;
        Ok(Reply { status, body })
    }

    fn breakers(&self) -> MutexGuard<'_, Breakers> {
        self.inner().verifications.breakers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What an error of the client is in words that name no URL.
fn unreachable(error: reqwest::Error) -> Silence {
    Silence::Unreachable(match &error {
        error if error.is_timeout() => "it did not answer in time",
        error if error.is_connect() => "it takes no connection",
        _ => "the connection broke",
    })
}

/// Whether a verdict says that the pack is genuine; `None` if nobody could say.
fn says(code: VerdictCode) -> Option<bool> {
    match code {
        VerdictCode::Genuine | VerdictCode::NotHere => Some(true),
        VerdictCode::Unknown => None,
        _ => Some(false),
    }
}
