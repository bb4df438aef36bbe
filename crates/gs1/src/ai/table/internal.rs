//! AIs 90 to 99: for use inside a company or between partners.

use crate::ai::format::{AiEntry, Part, Parts, variable};

const X_30: Parts = &[Part::x_up_to(30)];

/// AIs that start with 9.
pub(super) static AIS_9: &[AiEntry] = &[
    variable("90", X_30, "INTERNAL"),
    variable("91", &[Part::x_up_to(90)], "INTERNAL").up_to("99"),
];
