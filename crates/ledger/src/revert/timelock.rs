//! Refusals of the contract that makes decisions wait.

use super::Revert;
use crate::bindings::convert::{account, hash};
use crate::bindings::timelock::Timelock::TimelockErrors as E;

pub(super) fn explain(error: &E) -> Revert {
    let (name, text) = match error {
        E::TimelockInsufficientDelay(e) => {
            let (found, least) = (e.delay, e.minDelay);
            let text = format!("a delay of {found} s is shorter than the least, {least} s");
            ("TimelockInsufficientDelay", text)
        }
        E::TimelockUnexpectedOperationState(e) => {
            let text = format!("the call {} is not in the state for this", hash(e.operationId));
            let hint = "its delay is not over, or it is scheduled, executed or withdrawn already";
            ("TimelockUnexpectedOperationState", format!("{text}: {hint}"))
        }
        E::TimelockUnexecutedPredecessor(e) => {
            let text = format!("the call {} must be executed before", hash(e.predecessorId));
            ("TimelockUnexecutedPredecessor", text)
        }
        E::TimelockUnauthorizedCaller(e) => {
            let text = format!("{} is not the timelock itself", account(e.caller));
            ("TimelockUnauthorizedCaller", text)
        }
        E::TimelockInvalidOperationLength(_) => {
            ("TimelockInvalidOperationLength", "lists of a batch differ in length".into())
        }
        E::AccessControlUnauthorizedAccount(e) => {
            let text = format!("{} may not do this in the timelock", account(e.account));
            ("AccessControlUnauthorizedAccount", text)
        }
        other => ("CallFailed", format!("a call inside the contract failed: {other:?}")),
    };
    Revert::new(name, text)
}
