//! Whether a profile is complete and agrees with itself.

use std::collections::HashSet;

use super::{Condition, Profile, ProfileError, deadline};
use crate::verdict::VerdictCode;

fn unsound(expected: impl Into<String>, found: impl Into<String>) -> ProfileError {
    ProfileError::Unsound { expected: expected.into(), found: found.into() }
}

/// Checks all of it; the first fault is told.
pub(super) fn check(profile: &Profile) -> Result<(), ProfileError> {
    if profile.name.trim().is_empty() {
        return Err(unsound("a name", "an empty one"));
    }
    states(profile)?;
    alerts(profile)?;
    deadlines(profile)?;
    verification(profile)?;
    for class in 1..=3u8 {
        if profile.recalls.iter().filter(|one| one.class == class).count() != 1 {
            return Err(unsound(format!("one recall of class {class}"), "none or several"));
        }
    }
    if profile.alarm.speed_kmh_max == 0 || profile.alarm.late_hours == 0 {
        return Err(unsound("alarm.speed_kmh_max and alarm.late_hours above 0", "0"));
    }
    Ok(())
}

fn states(profile: &Profile) -> Result<(), ProfileError> {
    let names: HashSet<&str> = profile.states.iter().map(|state| state.name.as_str()).collect();
    if names.len() != profile.states.len() {
        return Err(unsound("each state once", "a name twice"));
    }
    for condition in Condition::all() {
        let states = profile.states.iter().filter(|state| state.of.contains(&condition)).count();
        if states != 1 {
            return Err(unsound(
                format!("one state for packs that are {condition}"),
                states.to_string(),
            ));
        }
    }
    for state in &profile.states {
        let next = state.next.iter().flatten();
        if let Some(missing) = next.into_iter().find(|next| !names.contains(next.as_str())) {
            return Err(unsound(
                format!("states after {:?} that are in the profile", state.name),
                format!("{missing:?}"),
            ));
        }
    }
    if let Some(reason) = profile.undo.reasons.iter().find(|reason| !reason.is_undoable()) {
        return Err(unsound("undo.reasons that the ledger can undo", reason.word()));
    }
    Ok(())
}

fn alerts(profile: &Profile) -> Result<(), ProfileError> {
    let mut causes = HashSet::new();
    match profile.alerts.iter().find(|alert| !causes.insert(alert.cause)) {
        Some(twice) => {
            Err(unsound("one alert for each cause", format!("two for that of {:?}", twice.code)))
        }
        None => Ok(()),
    }
}

fn deadlines(profile: &Profile) -> Result<(), ProfileError> {
    let deadlines = &profile.deadlines;
    if let Some(word) = deadlines.weekend.iter().find(|word| deadline::weekday(word).is_none()) {
        return Err(unsound("days of the week in deadlines.weekend", format!("{word:?}")));
    }
    let weekend: HashSet<&String> = deadlines.weekend.iter().collect();
    if weekend.len() >= 7 {
        return Err(unsound("a business day in each week", "a weekend of seven days"));
    }
    let times = [deadlines.verification_hours, deadlines.case_hours];
    if times.into_iter().chain(deadlines.cases.values().copied()).any(|hours| hours == 0) {
        return Err(unsound("deadlines above 0 hours", "0"));
    }
    if deadlines.inquiries.iter().any(|clock| clock.business_days > 366) {
        return Err(unsound("at most 366 business days for an inquiry", "more"));
    }
    Ok(())
}

fn verification(profile: &Profile) -> Result<(), ProfileError> {
    for verdict in VerdictCode::ALL {
        let Some(answer) = profile.verification.answers.get(&verdict) else {
            return Err(unsound(format!("verification.answers.{verdict}"), "none"));
        };
        if answer.verified == answer.reason.is_some() {
            return Err(unsound(
                format!("a reason exactly where verification.answers.{verdict} says no"),
                format!("verified = {}", answer.verified),
            ));
        }
    }
    Ok(())
}
