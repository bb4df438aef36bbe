//! What the members of the registry do to it: members, accounts, products, documents.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use theriac_custody::{Account, Hash, Role, Roles, keccak256};
use theriac_gs1::{Gln, Gtin};
use theriac_ledger::{Call, MemberStatus, Scheduled, operation_id};

use crate::clock::ledger_days;
use crate::error::NodeError;
use crate::node::Node;

/// One change of the registry or of the documents; where no member is named, it is the node's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
pub enum RegistryAction {
    /// Lets another account act for the node's member.
    AddAccount {
        /// The account.
        account: Account,
    },
    /// Ends an account's right to act, at once; of one's own member, or as a governor.
    RevokeAccount {
        /// The account.
        account: Account,
    },
    /// Suspends or revokes a member, or makes it active again; for governors.
    SetStatus {
        /// The member.
        gln: Gln,
        /// Its standing from then on.
        status: MemberStatus,
    },
    /// Changes what a member may do; for governors.
    SetLicence {
        /// The member.
        gln: Gln,
        /// Its roles from then on.
        roles: Vec<Role>,
        /// Last day of its licence; none for one without end.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        licence_expiry: Option<Date>,
    },
    /// Sets how long a member can undo ends of life; for governors.
    SetUndoDays {
        /// The member.
        gln: Gln,
        /// Days, 0 to 365; 0 for not at all.
        days: u16,
    },
    /// Moves a member's node.
    SetEndpoint {
        /// The member.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        gln: Option<Gln>,
        /// URL of its node from then on.
        endpoint: String,
    },
    /// Publishes the keys of a member's services.
    SetServiceKeys {
        /// The member.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        gln: Option<Gln>,
        /// Key that checks what the member signs.
        signing: Hash,
        /// Key to which others seal what only the member may read.
        sealing: Hash,
    },
    /// Announces a new account for a member whose keys are lost; for governors. It acts once the delay
    /// of the timelock is over and the recovery is executed.
    ScheduleRecovery {
        /// The member.
        gln: Gln,
        /// Its new account.
        account: Account,
    },
    /// Gives the member the account, once the delay is over; for governors.
    ExecuteRecovery {
        /// The member.
        gln: Gln,
        /// Its new account.
        account: Account,
    },
    /// Withdraws an announced account; for governors.
    CancelRecovery {
        /// The member.
        gln: Gln,
        /// The account.
        account: Account,
    },
    /// Offers a product of the node's member to another one; to none withdraws the offer.
    OfferProduct {
        /// The product.
        gtin: Gtin,
        /// The member that may accept it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<Gln>,
    },
    /// Takes over a product that was offered to the node's member.
    AcceptProduct {
        /// The product.
        gtin: Gtin,
    },
    /// Registers a document in the name of the node's member.
    PublishDocument {
        /// The document's name: its hash with a salt.
        document: Hash,
        /// Last day of the entry.
        until: Date,
    },
    /// Lets another member read a document.
    GrantDocument {
        /// The document.
        document: Hash,
        /// The member.
        to: Gln,
        /// Last day of the grant, not after the document's.
        until: Date,
    },
    /// Ends a grant.
    RevokeDocument {
        /// The document.
        document: Hash,
        /// The member.
        to: Gln,
    },
}

/// What came of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionReport {
    /// The transaction; none if all was as asked already.
    pub transaction: Option<Hash>,
    /// For a recovery that waits: from when on it can be executed, in seconds since 1970-01-01.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub executable_from: Option<u64>,
}

/// How often one account can be a member's recovery.
const RECOVERIES_MAX: u32 = 1_000;

impl Node {
    /// Makes a change; returns when the ledger has it. Doing it again is harmless: what is as asked is
    /// left, or the contract refuses.
    ///
    /// # Errors
    ///
    /// [`NodeError::Refused`] with the contract's reason.
    pub async fn act(&self, action: &RegistryAction) -> Result<ActionReport, NodeError> {
        match action {
            RegistryAction::ScheduleRecovery { gln, account } => {
                self.schedule_recovery(*gln, *account).await
            }
            RegistryAction::ExecuteRecovery { gln, account } => {
                let recovery = self.recovery(*gln, *account).await?;
                let execute = Call::Execute { call: recovery.call, salt: recovery.salt };
                self.done(execute).await
            }
            RegistryAction::CancelRecovery { gln, account } => {
                let recovery = self.recovery(*gln, *account).await?;
                self.done(Call::CancelScheduled { id: recovery.id }).await
            }
            other => {
                let call = self.call_of(other).await?;
                self.done(call).await
            }
        }
    }

