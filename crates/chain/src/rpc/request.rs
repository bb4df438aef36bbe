//! The frame of JSON-RPC 2.0: requests in, responses out.

use revm::primitives::Bytes;
use serde::Serialize;
use serde_json::{Map, Value, value::RawValue};

use super::{Answer, error::RpcError, params::Params};

/// A request text: one call, or several (section 6).
pub(crate) enum Incoming {
    Single(Call),
    Batch(Vec<Call>),
}

/// One call (section 4).
pub(crate) struct Call {
    /// The id to answer to; `None` for a notification, which is not answered.
    pub(crate) id: Option<Value>,
    /// Method and parameters, or what is wrong with the request object.
    pub(crate) content: Result<(String, Params), RpcError>,
}

/// Reads a request text.
///
/// # Errors
///
/// The text is not JSON, or an empty batch. A batch with bad calls is not an error: each bad
/// call is answered for itself.
pub(crate) fn parse(text: &str) -> Result<Incoming, RpcError> {
    match serde_json::from_str(text).map_err(RpcError::Parse)? {
        Value::Array(calls) if calls.is_empty() => {
            Err(RpcError::InvalidRequest { why: "expected calls in the batch, found none" })
        }
        Value::Array(calls) => Ok(Incoming::Batch(calls.into_iter().map(parse_call).collect())),
        call => Ok(Incoming::Single(parse_call(call))),
    }
}

fn parse_call(call: Value) -> Call {
    let Value::Object(mut fields) = call else {
        let content = Err(RpcError::InvalidRequest { why: "expected an object" });
        return Call { id: Some(Value::Null), content };
    };
    let id = fields.remove("id");
    let id_is_valid = matches!(&id, None | Some(Value::Null | Value::String(_) | Value::Number(_)));
    let content = match id_is_valid {
        true => parse_content(fields),
        false => Err(RpcError::InvalidRequest { why: "expected a string or number as id" }),
    };
    // What is not a valid request cannot be a notification: it is answered (section 5).
    let id = match (id, &content) {
        (Some(id), _) if id_is_valid => Some(id),
        (None, Ok(_)) => None,
        _ => Some(Value::Null),
    };
    Call { id, content }
}

fn parse_content(mut fields: Map<String, Value>) -> Result<(String, Params), RpcError> {
    let invalid = |why| RpcError::InvalidRequest { why };
    if fields.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
        return Err(invalid("expected \"jsonrpc\": \"2.0\""));
    }
    let Some(Value::String(method)) = fields.remove("method") else {
        return Err(invalid("expected a string as method"));
    };
    match fields.remove("params") {
        None | Some(Value::Null) => Ok((method, Params::default())),
        Some(Value::Array(params)) => Ok((method, Params(params))),
        Some(Value::Object(params)) if params.is_empty() => Ok((method, Params::default())),
        Some(_) => Err(invalid("expected params by position, in an array")),
    }
}

#[derive(Serialize)]
struct Response<'a> {
    jsonrpc: &'static str,
    id: &'a Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorObject<'a>>,
}

#[derive(Serialize)]
struct ErrorObject<'a> {
    code: i64,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Bytes>,
}

/// The response to one call.
pub(crate) fn respond(id: &Value, answer: Answer) -> String {
    let (result, error) = match &answer {
        Ok(result) => (Some(&**result), None),
        Err(error) => {
            let (code, message) = (error.code(), error.to_string());
            (None, Some(ErrorObject { code, message, data: error.data() }))
        }
    };
    serde_json::to_string(&Response { jsonrpc: "2.0", id, result, error })
        .expect("a response is written because its parts are JSON values and text")
}

/// The response to a text that holds no call.
pub(crate) fn refuse(error: &RpcError) -> String {
    let error = ErrorObject { code: error.code(), message: error.to_string(), data: None };
    let response = Response { jsonrpc: "2.0", id: &Value::Null, result: None, error: Some(error) };
    serde_json::to_string(&response)
        .expect("a response is written because its parts are JSON values and text")
}
