//! Who asks, and whether the registry lets it: every request between nodes is signed, and every handover
//! is between members that may act.

use theriac_custody::Roles;
use theriac_gs1::Gln;
use theriac_store::{Days, MemberStatus, ReadTx, StoredMember};

use super::signed::Signed;
use super::{ExchangeError, SignatureFault, SignedHeaders};
use crate::clock::{date_of_days, days_of};
use crate::error::NodeError;
use crate::node::Node;

/// The roles that a member may act in, else why it may not.
///
/// # Errors
///
/// The reason: not registered, suspended, revoked, licence over, no role.
pub(crate) fn roles_or_reason(member: Option<&StoredMember>, today: Days) -> Result<Roles, String> {
    let Some(member) = member else {
        return Err("it is not registered".to_owned());
    };
    match member.status {
        MemberStatus::Active => {}
        status => return Err(format!("it is {status}")),
    }
    if member.licence_expiry != 0 && today > member.licence_expiry {
        let last = date_of_days(member.licence_expiry);
        return Err(format!("its licence ended on {last}"));
    }
    if member.roles.is_empty() {
        return Err("it has no role".to_owned());
    }
    Ok(member.roles)
}

impl Node {
    /// The roles that a member may act in today.
    ///
    /// # Errors
    ///
    /// [`ExchangeError::NotAuthorised`] with the reason.
    pub(crate) async fn authority(
        &self,
        tx: &mut ReadTx,
        gln: Gln,
    ) -> Result<Roles, ExchangeError> {
        let member = tx.stored_member(&gln).await?;
        roles_or_reason(member.as_ref(), days_of(self.today()))
            .map_err(|reason| ExchangeError::NotAuthorised { gln, reason })
    }

    /// The active member behind a signed request.
    ///
    /// # Errors
    ///
    /// [`ExchangeError::Signature`], [`ExchangeError::NotAuthorised`].
    pub async fn authenticate(
        &self,
        headers: &SignedHeaders,
        method: &str,
        path_and_query: &str,
        body: &[u8],
    ) -> Result<Gln, ExchangeError> {
        let member = self.authenticate_head(headers, method, path_and_query).await?;
        headers.covers(body)?;
        Ok(member)
    }

    /// As [`authenticate`](Self::authenticate), before the body has been read.
    ///
    /// # Errors
    ///
    /// [`ExchangeError::Signature`], [`ExchangeError::NotAuthorised`].
    pub async fn authenticate_head(
        &self,
        headers: &SignedHeaders,
        method: &str,
        path_and_query: &str,
    ) -> Result<Gln, ExchangeError> {
        let from = headers.member()?;
        let time = headers.time(self.now().as_second())?;
        let mut tx = self.inner().store.read().await?;
        let member = tx.stored_member(&from).await?;
        let Some(key) = member.as_ref().and_then(|member| member.signing_key) else {
            return Err(match member {
                Some(_) => SignatureFault::NoKey { member: from }.into(),
                None => ExchangeError::NotAuthorised {
                    gln: from,
                    reason: "it is not registered".to_owned(),
                },
            });
        };
        let request = Signed { from, to: self.gln(), method, path: path_and_query, time };
        headers.verify(&key, request)?;
        self.authority(&mut tx, from).await?;
        Ok(from)
    }

    /// Signs a request to another member's node.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn sign(
        &self,
        to: Gln,
        method: &str,
        path: &str,
        body: &[u8],
    ) -> Result<SignedHeaders, NodeError> {
        let own = self.inner().store.stored_member(&self.gln()).await?;
        let key = self.inner().keys.known_as(own.and_then(|own| own.signing_key));
        let time = self.now().as_second();
        Ok(Signed { from: self.gln(), to, method, path, time }.sign(&key, body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use theriac_custody::Role;

    #[test]
    fn the_reason_names_status_licence_or_role() {
        let member = StoredMember {
            gln: Gln::from_body(952_123_500_001).unwrap(),
            name: String::new(),
            roles: [Role::Wholesaler].into_iter().collect(),
            status: MemberStatus::Active,
            licence_expiry: 20_000,
            endpoint: String::new(),
            undo_days: 0,
            signing_key: None,
            sealing_key: None,
        };
        let reason = |member: StoredMember, today| roles_or_reason(Some(&member), today);
        assert!(reason(member.clone(), 20_000).unwrap().has(Role::Wholesaler));
        let ended = reason(member.clone(), 20_001).unwrap_err();
        assert_eq!(ended, "its licence ended on 2024-10-04");
        let suspended = StoredMember { status: MemberStatus::Suspended, ..member.clone() };
        assert_eq!(reason(suspended, 1).unwrap_err(), "it is suspended");
        let idle = StoredMember { roles: Roles::default(), ..member };
        assert_eq!(reason(idle, 1).unwrap_err(), "it has no role");
        assert_eq!(roles_or_reason(None, 1).unwrap_err(), "it is not registered");
    }
}
