//! The units that are converted, with their exact factors.

/// A unit: an amount in it, plus `offset` hundredths, times `numerator` by `denominator`, is the
/// amount in the first unit of its kind.
pub(super) struct Unit {
    code: &'static str,
    pub(super) kind: Kind,
    pub(super) numerator: i128,
    pub(super) denominator: i128,
    pub(super) offset: i128,
}

/// What a unit measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Count,
    Ratio,
    Temperature,
    Mass,
    Length,
    Area,
    Volume,
    Time,
    Pressure,
    Density,
    Speed,
    Acceleration,
    Energy,
    Power,
    Voltage,
    Current,
    Frequency,
}

/// The unit of this code; `None` when it is not converted.
pub(super) fn find(code: &str) -> Option<&'static Unit> {
    UNITS.iter().find(|unit| unit.code == code)
}

const fn unit(code: &'static str, kind: Kind, numerator: i128, denominator: i128) -> Unit {
    Unit { code, kind, numerator, denominator, offset: 0 }
}

const fn degree(code: &'static str, numerator: i128, denominator: i128, offset: i128) -> Unit {
    Unit { code, kind: Kind::Temperature, numerator, denominator, offset }
}

const UNITS: &[Unit] = &[
    unit("H87", Kind::Count, 1, 1),
    unit("C62", Kind::Count, 1, 1),
    unit("EA", Kind::Count, 1, 1),
    unit("DZN", Kind::Count, 12, 1),
    unit("GRO", Kind::Count, 144, 1),
    unit("P1", Kind::Ratio, 1, 100),
    unit("59", Kind::Ratio, 1, 1_000_000),
    degree("KEL", 1, 1, 0),
    degree("CEL", 1, 1, 27_315),
    degree("FAH", 5, 9, 45_967),
    degree("A48", 5, 9, 0),
    unit("GRM", Kind::Mass, 1, 1),
    unit("KGM", Kind::Mass, 1_000, 1),
    unit("MGM", Kind::Mass, 1, 1_000),
    unit("MC", Kind::Mass, 1, 1_000_000),
    unit("TNE", Kind::Mass, 1_000_000, 1),
    unit("LBR", Kind::Mass, 45_359_237, 100_000),
    unit("ONZ", Kind::Mass, 28_349_523_125, 1_000_000_000),
    unit("MTR", Kind::Length, 1, 1),
    unit("KMT", Kind::Length, 1_000, 1),
    unit("DMT", Kind::Length, 1, 10),
    unit("CMT", Kind::Length, 1, 100),
    unit("MMT", Kind::Length, 1, 1_000),
    unit("4H", Kind::Length, 1, 1_000_000),
    unit("INH", Kind::Length, 254, 10_000),
    unit("FOT", Kind::Length, 3_048, 10_000),
    unit("YRD", Kind::Length, 9_144, 10_000),
    unit("SMI", Kind::Length, 1_609_344, 1_000),
    unit("NMI", Kind::Length, 1_852, 1),
    unit("MTK", Kind::Area, 1, 1),
    unit("CMK", Kind::Area, 1, 10_000),
    unit("MMK", Kind::Area, 1, 1_000_000),
    unit("HAR", Kind::Area, 10_000, 1),
    unit("INK", Kind::Area, 64_516, 100_000_000),
    unit("FTK", Kind::Area, 9_290_304, 100_000_000),
    unit("LTR", Kind::Volume, 1, 1),
    unit("HLT", Kind::Volume, 100, 1),
    unit("DLT", Kind::Volume, 1, 10),
    unit("CLT", Kind::Volume, 1, 100),
    unit("MLT", Kind::Volume, 1, 1_000),
    unit("4G", Kind::Volume, 1, 1_000_000),
    unit("MTQ", Kind::Volume, 1_000, 1),
    unit("DMQ", Kind::Volume, 1, 1),
    unit("CMQ", Kind::Volume, 1, 1_000),
    unit("MMQ", Kind::Volume, 1, 1_000_000),
    unit("GLL", Kind::Volume, 3_785_411_784, 1_000_000_000),
    unit("GLI", Kind::Volume, 454_609, 100_000),
    unit("SEC", Kind::Time, 1, 1),
    unit("C26", Kind::Time, 1, 1_000),
    unit("MIN", Kind::Time, 60, 1),
    unit("HUR", Kind::Time, 3_600, 1),
    unit("DAY", Kind::Time, 86_400, 1),
    unit("WEE", Kind::Time, 604_800, 1),
    unit("PAL", Kind::Pressure, 1, 1),
    unit("A97", Kind::Pressure, 100, 1),
    unit("MBR", Kind::Pressure, 100, 1),
    unit("KPA", Kind::Pressure, 1_000, 1),
    unit("MPA", Kind::Pressure, 1_000_000, 1),
    unit("BAR", Kind::Pressure, 100_000, 1),
    unit("ATM", Kind::Pressure, 101_325, 1),
    unit("A93", Kind::Density, 1, 1),
    unit("GP", Kind::Density, 1, 1_000),
    unit("KMQ", Kind::Density, 1_000, 1),
    unit("MTS", Kind::Speed, 1, 1),
    unit("KMH", Kind::Speed, 10, 36),
    unit("HM", Kind::Speed, 1_609_344, 3_600_000),
    unit("MSK", Kind::Acceleration, 1, 1),
    unit("K40", Kind::Acceleration, 980_665, 100_000),
    unit("JOU", Kind::Energy, 1, 1),
    unit("KJO", Kind::Energy, 1_000, 1),
    unit("WHR", Kind::Energy, 3_600, 1),
    unit("KWH", Kind::Energy, 3_600_000, 1),
    unit("WTT", Kind::Power, 1, 1),
    unit("KWT", Kind::Power, 1_000, 1),
    unit("VLT", Kind::Voltage, 1, 1),
    unit("2Z", Kind::Voltage, 1, 1_000),
    unit("KVT", Kind::Voltage, 1_000, 1),
    unit("AMP", Kind::Current, 1, 1),
    unit("4K", Kind::Current, 1, 1_000),
    unit("HTZ", Kind::Frequency, 1, 1),
    unit("KHZ", Kind::Frequency, 1_000, 1),
    unit("MHZ", Kind::Frequency, 1_000_000, 1),
];
