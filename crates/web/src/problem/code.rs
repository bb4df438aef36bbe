//! The codes of problems, with their status, title and hint.

use axum::http::StatusCode;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What every `type` starts with.
const URN: &str = "urn:theriac:problem:";

macro_rules! problem_codes {
    ($($(#[$doc:meta])* $name:ident $word:literal $status:ident $title:literal $hint:literal;)+) => {
        /// Kinds of problems.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ProblemCode {
            $($(#[$doc])* $name,)+
        }

        impl ProblemCode {
            /// All codes, in the order of the reference page.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The last part of the `type`.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }

            /// HTTP status.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status),+ }
            }

            /// The problem in words.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title),+ }
            }

            /// What a client can do about it.
            pub const fn hint(self) -> &'static str {
                match self { $(Self::$name => $hint),+ }
            }
        }
    };
}

problem_codes! {
    /// No such path.
    RouteUnknown "route-unknown" NOT_FOUND "There is nothing at this path"
        "GET / lists the paths";
    /// The path does not take this method.
    MethodNotAllowed "method-not-allowed" METHOD_NOT_ALLOWED "The path does not take this method"
        "GET / lists the paths with their methods";
    /// A query parameter is missing, unknown or wrong.
    ParameterWrong "parameter-wrong" BAD_REQUEST "A query parameter is missing, unknown or wrong"
        "compare the parameters with the documentation of the path";
    /// The query has more matches, or asks for more work, than the node admits.
    QueryTooLarge "query-too-large" PAYLOAD_TOO_LARGE "The query asks for too much at once"
        "ask for a shorter time, or name an EPC, a place or a business step";
    /// The body is not what the path takes.
    BodyWrong "body-wrong" BAD_REQUEST "The body is not what the path takes"
        "send JSON with the fields that the documentation of the path names";
    /// The body is too large.
    BodyTooLarge "body-too-large" PAYLOAD_TOO_LARGE "The body is too large"
        "POST /captures takes bodies of any size";
    /// The request took too long to come in or to be answered.
    TooSlow "too-slow" REQUEST_TIMEOUT "The request took too long"
        "send it again; if it happens often, look at the node's health";
    /// More requests at a time than the node answers.
    Overloaded "overloaded" SERVICE_UNAVAILABLE "The node has more requests than it can answer"
        "send it again after the seconds that the header Retry-After names";
    /// The path answers programs on the node's own machine only.
    NotLocal "not-local" FORBIDDEN "The path answers programs on the node's own machine only"
        "run the command on the machine of the node";
    /// The code cannot be read.
    CodeUnreadable "code-unreadable" UNPROCESSABLE_ENTITY "The code cannot be read"
        "scan the code again";
    /// The ledger does not prove it, or not here.
    NotProvable "not-provable" NOT_FOUND "The node cannot prove it"
        "do what its reason says; a node that has held the pack may be able to";
    /// No capture has this number.
    CaptureUnknown "capture-unknown" NOT_FOUND "No capture has this number"
        "GET /captures lists the captures";
    /// The document broke off before its end.
    CaptureBroken "capture-broken" BAD_REQUEST "The document did not arrive to its end"
        "send it again from its start; nothing of it was captured";
    /// A header that tells who sent the message is missing or unreadable.
    SignatureMissing "signature-missing" UNAUTHORIZED "The message is not signed"
        "send the headers theriac-member, theriac-time, theriac-digest and theriac-signature";
    /// The signature does not belong to the message and the member.
    SignatureWrong "signature-wrong" UNAUTHORIZED "The signature does not belong to the message"
        "check the clock of the node that sent it, and its key";
    /// The registry does not let the member act: its status, its licence, or its roles.
    NotAuthorised "not-authorised" FORBIDDEN "The registry does not let the member act"
        "do what its reason says; a governor admits, reinstates and licenses: theriac member";
    /// Nobody knows the organisation that asks.
    RequesterUnknown "requester-unknown" UNAUTHORIZED "Nobody knows who asks"
        "name the GLN of an active member in reqGLN, and sign the request as that member if the node wants it";
    /// The asker puts more questions than it may, or guesses; in GS1 Lightweight Messaging.
    QuestionsRefused "questions-refused" FORBIDDEN "Too many questions, or too many about packs that do not exist"
        "ask again after the seconds that the header Retry-After names";
    /// The asker puts more questions than it may, or guesses.
    TooManyQuestions "too-many-questions" TOO_MANY_REQUESTS
        "Too many questions, or too many about packs that do not exist"
        "ask again after the seconds that the header Retry-After names";
    /// The product is not one that this node answers for.
    ProductNotHere "product-not-here" NOT_FOUND "This node does not answer for the product"
        "GET /products of any node tells the labeler of a GTIN, GET /members where its node is";
    /// This node does not know yet what the message refers to.
    TooEarly "too-early" TOO_EARLY "This node cannot take the message yet"
        "send it again after the seconds that the header Retry-After names";
    /// The message contradicts the ledger, the registry, or what was said before.
    MessageRejected "message-rejected" UNPROCESSABLE_ENTITY
        "The message does not agree with the ledger or with what this node knows"
        "compare goods, data and ledger with the partner, then send the right data";
    /// No inquiry has this number, or no document of it.
    InquiryUnknown "inquiry-unknown" NOT_FOUND "No inquiry has this number"
        "GET /inquiries lists the inquiries";
    /// The inquiry cannot be made, or does not wait for an approval.
    InquiryRefused "inquiry-refused" CONFLICT "The inquiry cannot be made or decided so"
        "only a regulator's node makes inquiries; only one that waits can be approved or denied";
    /// The lot's status cannot be changed so.
    RecallRefused "recall-refused" CONFLICT "The lot's status cannot be changed so"
        "only the lot's labeler or a regulator can recall it; check GTIN and lot";
    /// No recall has this number.
    RecallUnknown "recall-unknown" NOT_FOUND "No recall has this number"
        "list them with GET /recalls";
    /// Not all packs or holders of the recall are accounted for.
    RecallOutstanding "recall-outstanding" CONFLICT "Not all of the recall is accounted for"
        "see to what its detail lists, or close it with accept and say why";
    /// The contracts refuse the transaction.
    LedgerRefused "ledger-refused" CONFLICT "The contracts refuse it"
        "do what its reason says; only a governor's node can add members, only a governor's or a regulator's products";
    /// The ledger does not answer.
    LedgerUnreachable "ledger-unreachable" SERVICE_UNAVAILABLE "The node's ledger does not answer"
        "send it again later; the node's log says what is wrong";
    /// The node could not do it; its log says why.
    Internal "internal" INTERNAL_SERVER_ERROR "Something went wrong inside the node"
        "the node's log says what; nothing that was acknowledged is lost";
}

impl ProblemCode {
    /// The `type` of the problem.
    pub fn urn(self) -> String {
        format!("{URN}{}", self.word())
    }

    /// The code that a `type` names.
    pub fn from_urn(urn: &str) -> Option<Self> {
        let word = urn.strip_prefix(URN)?;
        Self::ALL.iter().copied().find(|code| code.word() == word)
    }
}

impl Serialize for ProblemCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.urn())
    }
}

impl<'de> Deserialize<'de> for ProblemCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let urn = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::from_urn(&urn).ok_or_else(|| {
            serde::de::Error::custom(format_args!("expected a problem type, found {urn:?}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_found_by_its_urn() {
        for code in ProblemCode::ALL {
            assert_eq!(ProblemCode::from_urn(&code.urn()), Some(*code));
        }
    }

    #[test]
    fn titles_hints_and_statuses_follow_the_rules() {
        for code in ProblemCode::ALL {
            assert!(code.status().is_client_error() || code.status().is_server_error());
            assert!(code.title().starts_with(char::is_uppercase), "{}", code.title());
            assert!(!code.title().ends_with('.') && !code.hint().ends_with('.'));
            assert!(code.word().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'));
        }
    }
}
