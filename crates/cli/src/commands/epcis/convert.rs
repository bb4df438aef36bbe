//! `theriac epcis convert`: a document in another format.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, ValueEnum};
use theriac_epcis::{
    CbvFormat, DocumentFormat, DocumentHeader, DocumentWriter, EpcFormat, Item, WriteOptions, read,
    read_items,
};

use super::input;
use crate::client::Document;
use crate::commands::gs1::prefixes;
use crate::exit::{InputError, Outcome};
use crate::output::{self, count};

const EXAMPLES: &str = "\
Examples:
  theriac epcis convert shipment.xml --to json -o shipment.jsonld
  theriac epcis convert shipment.jsonld --to xml-1.2 --prefixes gcp-lengths.csv
  theriac epcis convert - --to xml < shipment.jsonld

What EPCIS 1.2 has no element for goes into its extension areas, and is read back from there.

Exit code 0 if all events were converted, 2 if the document or an event cannot be read.";

/// Convert a document to another format, without loss
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ConvertArgs {
    /// The document, or - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The format to write
    #[arg(long, value_name = "FORMAT")]
    to: Format,
    /// The file to write [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The form of identifiers; EPCIS 1.2 always has URNs
    #[arg(long, value_name = "FORM", default_value = "as-read")]
    epc: Identifiers,
    /// The form of CBV words in XML 2.0
    #[arg(long, value_name = "FORM", default_value = "web-uri")]
    cbv: Words,
    /// Table of company prefix lengths, for URNs: CSV lines `prefix,length`, or GS1's JSON
    #[arg(long, value_name = "FILE")]
    prefixes: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// JSON-LD of EPCIS 2.0
    Json,
    /// XML of EPCIS 2.0
    Xml,
    /// XML of EPCIS 1.2
    #[value(name = "xml-1.2")]
    Xml12,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Identifiers {
    /// URNs that were read stay URNs, Digital Links stay Digital Links
    AsRead,
    /// GS1 Digital Links
    DigitalLink,
    /// EPC URNs where the company prefix is known
    Urn,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Words {
    /// Web URIs, as `https://ref.gs1.org/cbv/BizStep-shipping`
    WebUri,
    /// URNs, as `urn:epcglobal:cbv:bizstep:shipping`
    Urn,
}

/// Converts the document.
///
/// # Errors
///
/// The document cannot be read, or the output cannot be written.
pub fn run(args: &ConvertArgs) -> anyhow::Result<Outcome> {
    let document = match args.file.as_os_str() == "-" {
        true => Document::StandardInput,
        false => Document::File(args.file.clone()),
    };
    let prefixes = prefixes(args.prefixes.as_deref())?;
    let options =
        WriteOptions { epc: args.epc.into(), cbv: args.cbv.into(), prefixes: Some(&prefixes) };
    let name = document.name();
    let source = input::open_again(&document)?;
    let header = header(&name, &source)?;
    refuse_onto_itself(&args.file, args.output.as_deref())?;
    let out = Target::open(args.output.as_deref())?;
    let writer = DocumentWriter::new(args.to.into(), &header, &options, out);
    events(&name, &source, writer)
}

/// Refuses to write the output over the document that is still being read.
fn refuse_onto_itself(file: &Path, output: Option<&Path>) -> Result<(), InputError> {
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    match output {
        Some(output) if real(output).is_some() && real(output) == real(file) => {
            let found = output.display();
            Err(InputError(format!(
                "expected another file than the document itself, found {found}"
            )))
        }
        _ => Ok(()),
    }
}

/// The header, which stands before the events, of a document that is read to its end once for it.
fn header(name: &str, source: &File) -> anyhow::Result<DocumentHeader> {
    let mut master_data = Vec::new();
    let info = read_items(input::from_start(source)?, &mut |item| {
        if let Item::MasterData(element) = item {
            master_data.push(element);
        }
        ControlFlow::Continue(())
    })
    .map_err(|error| input::unreadable(name, &error))?;
    Ok(DocumentHeader { master_data, ..DocumentHeader::of(&info, jiff::Timestamp::now()) })
}

fn events(name: &str, source: &File, mut writer: DocumentWriter<'_>) -> anyhow::Result<Outcome> {
    let mut outcome = Outcome::Yes;
    let mut written = Ok(());
    let mut repairs = 0;
    let end = read(input::from_start(source)?, &mut |event| {
        match &event.outcome {
            Ok(parsed) => {
                repairs += parsed.repairs.len() as u64;
                written = writer.event(&parsed.event);
            }
            Err(error) => {
                outcome = Outcome::Unreadable;
                let number = event.ordinal;
                output::complain(&format!("{name}: event {number} is left out: {error}"));
            }
        }
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    let finished = written.and_then(|()| writer.finish());
    match finished.map_err(io::Error::from) {
        // A reader that has gone (`| head`) is no error.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(outcome),
        finished => finished.context("cannot write the document")?,
    }
    let info = end.map_err(|error| input::unreadable(name, &error))?;
    repairs += info.repairs.len() as u64;
    if repairs > 0 {
        let repairs = count(repairs, "repair");
        output::note(&format!("{name}: {repairs}: theriac epcis check --tolerant lists them"));
    }
    Ok(outcome)
}

/// Where the document goes.
enum Target {
    File(BufWriter<File>),
    StandardOutput(io::StdoutLock<'static>),
}

impl Target {
    fn open(path: Option<&Path>) -> anyhow::Result<Self> {
        let Some(path) = path else { return Ok(Self::StandardOutput(io::stdout().lock())) };
        let file =
            File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self::File(BufWriter::new(file)))
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.write(bytes),
            Self::StandardOutput(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::File(file) => file.flush(),
            Self::StandardOutput(out) => out.flush(),
        }
    }
}

impl From<Format> for DocumentFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Json => Self::Json,
            Format::Xml => Self::Xml,
            Format::Xml12 => Self::Xml12,
        }
    }
}

impl From<Identifiers> for EpcFormat {
    fn from(form: Identifiers) -> Self {
        match form {
            Identifiers::AsRead => Self::AsRead,
            Identifiers::DigitalLink => Self::DigitalLink,
            Identifiers::Urn => Self::Urn,
        }
    }
}

impl From<Words> for CbvFormat {
    fn from(form: Words) -> Self {
        match form {
            Words::WebUri => Self::WebUri,
            Words::Urn => Self::Urn,
        }
    }
}
