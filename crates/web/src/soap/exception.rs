//! The exceptions of the query interface (EPCIS 1.2, section 8.2.6).

macro_rules! exceptions {
    ($($(#[$doc:meta])* $name:ident $word:literal;)+) => {
        /// An exception of the query interface, as the `detail` of a fault names it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum SoapException {
            $($(#[$doc])* $name,)+
        }

        impl SoapException {
            /// All exceptions.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The name of its element.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }
        }
    };
}

exceptions! {
    /// The destination is no URL that answers can be sent to.
    InvalidUri "InvalidURIException";
    /// No query has this name.
    NoSuchName "NoSuchNameException";
    /// No subscription has this identifier.
    NoSuchSubscription "NoSuchSubscriptionException";
    /// A subscription has this identifier already.
    DuplicateSubscription "DuplicateSubscriptionException";
    /// A parameter of the query is unknown, or its value is wrong.
    QueryParameter "QueryParameterException";
    /// More matches than the client or the node admits.
    QueryTooLarge "QueryTooLargeException";
    /// The query asks for more work than the node does for one request.
    QueryTooComplex "QueryTooComplexException";
    /// The subscription does not say when to deliver, or says it wrongly.
    SubscriptionControls "SubscriptionControlsException";
    /// The query cannot be subscribed to.
    SubscribeNotPermitted "SubscribeNotPermittedException";
    /// The client may not do that.
    Security "SecurityException";
    /// The message is not as the standard has it.
    Validation "ValidationException";
    /// The node could not do it.
    Implementation "ImplementationException";
}
