//! Types of business transactions, of sources and destinations, and reasons of errors.

use super::word::vocabulary;

vocabulary! {
    /// The type of a business document (CBV 2.0, section 7.3).
    BizTransactionType, web "BTT-", urn "urn:epcglobal:cbv:btt:",
    expected "a business transaction type of the CBV or an absolute URI",
    {
        Bol = "bol",
        Cert = "cert",
        Desadv = "desadv",
        Inv = "inv",
        Pedigree = "pedigree",
        Po = "po",
        Poc = "poc",
        Prodorder = "prodorder",
        Recadv = "recadv",
        Rma = "rma",
        Testprd = "testprd",
        Testres = "testres",
        Upevt = "upevt",
    }
}

vocabulary! {
    /// What a source or destination names (CBV 2.0, section 7.4).
    PartyType, web "SDT-", urn "urn:epcglobal:cbv:sdt:",
    expected "owning_party, possessing_party, location or an absolute URI",
    {
        OwningParty = "owning_party",
        PossessingParty = "possessing_party",
        Location = "location",
    }
}

vocabulary! {
    /// Why an event is declared wrong (CBV 2.0, section 7.5).
    ErrorReason, web "ER-", urn "urn:epcglobal:cbv:er:",
    expected "did_not_occur, incorrect_data or an absolute URI",
    {
        DidNotOccur = "did_not_occur",
        IncorrectData = "incorrect_data",
    }
}
