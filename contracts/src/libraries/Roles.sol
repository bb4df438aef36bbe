// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The roles of members, as bits of a mask
library Roles {
    /// Manufacturer: makes units under its own GTINs.
    uint32 internal constant LABELER = 1;
    /// Repackager: uses units up and makes others under its own GTINs.
    uint32 internal constant REPACKAGER = 2;
    /// Wholesaler, importer, exporter.
    uint32 internal constant WHOLESALER = 4;
    /// Carrier or warehouse that holds goods for others.
    uint32 internal constant LOGISTICS = 8;
    /// Pharmacy, hospital, doctor.
    uint32 internal constant DISPENSER = 16;
    /// Competent authority.
    uint32 internal constant REGULATOR = 32;
    /// Every role.
    uint32 internal constant ANY = 63;
}
