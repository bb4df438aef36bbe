//! What events are ordered by, and how two queries' orders and limits are joined.

use crate::events::{EX, events, record_time};
use serde_json::{Value, json};
use theriac_query::{Decimal, Direction, EventQuery, Namespaces, OrderBy, SortKey};

fn read(query: &Value) -> EventQuery {
    let mut namespaces = Namespaces::new();
    namespaces.declare("ex", EX);
    EventQuery::from_json(query.as_object().expect("an object"), &namespaces).expect("a query")
}

#[test]
fn an_event_is_ordered_by_the_field_that_is_named() {
    let events = events();
    let key = |order: &str, name: &str| {
        read(&json!({"orderBy": order})).sort_key(&events[name], record_time(name))
    };
    let number = |text: &str| Some(SortKey::Number(Decimal(text.parse().expect("a number"))));
    let time = |text: &str| Some(SortKey::Time(text.parse().expect("a time")));
    assert_eq!(key("eventTime", "full"), time("2026-03-01T08:00:00Z"));
    assert_eq!(key("recordTime", "full"), time("2026-03-01T09:00:00Z"));
    assert_eq!(key("quantity", "counted"), number("1000"));
    assert_eq!(key("ex:weight", "full"), number("12.5"));
    assert_eq!(key("ex:due", "full"), time("2026-04-30T22:00:00Z"));
    assert_eq!(
        key("https://ns.example.com/epcis#color", "full"),
        Some(SortKey::Text("red".into()))
    );
    assert_eq!(key("ex:weight", "sold"), None);
    assert_eq!(read(&json!({})).sort_key(&events["full"], record_time("full")), None);
}

#[test]
fn numbers_are_ordered_by_size_and_texts_by_their_letters() {
    let number = |text: &str| SortKey::Number(Decimal(text.parse().expect("a number")));
    assert!(number("-2") < number("-1.5") && number("9") < number("10"));
    assert!(SortKey::Text("B".into()) < SortKey::Text("a".into()));
}

#[test]
fn the_joined_query_has_the_controls_of_the_second_where_it_has_any() {
    let named =
        read(&json!({"orderBy": "recordTime", "orderDirection": "ASC", "eventCountLimit": 5}));
    let kept = named.clone().and(read(&json!({"EQ_action": ["ADD"]})));
    assert_eq!(kept.controls(), named.controls());
    let other = named.clone().and(read(&json!({"maxEventCount": 9})));
    assert_eq!(other.controls().event_count_limit, None);
    assert_eq!(other.controls().max_event_count, Some(9));
    assert_eq!(other.controls().direction, Some(Direction::Ascending));
    let turned = named.and(read(&json!({"orderBy": "eventTime"})));
    assert_eq!(turned.controls().order_by, Some(OrderBy::EventTime));
    assert!(turned.controls().descending());
}
