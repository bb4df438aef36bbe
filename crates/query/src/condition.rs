//! What a query asks of an event: one condition for each parameter.

mod attribute;
mod decimal;
mod field;
mod holds;
mod json;
mod narrow;
mod pattern;
mod sensor;
mod uri;
mod what;

use jiff::Timestamp;
use theriac_epcis::{
    Action, BizStep, BizTransactionType, Disposition, ErrorReason, Number, PartyType,
};

pub(crate) use attribute::AttributeField;
pub(crate) use decimal::compare_decimals;
pub use field::Field;
pub(crate) use field::{FieldTest, Scope};
pub(crate) use pattern::EpcPattern;
pub(crate) use sensor::{SensorNumber, SensorText};
pub(crate) use uri::Uri;

/// One parameter of a query, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Condition {
    /// The name of the parameter, as it is written.
    pub(crate) parameter: String,
    /// What it asks.
    pub(crate) test: Test,
}

/// What one parameter asks; the values of a list are alternatives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Test {
    Kinds(Vec<String>),
    Time(TimeField, Bound, Timestamp),
    Actions(Vec<Action>),
    BizSteps(Vec<BizStep>),
    Dispositions(Vec<Disposition>),
    PersistentlySet(Vec<Disposition>),
    PersistentlyUnset(Vec<Disposition>),
    Places {
        field: PlaceField,
        ids: Vec<Uri>,
        descendants: bool,
    },
    BizTransactions {
        kind: BizTransactionType,
        ids: Vec<Uri>,
    },
    Sources {
        kind: PartyType,
        ids: Vec<Uri>,
    },
    Destinations {
        kind: PartyType,
        ids: Vec<Uri>,
    },
    Uris(UriField, Vec<String>),
    ErrorDeclared,
    ErrorReasons(Vec<ErrorReason>),
    Epcs(EpcField, Vec<EpcPattern>),
    Quantity {
        operator: Operator,
        uom: Option<String>,
        numbers: Vec<Number>,
    },
    Field {
        scope: Scope,
        inner: bool,
        field: Field,
        test: FieldTest,
    },
    HasAttribute {
        field: AttributeField,
        names: Vec<String>,
    },
    AttributeEquals {
        field: AttributeField,
        name: String,
        test: FieldTest,
    },
    SensorsExist,
    SensorTexts(SensorText, Vec<Uri>),
    SensorTruth(bool),
    SensorNumbers {
        field: SensorNumber,
        operator: Operator,
        uom: Option<String>,
        numbers: Vec<Number>,
    },
}

/// A moment that an event names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimeField {
    Event,
    Record,
    ErrorDeclaration,
    Sensor,
    SensorStart,
    SensorEnd,
}

/// One end of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    /// From this moment on: `GE_`.
    From,
    /// Before this moment: `LT_`.
    Before,
}

/// A place that an event names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PlaceField {
    ReadPoint,
    BizLocation,
}

/// An identifier of something that is neither an object nor a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UriField {
    Event,
    Transformation,
    CorrectiveEvent,
}

/// The lists of objects, or of classes, that `MATCH_` looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EpcField {
    Epc,
    Parent,
    Input,
    Output,
    Any,
    Class,
    InputClass,
    OutputClass,
    AnyClass,
}

/// How a number or a moment is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

impl Operator {
    /// Whether `found` stands in this relation to `wanted`.
    pub(crate) fn holds(self, found_to_wanted: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => found_to_wanted.is_eq(),
            Self::Greater => found_to_wanted.is_gt(),
            Self::GreaterOrEqual => found_to_wanted.is_ge(),
            Self::Less => found_to_wanted.is_lt(),
            Self::LessOrEqual => found_to_wanted.is_le(),
        }
    }
}
