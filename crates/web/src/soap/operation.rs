//! The operations of the query control interface (EPCIS 1.2, section 8.2.5), with their messages
//! and exceptions.

use super::exception::SoapException;

/// An operation of the query control interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// The names of the queries.
    GetQueryNames,
    /// Has the answers to a query sent.
    Subscribe,
    /// Ends a subscription.
    Unsubscribe,
    /// The subscriptions to a query.
    GetSubscriptionIds,
    /// Asks a query.
    Poll,
    /// The version of EPCIS.
    GetStandardVersion,
    /// The vendor's extensions.
    GetVendorVersion,
}

/// What every operation may answer.
const ALWAYS: [SoapException; 3] =
    [SoapException::Security, SoapException::Validation, SoapException::Implementation];

impl Operation {
    /// All operations, in the order of the standard.
    pub const ALL: [Self; 7] = [
        Self::GetQueryNames,
        Self::Subscribe,
        Self::Unsubscribe,
        Self::GetSubscriptionIds,
        Self::Poll,
        Self::GetStandardVersion,
        Self::GetVendorVersion,
    ];

    /// Its name in WSDL.
    pub const fn name(self) -> &'static str {
        match self {
            Self::GetQueryNames => "getQueryNames",
            Self::Subscribe => "subscribe",
            Self::Unsubscribe => "unsubscribe",
            Self::GetSubscriptionIds => "getSubscriptionIDs",
            Self::Poll => "poll",
            Self::GetStandardVersion => "getStandardVersion",
            Self::GetVendorVersion => "getVendorVersion",
        }
    }

    /// The element that asks for it.
    pub const fn request(self) -> &'static str {
        match self {
            Self::GetQueryNames => "GetQueryNames",
            Self::Subscribe => "Subscribe",
            Self::Unsubscribe => "Unsubscribe",
            Self::GetSubscriptionIds => "GetSubscriptionIDs",
            Self::Poll => "Poll",
            Self::GetStandardVersion => "GetStandardVersion",
            Self::GetVendorVersion => "GetVendorVersion",
        }
    }

    /// The element that answers.
    pub const fn result(self) -> &'static str {
        match self {
            Self::GetQueryNames => "GetQueryNamesResult",
            Self::Subscribe => "SubscribeResult",
            Self::Unsubscribe => "UnsubscribeResult",
            Self::GetSubscriptionIds => "GetSubscriptionIDsResult",
            Self::Poll => "QueryResults",
            Self::GetStandardVersion => "GetStandardVersionResult",
            Self::GetVendorVersion => "GetVendorVersionResult",
        }
    }

    /// The operation that an element asks for.
    pub fn of_request(element: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operation| operation.request() == element)
    }

    /// The exceptions that it may answer.
    pub fn exceptions(self) -> impl Iterator<Item = SoapException> {
        use SoapException as E;
        let own: &[SoapException] = match self {
            Self::GetQueryNames | Self::GetStandardVersion | Self::GetVendorVersion => &[],
            Self::Subscribe => &[
                E::NoSuchName,
                E::InvalidUri,
                E::DuplicateSubscription,
                E::QueryParameter,
                E::QueryTooComplex,
                E::SubscriptionControls,
                E::SubscribeNotPermitted,
            ],
            Self::Unsubscribe => &[E::NoSuchSubscription],
            Self::GetSubscriptionIds => &[E::NoSuchName],
            Self::Poll => &[E::QueryParameter, E::QueryTooLarge, E::QueryTooComplex, E::NoSuchName],
        };
        own.iter().copied().chain(ALWAYS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_operation_is_found_by_its_element() {
        for operation in Operation::ALL {
            assert_eq!(Operation::of_request(operation.request()), Some(operation));
        }
        assert_eq!(Operation::of_request("poll"), None);
    }
}
