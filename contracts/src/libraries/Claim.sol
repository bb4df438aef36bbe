// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICustody} from "../ICustody.sol";

/// @notice What a source says of a holding: where in calldata its parts are.
struct Claim {
    /// Seed of the holding's name.
    bytes32 seed;
    /// Height of its tree.
    uint256 height;
    /// Where the first item is.
    uint256 items;
    /// Where the items end.
    uint256 itemsEnd;
    /// Where the first hash of the proof is.
    uint256 proof;
    /// Where the proof ends.
    uint256 proofEnd;
}

using ClaimLibrary for Claim global;

/// @title Reading a {Claim}
library ClaimLibrary {
    /// Bytes of an item.
    uint256 internal constant ITEM = 37;
    /// The number of places of a holding has two bytes in logs.
    uint256 private constant _ITEMS_MAX = type(uint16).max;

    /// @notice Reads a source. Reverts without data if a part of it lies outside of calldata, as Solidity does, and with an
    /// error if its list of items is not valid or the tree too high.
    function read(Claim memory self, ICustody.Source calldata source) internal pure {
        uint256 length;
        uint256 treeHeight;
        assembly ("memory-safe") {
            // Writes to `self`, which has six words. Below 2^64 no sum can overflow.
            treeHeight := calldataload(add(source, 32))
            let items := calldataload(add(source, 64))
            let proof := calldataload(add(source, 96))
            let bad := or(items, proof)
            items := add(source, items)
            proof := add(source, proof)
            length := calldataload(items)
            let hashes := calldataload(proof)
            bad := shr(64, or(bad, or(length, hashes)))
            items := add(items, 32)
            proof := add(proof, 32)
            let itemsEnd := add(items, length)
            let proofEnd := add(proof, shl(5, hashes))
            bad := or(bad, or(shr(8, treeHeight), or(gt(itemsEnd, calldatasize()), gt(proofEnd, calldatasize()))))
            if bad { revert(0, 0) }
            mstore(self, calldataload(source))
            mstore(add(self, 32), treeHeight)
            mstore(add(self, 64), items)
            mstore(add(self, 96), itemsEnd)
            mstore(add(self, 128), proof)
            mstore(add(self, 160), proofEnd)
        }
        if (treeHeight > 32) revert ICustody.HeightTooLarge(treeHeight);
        unchecked {
            // Cannot overflow: a product of a quotient with its divisor.
            uint256 number = length / ITEM;
            if (number * ITEM != length || number - 1 >= _ITEMS_MAX) revert ICustody.ItemsInvalid(length);
        }
    }

    /// @notice How many items there are.
    function count(Claim memory self) internal pure returns (uint256) {
        unchecked {
            // Cannot underflow: the end is behind the beginning.
            return (self.itemsEnd - self.items) / ITEM;
        }
    }

    /// @notice 32 bytes of calldata.
    function load(uint256 spot) internal pure returns (bytes32 value) {
        assembly ("memory-safe") {
            // Reads calldata only.
            value := calldataload(spot)
        }
    }
}
