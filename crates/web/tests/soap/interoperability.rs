//! Every message of the interoperability suite of EPCIS 1.0 gets the answer that the suite has.

use jiff::SignedDuration;

use crate::receiver::Receiver;
use crate::server::{Server, between};
use crate::suite::{Reply, files, root, shared, single_events};

/// Answers of the suite that are not ours, and why ours are right.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("SE47-Response-1-GetStandardVersionResult", "the service is of EPCIS 1.2, the suite of 1.0"),
    (
        "SE68-Response-1-2-QueryTooLargeException",
        "a callback of a repository that holds fewer events than one answer has; 155 are not too many here",
    ),
    (
        "SE69-Response-1-2-ImplementationException",
        "a callback of a repository that failed inside, which no request can bring about",
    ),
];

/// A node that holds what the suite captures, each event recorded at the moment when it happened:
/// the suite's table dump has equal times in all rows.
async fn with_suite(folder: &std::path::Path) -> Server {
    let server = Server::start().await;
    let now = server.node.now();
    let mut events: Vec<_> =
        files(&folder.join("events")).values().flat_map(|text| single_events(text)).collect();
    events.sort_by_key(|(_, time)| *time);
    assert_eq!(events.len(), 155);
    for (document, time) in events {
        server.set_time(time);
        server.capture(document).await;
    }
    server.set_time(now);
    for (_, document) in files(&folder.join("masterdata")) {
        server.capture(document).await;
    }
    server
}

/// The name of the request that a response answers, by the numbers of case and request.
fn request_of<'r>(response: &str, requests: impl Iterator<Item = &'r String> + Clone) -> &'r str {
    let (case, rest) = response.split_once("-Response").unwrap();
    // The results of the second subscription of this case stand among the answers to the first.
    let number = match response.contains("SE66-Response-1-3") {
        true => "2".to_owned(),
        false => rest.trim_start_matches('-').chars().take(1).collect(),
    };
    let of_case = requests.filter(|name| name.split_once("-Request").unwrap().0 == case);
    let wanted = format!("-Request-{number}");
    let exact = of_case.clone().find(|name| name.contains(&wanted));
    exact.or_else(|| of_case.clone().next()).unwrap()
}

/// What a subscription is sent at the first time of its schedule, made anew.
async fn first_results(server: &Server, receiver: &Receiver, subscribe: &str) -> Reply {
    unsubscribe_all(server).await;
    let (head, rest) = subscribe.split_once("<dest>").unwrap();
    let (_, tail) = rest.split_once("</dest>").unwrap();
    let message = format!("{head}<dest>{}</dest>{tail}", receiver.url());
    server.send(without_declaration(&message)).await.result();
    server.set_time(server.node.now() + SignedDuration::from_hours(1));
    assert!(server.node.notify_subscribers().await.unwrap(), "nothing was sent: {subscribe}");
    let messages = receiver.take();
    assert_eq!(messages.len(), 1, "{messages:?}");
    for name in ["queryName", "subscriptionID"] {
        let field = |text| between(text, &format!("<{name}>"), &format!("</{name}>"));
        assert_eq!(field(&messages[0]), field(subscribe), "{messages:?}");
    }
    let results = between(&messages[0], "<EPCISBody>", "</EPCISBody>").unwrap();
    Reply::read(results)
}

fn without_declaration(message: &str) -> &str {
    message.split_once("?>").map_or(message, |(_, rest)| rest)
}

/// Ends all subscriptions.
async fn unsubscribe_all(server: &Server) {
    let namespace = crate::server::EPCIS_1;
    let ask = format!(
        "<q:GetSubscriptionIDs xmlns:q='{namespace}'><queryName>SimpleEventQuery</queryName>\
         </q:GetSubscriptionIDs>"
    );
    for id in server.send(&ask).await.strings() {
        let end = format!(
            "<q:Unsubscribe xmlns:q='{namespace}'><subscriptionID>{id}</subscriptionID></q:Unsubscribe>"
        );
        server.send(&end).await.result();
    }
}

#[tokio::test]
async fn every_message_of_the_suite_gets_its_answer() {
    let Some(folder) = shared("fosstrak-interop") else { return };
    let server = with_suite(&folder).await;
    let receiver = Receiver::start().await;
    let requests = files(&folder.join("queries/webservice/requests"));
    let responses = files(&folder.join("queries/webservice/responses"));
    let (mut case, mut right, mut wrong) = ("", 0, Vec::new());
    for (response, wanted) in &responses {
        if EXCEPTIONS.iter().any(|(name, _)| name == response) {
            continue;
        }
        let of_case = response.split_once("-Response").unwrap().0;
        if case != of_case {
            unsubscribe_all(&server).await;
            case = of_case;
        }
        let name = request_of(response, requests.keys());
        let request = &requests[name];
        let found = match (root(request), Reply::read(wanted)) {
            ("Subscribe", Reply::Events(_)) => first_results(&server, &receiver, request).await,
            _ => Reply::of_body(server.send(without_declaration(request)).await.body()),
        };
        match found == Reply::read(wanted) {
            true => right += 1,
            false => wrong.push(format!(
                "{response}: expected {}, found {}",
                Reply::read(wanted).summary(),
                found.summary()
            )),
        }
    }
    println!("fosstrak-interop by SOAP: {right} of {} answers", responses.len());
    EXCEPTIONS.iter().for_each(|(name, reason)| println!("  except {name}: {reason}"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(right + EXCEPTIONS.len(), responses.len());
}
