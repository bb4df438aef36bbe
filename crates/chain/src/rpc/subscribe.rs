//! `eth_subscribe` and `eth_unsubscribe`: `newHeads` and `logs`.

use super::{Answer, error::RpcError, json, logs, params::Params};
use crate::{
    chain::Chain,
    session::{Subscriptions, Topic},
};

/// `eth_subscribe`: from the block after the newest one on.
pub(super) fn subscribe(
    chain: &Chain,
    subscriptions: Option<&mut Subscriptions>,
    params: &Params,
) -> Answer {
    let subscriptions = subscriptions.ok_or(RpcError::NoNotifications)?;
    let name: String = params.required(0)?;
    let topic = match name.as_str() {
        "newHeads" => Topic::Heads,
        "logs" => Topic::Logs(Box::new(logs::filter(params, 1)?.unwrap_or_default())),
        _ => {
            return Err(RpcError::InvalidParams {
                why: "expected newHeads or logs to subscribe to",
            });
        }
    };
    json(&subscriptions.add(topic, chain.head().number)?)
}

/// `eth_unsubscribe`: whether there was such a subscription.
pub(super) fn unsubscribe(subscriptions: Option<&mut Subscriptions>, params: &Params) -> Answer {
    let subscriptions = subscriptions.ok_or(RpcError::NoNotifications)?;
    json(&subscriptions.remove(&params.required::<String>(0)?))
}
