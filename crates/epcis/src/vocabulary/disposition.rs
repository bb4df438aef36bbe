//! Dispositions (CBV 2.0, section 7.2).

use super::word::vocabulary;

vocabulary! {
    /// The condition of objects after an event (CBV 2.0, section 7.2).
    Disposition, web "Disp-", urn "urn:epcglobal:cbv:disp:",
    expected "a disposition of the CBV or an absolute URI",
    {
        Active = "active",
        Available = "available",
        CompletenessInferred = "completeness_inferred",
        CompletenessVerified = "completeness_verified",
        Conformant = "conformant",
        ContainerClosed = "container_closed",
        ContainerOpen = "container_open",
        Damaged = "damaged",
        Destroyed = "destroyed",
        Dispensed = "dispensed",
        Disposed = "disposed",
        Encoded = "encoded",
        Expired = "expired",
        InProgress = "in_progress",
        InTransit = "in_transit",
        Inactive = "inactive",
        MismatchClass = "mismatch_class",
        MismatchInstance = "mismatch_instance",
        MismatchQuantity = "mismatch_quantity",
        NeedsReplacement = "needs_replacement",
        NoPedigreeMatch = "no_pedigree_match",
        NonConformant = "non_conformant",
        NonSellableOther = "non_sellable_other",
        PartiallyDispensed = "partially_dispensed",
        Recalled = "recalled",
        Reserved = "reserved",
        RetailSold = "retail_sold",
        Returned = "returned",
        SellableAccessible = "sellable_accessible",
        SellableNotAccessible = "sellable_not_accessible",
        Stolen = "stolen",
        Unavailable = "unavailable",
        Unknown = "unknown",
    }
}
