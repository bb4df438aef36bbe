//! `/epcis/queries/{name}/events` by WebSocket: answers as they come, or by a schedule, while the
//! client is connected (EPCIS 2.0, section 12.7.6). Each message is an `EPCISQueryDocument` in JSON.
//!
//! Nothing is queued: the place of the client in the order of record is the queue, and the next
//! events are read once it took the last ones.

use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade, close_code};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use theriac_epcis::EpcFormat;
use theriac_node::{Live, LiveRequest, Schedule};
use theriac_query::EventQuery;
use theriac_store::NamedQueryRecord;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, interval_at};

use crate::epcis::exception::{Exception, ExceptionKind};
use crate::limits::{
    STREAM_MESSAGE_BYTES_MAX, STREAM_PING_TIME, STREAM_SEND_TIME_MAX, STREAMS_MAX,
};
use crate::service::Service;
use crate::socket::{Sent, TOO_SLOW, close, send};

/// The places for clients that listen.
static PLACES: Semaphore = Semaphore::const_new(STREAMS_MAX);

/// The parameters that say when answers are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    /// `None`: whenever an event comes.
    schedule: Option<Schedule>,
    report_if_empty: bool,
    initial_record_time: Option<Timestamp>,
}

impl Wanted {
    /// Takes the parameters out of the others; `None` if there are none.
    ///
    /// # Errors
    ///
    /// [`ExceptionKind::SubscriptionControls`].
    pub(super) fn take(pairs: &mut Vec<(String, String)>) -> Result<Option<Self>, Exception> {
        let mut taken = take(pairs, &["stream", "reportIfEmpty", "initialRecordTime"]);
        let fields = take(pairs, &["second", "minute", "hour", "dayOfMonth", "month", "dayOfWeek"]);
        if taken.is_empty() && fields.is_empty() {
            return Ok(None);
        }
        let stream = flag(&mut taken, "stream")?;
        let report_if_empty = flag(&mut taken, "reportIfEmpty")?;
        let initial_record_time = time(&mut taken)?;
        let schedule = match (stream, fields.is_empty()) {
            (true, true) => None,
            (false, false) => {
                Some(Schedule::from_pairs(&fields).map_err(|error| controls(&error.to_string()))?)
            }
            (true, false) => {
                return Err(controls("expected either stream or a schedule, found both"));
            }
            (false, true) => {
                return Err(controls("expected stream=true or a schedule, found neither"));
            }
        };
        Ok(Some(Self { schedule, report_if_empty, initial_record_time }))
    }

    /// What the node is asked.
    pub(super) fn of(
        self,
        record: &NamedQueryRecord,
        query: EventQuery,
        epc: EpcFormat,
    ) -> LiveRequest {
        LiveRequest {
            query_name: record.name.clone(),
            query_id: record.id,
            query,
            schedule: self.schedule,
            report_if_empty: self.report_if_empty,
            initial_record_time: self.initial_record_time,
            epc,
        }
    }
}

