//! Every query of the Fosstrak interoperability suite gives its event set or its exception.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a vector test prints its figure")]

#[path = "support/element.rs"]
mod element;
#[path = "support/fosstrak.rs"]
mod fosstrak;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use fosstrak::{Answer, Request, captured, files, folder, request_of};
use theriac_epcis::{Event, MasterDataElement, event_hash};
use theriac_query::{
    About, EventQuery, MasterDataIndex, MasterDataQuery, QueryError, QueryFault, names_of,
};

/// What the suite captures. It records each event at the moment it happened: its table dump has
/// equal event and record times in all 155 rows.
struct Repository {
    events: Vec<Event>,
    master_data: MasterDataIndex,
}

impl Repository {
    fn load(folder: &Path) -> Self {
        let (events, elements) = captured(folder);
        let mut master_data = MasterDataIndex::new();
        elements.into_iter().for_each(|element| master_data.insert(element));
        Self { events, master_data }
    }

    fn ask(&self, request: &Request) -> Result<Vec<&Event>, QueryError> {
        let mut query = EventQuery::from_soap(&request.parameters)?;
        if let Some(from) = request.initial_record_time {
            query = query.recorded_from(from);
        }
        let selected = self.events.iter().filter(|event| {
            let record_time = event.common().event_time;
            let about = About::recorded_at(record_time).with_master_data(&self.master_data);
            let matches = query.matches(event, &about);
            let plan = query.plan_with(Some(&self.master_data));
            assert!(!matches || plan.selects(event, &names_of(event), record_time, None));
            matches
        });
        Ok(selected.collect())
    }

    fn ask_master_data(&self, request: &Request) -> Result<Vec<MasterDataElement>, QueryError> {
        let query = MasterDataQuery::from_soap(&request.parameters)?;
        let elements = self.master_data.elements();
        let selected = elements.filter(|element| query.matches(element, &self.master_data));
        Ok(selected.map(|element| query.view().of(element)).collect())
    }
}

/// Compares the answers; the error says what differs.
fn compare(repository: &Repository, request: &Request, answer: &Answer) -> Result<(), String> {
    match (request.query.as_str(), answer) {
        ("SimpleEventQuery", Answer::Events(wanted)) => {
            let found = repository.ask(request).map_err(|error| error.to_string())?;
            same_events(&found, &wanted.iter().collect::<Vec<_>>())
        }
        ("SimpleMasterDataQuery", Answer::MasterData(wanted)) => {
            let found = repository.ask_master_data(request).map_err(|error| error.to_string())?;
            match sorted(&found) == sorted(wanted) {
                true => Ok(()),
                false => Err(format!("expected {wanted:#?}, found {found:#?}")),
            }
        }
        (_, Answer::Exception(wanted)) => {
            let refused = repository.ask(request).map(|events| events.len());
            match refused {
                Err(error) if name_of(error.fault()) == wanted => Ok(()),
                refused => Err(format!("expected {wanted}, found {refused:?}")),
            }
        }
        (query, _) => Err(format!("{query} has no answer here")),
    }
}

fn name_of(fault: QueryFault) -> &'static str {
    match fault {
        QueryFault::Parameter => "QueryParameterException",
        QueryFault::TooComplex => "QueryTooComplexException",
    }
}

fn sorted(elements: &[MasterDataElement]) -> Vec<String> {
    let mut texts: Vec<String> = elements.iter().map(|element| format!("{element:?}")).collect();
    texts.sort();
    texts
}

fn same_events(found: &[&Event], wanted: &[&Event]) -> Result<(), String> {
    let count = |events: &[&Event]| {
        let mut counts = BTreeMap::new();
        for event in events {
            *counts.entry(event_hash(event)).or_insert(0) += 1;
        }
        counts
    };
    match count(found) == count(wanted) {
        true => Ok(()),
        false => Err(format!("expected {} events, found {}", wanted.len(), found.len())),
    }
}

#[test]
fn every_query_of_the_suite_gives_its_answer() {
    let Some(folder) = folder() else { return };
    let repository = Repository::load(&folder);
    assert_eq!(repository.events.len(), 155);
    let name = |path: &Path| path.file_stem().expect("a name").to_string_lossy().into_owned();
    let text = |path: &Path| fs::read_to_string(path).expect("a readable file");
    let requests: Vec<(String, Request)> = files(&folder.join("queries/webservice/requests"))
        .iter()
        .map(|path| (name(path), Request::read(&text(path))))
        .collect();
    let (mut right, mut all, mut elsewhere, mut wrong) = (0, 0, 0, Vec::new());
    for path in files(&folder.join("queries/webservice/responses")) {
        let answer = Answer::read(&text(&path));
        let response = name(&path);
        let index = request_of(&response, &requests).expect("each response has its request");
        let (_, request) = &requests[index];
        let asks = matches!(request.operation.as_str(), "Poll" | "Subscribe");
        if !asks || !is_about_a_query(&answer) {
            elsewhere += 1;
            continue;
        }
        all += 1;
        match compare(&repository, request, &answer) {
            Ok(()) => right += 1,
            Err(difference) => wrong.push(format!("{response}: {difference}")),
        }
    }
    println!("fosstrak-interop: {right} of {all} queries, {elsewhere} answers not about a query");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Versions, names, identifiers of subscriptions and their exceptions are the service's.
fn is_about_a_query(answer: &Answer) -> bool {
    match answer {
        Answer::Events(_) | Answer::MasterData(_) => true,
        Answer::Exception(name) => name == "QueryParameterException",
        Answer::Other => false,
    }
}
