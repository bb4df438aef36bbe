//! The interoperability suite of EPCIS 1.0 as Fosstrak published it: what is captured, the messages
//! of its SOAP service, and the answers that are right.

use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use theriac_epcis::{Event, Item, MasterDataElement, event_hash, read_items};

/// The shared data of this name; `None` when it is not there.
pub(crate) fn shared(name: &str) -> Option<PathBuf> {
    let shared = std::env::var_os("THERIAC_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let path = shared.join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: no {name} in {}", shared.display());
    None
}

/// The files of a folder: name without ending, and text; in the order of their names.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy();
            (name.replace("Test-EPCIS10-", ""), fs::read_to_string(&path).unwrap())
        })
        .collect()
}

/// The capture documents of the suite cut into documents with one event each, and its time.
pub(crate) fn single_events(document: &str) -> Vec<(String, jiff::Timestamp)> {
    let (head, rest) = document.split_once("<EventList>").unwrap();
    let (list, tail) = rest.split_once("</EventList>").unwrap();
    let mut documents = Vec::new();
    let mut rest = list.trim_start();
    while let Some(start) = rest.strip_prefix('<') {
        let end = format!("</{}>", start.split('>').next().unwrap());
        let length = rest.find(&end).unwrap() + end.len();
        let event = &rest[..length];
        let time = event.split_once("<eventTime>").unwrap().1.split_once('<').unwrap().0;
        let document = format!("{head}<EventList>{event}</EventList>{tail}");
        documents.push((document, time.trim().parse().unwrap()));
        rest = rest[length..].trim_start();
    }
    documents
}

/// What a message answers.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    /// Events, each hash with the number of events that have it.
    Events(BTreeMap<String, usize>),
    /// Elements of master data, in any order.
    MasterData(Vec<String>),
    /// Strings, in any order.
    Strings(Vec<String>),
    /// An exception.
    Exception(String),
    /// Another result, with its text.
    Result(String, String),
}

impl Reply {
    /// Reads a message of EPCIS 1.x.
    pub(crate) fn read(message: &str) -> Self {
        let name = root(message);
        if name.ends_with("Exception") {
            return Self::Exception(name.to_owned());
        }
        if name == "QueryResults" {
            let (events, elements) = results(message);
            if message.contains("<VocabularyList") {
                let mut texts: Vec<_> = elements.iter().map(|each| format!("{each:?}")).collect();
                texts.sort();
                return Self::MasterData(texts);
            }
            let mut counts = BTreeMap::new();
            for event in &events {
                *counts.entry(event_hash(event).to_string()).or_default() += 1;
            }
            return Self::Events(counts);
        }
        let strings = message.split("<string>").skip(1);
        let mut strings: Vec<_> =
            strings.map(|text| text.split("</string>").next().unwrap().trim().to_owned()).collect();
        strings.sort();
        match name {
            "GetQueryNamesResult" | "GetSubscriptionIDsResult" => Self::Strings(strings),
            _ => {
                let text = message[message.rfind(&format!(":{name}")).unwrap_or(0)..].to_owned();
                let start = message.find('>').map_or("", |end| &message[end + 1..]);
                let text = match text.starts_with(&format!(":{name}>")) {
                    true => start.split('<').next().unwrap_or_default().trim().to_owned(),
                    false => String::new(),
                };
                Self::Result(name.to_owned(), text)
            }
        }
    }

    /// The reply in an envelope of ours.
    pub(crate) fn of_body(body: &str) -> Self {
        match body.split_once("<detail>") {
            Some((_, detail)) => Self::read(detail),
            None => Self::read(body),
        }
    }

    /// In few words.
    pub(crate) fn summary(&self) -> String {
        match self {
            Self::Events(events) => format!("{} events", events.values().sum::<usize>()),
            Self::MasterData(elements) => format!("{} elements", elements.len()),
            other => format!("{other:?}"),
        }
    }
}

/// The local name of the first element.
pub(crate) fn root(message: &str) -> &str {
    let mut tags = message.split('<').skip(1);
    let tag = tags.find(|tag| tag.starts_with(|c: char| c.is_alphabetic())).unwrap();
    let name = tag.split(|c: char| c.is_whitespace() || c == '>' || c == '/').next().unwrap();
    name.rsplit(':').next().unwrap()
}

/// Events and master data of `QueryResults`.
fn results(message: &str) -> (Vec<Event>, Vec<MasterDataElement>) {
    let list = ["EventList", "VocabularyList"].into_iter().find_map(|name| {
        let from = message.find(&format!("<{name}"))?;
        let end = format!("</{name}>");
        let to = message.find(&end).map_or(from, |to| to + end.len());
        Some(message[from..to].to_owned())
    });
    let list = list.filter(|list| !list.is_empty()).unwrap_or("<EventList/>".to_owned());
    let (root, namespace) = match list.starts_with("<Vocabulary") {
        true => ("EPCISMasterDataDocument", "urn:epcglobal:epcis-masterdata:xsd:1"),
        false => ("EPCISDocument", "urn:epcglobal:epcis:xsd:1"),
    };
    let document = format!(
        "<e:{root} xmlns:e='{namespace}' xmlns:hls='http://schema.hls.com/extension' \
         xmlns:fmcg='urn:epcglobal:fmcg:xsd:1' schemaVersion='1.0' \
         creationDate='2006-06-25T00:00:00Z'><EPCISBody>{list}</EPCISBody></e:{root}>"
    );
    let (mut events, mut elements) = (Vec::new(), Vec::new());
    read_items(document.as_bytes(), &mut |item| {
        match item {
            Item::Event(event) => events.push(event.outcome.unwrap().event),
            Item::MasterData(element) => elements.push(element),
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    (events, elements)
}