/// A stream is asked for by a WebSocket, and a WebSocket says when it wants answers.
///
/// # Errors
///
/// [`ExceptionKind::SubscriptionControls`].
pub(super) fn agreed(
    wanted: Option<Wanted>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<(Wanted, WebSocketUpgrade), Exception> {
    let wanted = wanted.ok_or_else(|| {
        controls("expected stream=true or a schedule with Upgrade, found neither")
    })?;
    let upgrade = upgrade.map_err(|rejection| {
        let detail = format!("expected a handshake of a WebSocket: {}", rejection.body_text());
        controls(&detail).with_hint("leave these parameters out to ask page by page")
    })?;
    Ok((wanted, upgrade))
}

/// Answers by WebSocket.
///
/// # Errors
///
/// [`ExceptionKind::Implementation`] with 503 when too many clients listen already.
pub(super) async fn open(
    service: &Service,
    upgrade: WebSocketUpgrade,
    request: LiveRequest,
) -> Result<Response, Exception> {
    let place = PLACES.try_acquire().map_err(|_| {
        let detail = format!("{STREAMS_MAX} clients listen already");
        Exception::new(ExceptionKind::Implementation, detail)
            .with_status(StatusCode::SERVICE_UNAVAILABLE)
            .with_hint("subscribe with a webhook, or try again later")
    })?;
    let live = service.node.listen(request).await?;
    let upgrade = upgrade.max_message_size(STREAM_MESSAGE_BYTES_MAX);
    Ok(upgrade.on_upgrade(move |socket| serve(socket, live, place)))
}

/// Sends what comes until one of both ends it.
async fn serve(mut socket: WebSocket, mut live: Live, place: SemaphorePermit<'static>) {
    let mut ping = interval_at(Instant::now() + STREAM_PING_TIME, STREAM_PING_TIME);
    let end = loop {
        let message = tokio::select! {
            next = live.next() => match next {
                Ok(Some(message)) => text(message),
                Ok(None) => break Some((close_code::NORMAL, "the query was deleted")),
                Err(failure) => {
                    tracing::warn!(%failure, "a stream ends");
                    let told = text(live.failure(&failure));
                    let _ = send(&mut socket, told, STREAM_SEND_TIME_MAX).await;
                    break Some((close_code::ERROR, "the query cannot be run"));
                }
            },
            incoming = socket.recv() => match incoming {
                None | Some(Err(_) | Ok(Message::Close(_))) => break None,
                // Pings are answered already; there is nothing else that a client could say.
                Some(Ok(_)) => continue,
            },
            _ = ping.tick() => Message::Ping(Vec::new().into()),
        };
        match send(&mut socket, message, STREAM_SEND_TIME_MAX).await {
            Sent::Taken => {}
            Sent::Broken => break None,
            Sent::TooSlow => break Some(TOO_SLOW),
        }
    };
    close(&mut socket, end).await;
    drop(place);
}

fn text(message: theriac_node::Message) -> Message {
    Message::Text(message.into_text().into())
}

/// Takes the parameters of these names.
fn take(pairs: &mut Vec<(String, String)>, names: &[&str]) -> Vec<(String, String)> {
    pairs.extract_if(.., |(name, _)| names.contains(&name.as_str())).collect()
}

/// The one value of a parameter.
fn one(taken: &mut Vec<(String, String)>, name: &str) -> Result<Option<String>, Exception> {
    let mut values = take(taken, &[name]);
    match values.len() {
        0 | 1 => Ok(values.pop().map(|(_, value)| value)),
        found => Err(controls(&format!("expected {name} once, found it {found} times"))),
    }
}

fn flag(taken: &mut Vec<(String, String)>, name: &str) -> Result<bool, Exception> {
    match one(taken, name)?.as_deref() {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(found) => {
            let found: String = found.chars().take(60).collect();
            Err(controls(&format!("expected true or false in {name}, found {found:?}")))
        }
    }
}

fn time(taken: &mut Vec<(String, String)>) -> Result<Option<Timestamp>, Exception> {
    let Some(text) = one(taken, "initialRecordTime")? else { return Ok(None) };
    let time = text.parse().map_err(|_| {
        let found: String = text.chars().take(60).collect();
        controls(&format!("expected a time in initialRecordTime, found {found:?}"))
    });
    time.map(Some)
}

fn controls(detail: &str) -> Exception {
    Exception::new(ExceptionKind::SubscriptionControls, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(pairs: &[(&str, &str)]) -> Result<Option<Wanted>, Exception> {
        let mut pairs: Vec<_> =
            pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        let wanted = Wanted::take(&mut pairs);
        assert!(pairs.iter().all(|(name, _)| name == "EQ_bizStep"), "{pairs:?}");
        wanted
    }

    #[test]
    fn a_stream_and_a_schedule_exclude_each_other() {
        assert_eq!(wanted(&[("EQ_bizStep", "shipping")]).unwrap(), None);
        let stream = wanted(&[("stream", "true"), ("EQ_bizStep", "shipping")]).unwrap().unwrap();
        assert_eq!((stream.schedule, stream.report_if_empty), (None, false));
        let schedule = [("minute", "5"), ("hour", "1"), ("reportIfEmpty", "true")];
        let schedule = wanted(&schedule).unwrap().unwrap();
        assert!(schedule.schedule.is_some() && schedule.report_if_empty);
        for wrong in [
            &[("stream", "true"), ("hour", "1")][..],
            &[("stream", "false")],
            &[("stream", "yes")],
            &[("stream", "true"), ("stream", "true")],
            &[("reportIfEmpty", "true")],
            &[("hour", "24")],
            &[("stream", "true"), ("initialRecordTime", "now")],
        ] {
            let exception = wanted(wrong).unwrap_err();
            assert_eq!(exception.kind, ExceptionKind::SubscriptionControls, "{wrong:?}");
        }
    }
}
