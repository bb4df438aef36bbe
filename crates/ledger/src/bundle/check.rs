//! The check of a bundle.

use theriac_gs1::Identifier;

use super::evidence::Events;
use super::link::{prove, read};
use super::report::{ProvenUnit, Report};
use super::subject::OpenedUnit;
use super::trust::Trust;
use super::walk::{Draft, draft as draft_walk, walk};
use super::{Bundle, BundleError, Network};

/// Checks a bundle against what is trusted: what it proves.
///
/// Pure: no clock, no disk, no network. What an endpoint says is asked before, by
/// [`ask`](super::ask).
///
/// # Errors
///
/// [`BundleError`] naming the first part that does not prove what it should.
pub fn check(bundle: &Bundle, trust: &Trust) -> Result<Report, BundleError> {
    if bundle.format != super::FORMAT {
        return Err(BundleError::Format { found: bundle.format.clone() });
    }
    meant(&bundle.network, trust)?;
    let unit = bundle.unit.as_ref().map(OpenedUnit::of).transpose()?;
    let events = Events::of(&bundle.events)?;
    if unit.is_none() && events.is_empty() {
        return Err(BundleError::NoSubject);
    }
    let proven = prove(&bundle.ledger, &bundle.network, &trust.blocks)?;
    let walked = walk(unit.as_ref(), events, &proven.facts, &proven.transactions)?;
    let proven_unit = unit.zip(walked.labeler).zip(bundle.unit.as_ref());
    Ok(Report {
        network: bundle.network,
        unit: proven_unit.map(|((opened, labeler), secrets)| ProvenUnit {
            identifier: Identifier::Sgtin(opened.id.clone()).digital_link(),
            gtin: secrets.gtin.to_string(),
            serial: secrets.serial.to_string(),
            lot: secrets.lot.to_string(),
            expiry: secrets.expiry.to_string(),
            labeler,
            lot_tag: opened.lot_tag,
            leaf: opened.leaf,
        }),
        steps: walked.steps,
        standing: walked.standing,
        until: proven.until,
        headers: proven.headers,
        trusted_by: proven.trusted_by,
    })
}

/// What a bundle that is being made lacks, and what it has in vain; its blocks are believed.
///
/// # Errors
///
/// [`BundleError`] if a step is missing, or a part cannot be read.
pub fn draft(bundle: &Bundle) -> Result<Draft, BundleError> {
    let unit = bundle.unit.as_ref().map(OpenedUnit::of).transpose()?;
    let events = Events::of(&bundle.events)?;
    let (facts, transactions) = read(&bundle.ledger, &bundle.network)?;
    draft_walk(unit.as_ref(), events, &facts, &transactions)
}

/// The bundle must be about the ledger that is trusted.
fn meant(network: &Network, trust: &Trust) -> Result<(), BundleError> {
    if let Some(expected) = trust.chain_id.filter(|expected| *expected != network.chain_id) {
        return Err(BundleError::OtherChain { expected, found: network.chain_id });
    }
    let contracts = [
        ("custody", trust.custody, network.custody),
        ("registry", trust.registry, network.registry),
    ];
    for (contract, expected, found) in contracts {
        if let Some(expected) = expected.filter(|expected| *expected != found) {
            return Err(BundleError::OtherContract { contract, expected, found });
        }
    }
    Ok(())
}
