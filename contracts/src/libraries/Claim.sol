// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICustody} from "../ICustody.sol";

/// @notice What a source says of a holding: where in memory seven words are, which say where in calldata its parts are. They
/// are: seed, height of the tree, first item, end of the items, first hash of the proof, end of the proof, number of items.
type Claim is uint256;

using ClaimLibrary for Claim global;

/// @title Reading a {Claim}
library ClaimLibrary {
    /// Bytes of an item.
    uint256 internal constant ITEM = 37;
    /// The number of places of a holding has two bytes in logs.
    uint256 private constant _ITEMS_MAX = type(uint16).max;
    uint256 private constant _BYTES = 224;

    /// @notice Room for claims, side by side; each is to be read before it is used.
    /// @param claims how many there are, no more than calldata has words
    /// @return first the first of them
    /// @return end what would be the next after the last
    function allocate(uint256 claims) internal pure returns (Claim first, Claim end) {
        assembly ("memory-safe") {
            // Allocates.
            first := mload(0x40)
            end := add(first, mul(claims, _BYTES))
            mstore(0x40, end)
        }
    }

    /// @notice The claim after this one.
    function next(Claim self) internal pure returns (Claim) {
        unchecked {
            // Cannot overflow: an address in memory.
            return Claim.wrap(Claim.unwrap(self) + _BYTES);
        }
    }

    /// @notice The source at a position below the length of a list.
    function sourceAt(ICustody.Source[] calldata sources, uint256 position)
        internal
        pure
        returns (ICustody.Source calldata source)
    {
        assembly ("memory-safe") {
            // No memory is written. As Solidity does, but what lies outside of calldata is left to {read} to find.
            let distance := calldataload(add(sources.offset, shl(5, position)))
            if shr(64, distance) { revert(0, 0) }
            source := add(sources.offset, distance)
        }
    }

    /// @notice Reads a source. Reverts without data if a part of it lies outside of calldata, as Solidity does, and with an
    /// error if its list of items is not valid or the tree too high.
    /// @return items_ how many items there are
    function read(Claim self, ICustody.Source calldata source) internal pure returns (uint256 items_) {
        uint256 length;
        uint256 treeHeight;
        assembly ("memory-safe") {
            // Writes to the seven words of `self`. No sum overflows, for what is added is below 2^70.
            treeHeight := calldataload(add(source, 32))
            let list := calldataload(add(source, 64))
            let proof := calldataload(add(source, 96))
            let bad := or(list, proof)
            list := add(source, list)
            proof := add(source, proof)
            length := calldataload(list)
            let hashes := calldataload(proof)
            bad := shr(64, or(bad, or(length, hashes)))
            list := add(list, 32)
            proof := add(proof, 32)
            let listEnd := add(list, length)
            let proofEnd := add(proof, shl(5, hashes))
            bad := or(bad, or(shr(8, treeHeight), or(gt(listEnd, calldatasize()), gt(proofEnd, calldatasize()))))
            if bad { revert(0, 0) }
            mstore(self, calldataload(source))
            mstore(add(self, 32), treeHeight)
            mstore(add(self, 64), list)
            mstore(add(self, 96), listEnd)
            mstore(add(self, 128), proof)
            mstore(add(self, 160), proofEnd)
            // Not by 0.
            items_ := div(length, ITEM)
            mstore(add(self, 192), items_)
        }
        if (treeHeight > 32) revert ICustody.HeightTooLarge(treeHeight);
        unchecked {
            // Cannot overflow: a product of a quotient with its divisor. No item at all is one less than 0.
            if (items_ * ITEM != length || items_ - 1 >= _ITEMS_MAX) revert ICustody.ItemsInvalid(length);
        }
    }

    /// @notice Seed of the holding's name.
    function seed(Claim self) internal pure returns (bytes32 value) {
        assembly ("memory-safe") {
            // Reads the claim.
            value := mload(self)
        }
    }

    /// @notice Height of the holding's tree.
    function height(Claim self) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            // Reads the claim.
            value := mload(add(self, 32))
        }
    }

    /// @notice Where in calldata the items are, and where they end.
    function items(Claim self) internal pure returns (uint256 start, uint256 end) {
        assembly ("memory-safe") {
            // Reads the claim.
            start := mload(add(self, 64))
            end := mload(add(self, 96))
        }
    }

    /// @notice How many items there are.
    function count(Claim self) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            // Reads the claim.
            value := mload(add(self, 192))
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