    async fn done(&self, call: Call) -> Result<ActionReport, NodeError> {
        let transaction = self.transact(&[call]).await?;
        Ok(ActionReport { transaction: Some(transaction), executable_from: None })
    }

    async fn call_of(&self, action: &RegistryAction) -> Result<Call, NodeError> {
        use RegistryAction as A;
        let own = |gln: &Option<Gln>| gln.unwrap_or_else(|| self.gln()).value();
        Ok(match action {
            A::AddAccount { account } => {
                Call::AddAccount { gln: self.gln().value(), account: *account }
            }
            A::RevokeAccount { account } => Call::RevokeAccount { account: *account },
            A::SetStatus { gln, status } => Call::SetStatus { gln: gln.value(), status: *status },
            A::SetLicence { gln, roles, licence_expiry } => Call::SetLicence {
                gln: gln.value(),
                roles: roles.iter().copied().collect::<Roles>(),
                licence_expiry: licence_expiry.map_or(0, ledger_days),
            },
            A::SetUndoDays { gln, days } => Call::SetUndoDays { gln: gln.value(), days: *days },
            A::SetEndpoint { gln, endpoint } => {
                Call::SetEndpoint { gln: own(gln), endpoint: endpoint.clone() }
            }
            A::SetServiceKeys { gln, signing, sealing } => {
                Call::SetServiceKeys { gln: own(gln), signing: *signing, sealing: *sealing }
            }
            A::OfferProduct { gtin, to } => {
                Call::OfferProduct { gtin: gtin.value(), to: to.map_or(0, Gln::value) }
            }
            A::AcceptProduct { gtin } => Call::AcceptProduct { gtin: gtin.value() },
            A::PublishDocument { document, until } => {
                Call::PublishDocument { document: *document, until: ledger_days(*until) }
            }
            A::GrantDocument { document, to, until } => Call::GrantDocument {
                document: *document,
                to: self.account_of(*to).await?,
                until: ledger_days(*until),
            },
            A::RevokeDocument { document, to } => {
                Call::RevokeDocument { document: *document, to: self.account_of(*to).await? }
            }
            A::ScheduleRecovery { gln, account }
            | A::ExecuteRecovery { gln, account }
            | A::CancelRecovery { gln, account } => {
                Call::AddAccount { gln: gln.value(), account: *account }
            }
        })
    }

    /// An account of a member, for calls that name a member by one.
    async fn account_of(&self, gln: Gln) -> Result<Account, NodeError> {
        let accounts = self.inner().ledger.accounts_of(gln.value()).await?;
        let unknown = || NodeError::Refused(format!("the member {gln} is not registered"));
        accounts.first().copied().ok_or_else(unknown)
    }

    async fn schedule_recovery(
        &self,
        gln: Gln,
        account: Account,
    ) -> Result<ActionReport, NodeError> {
        let ledger = &self.inner().ledger;
        let recovery = self.recovery(gln, account).await?;
        if let Scheduled::Waiting { from } = ledger.scheduled(recovery.id).await? {
            return Ok(ActionReport { transaction: None, executable_from: Some(from) });
        }
        let delay_s = ledger.delay_s().await?;
        let schedule = Call::Schedule { call: recovery.call, delay_s, salt: recovery.salt };
        let report = self.done(schedule).await?;
        let executable_from = match self.inner().ledger.scheduled(recovery.id).await? {
            Scheduled::Waiting { from } => Some(from),
            Scheduled::Unknown | Scheduled::Done => None,
        };
        Ok(ActionReport { executable_from, ..report })
    }

    /// The call that gives a member an account, with the first salt under which it was not executed
    /// yet, so that an account that was revoked can come back once more.
    async fn recovery(&self, gln: Gln, account: Account) -> Result<Recovery, NodeError> {
        let ledger = &self.inner().ledger;
        let call = Box::new(Call::AddAccount { gln: gln.value(), account });
        for number in 0..RECOVERIES_MAX {
            let salt = keccak256(&[
                b"theriac recovery",
                &gln.value().to_be_bytes(),
                &account.0,
                &number.to_be_bytes(),
            ]);
            let id = operation_id(&call, salt, &ledger.deployment());
            if ledger.scheduled(id).await? != Scheduled::Done {
                return Ok(Recovery { call, salt, id });
            }
        }
        let found = format!("{RECOVERIES_MAX} recoveries of the member {gln} with {account}");
        Err(NodeError::Refused(format!("{found}: take another account")))
    }
}

struct Recovery {
    call: Box<Call>,
    salt: Hash,
    id: Hash,
}
