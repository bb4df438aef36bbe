//! Rules on measurements (EPCIS 2.0, section 7.3.7).

use super::Violation;
use crate::event::Event;

/// `sensor-report-type`: a sensor element has reports, and each tells what was measured or what
/// went wrong (section 7.3.7.3).
pub(super) fn sensor_reports(event: &Event, violations: &mut Vec<Violation>) {
    const RULE: &str = "sensor-report-type";
    for (index, element) in event.common().sensor_elements.iter().enumerate() {
        let path = format!("sensorElementList[{index}].sensorReport");
        if element.reports.is_empty() {
            violations.push(Violation::new(RULE, path.clone(), "at least one report", "none"));
        }
        for (index, report) in element.reports.iter().enumerate() {
            if report.kind.is_none() && report.exception.is_none() {
                let path = format!("{path}[{index}]");
                violations.push(Violation::new(RULE, path, "type or exception", "neither"));
            }
        }
    }
}

/// `sensor-times`: a measured period has a begin and an end in this order (section 7.3.7.2).
pub(super) fn sensor_times(event: &Event, violations: &mut Vec<Violation>) {
    for (index, element) in event.common().sensor_elements.iter().enumerate() {
        let Some(metadata) = &element.metadata else { continue };
        let found = match (metadata.start_time, metadata.end_time) {
            (Some(start), Some(end)) if start > end => format!("{start} to {end}"),
            (Some(_), None) => "startTime only".to_owned(),
            (None, Some(_)) => "endTime only".to_owned(),
            _ => continue,
        };
        let path = format!("sensorElementList[{index}].sensorMetadata");
        let expected = "startTime and endTime in this order";
        violations.push(Violation::new("sensor-times", path, expected, found));
    }
}
