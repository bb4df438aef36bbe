// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICustody} from "../ICustody.sol";

/// @title Proofs of several subtrees of one tree at once
/// @dev The walk is that of {ICustody-Source}. A subtree that is put by is kept at its height, and `pending` has a bit for
/// each such height. Why that is a stack: two items that follow each other have different ancestors up to some height, at
/// which these are siblings, for the second item lies right of the first; the walk climbs from the first to that height
/// and puts its ancestor by, as the left child. From then on it stays below the sibling until it has climbed to it. So
/// what is put by meanwhile is lower, and when the walk comes to the height of what was put by last it is at its sibling.
library Multiproof {
    uint256 private constant _HEIGHT_MAX = 32;
    /// Bytes of an item.
    uint256 internal constant ITEM = 37;

    /// The number of places of a holding has two bytes in logs.
    uint256 private constant _ITEMS_MAX = type(uint16).max;
    uint256 private constant _OUTSIDE = 1;
    uint256 private constant _NOT_ASCENDING = 2;
    uint256 private constant _LOT_INVALID = 3;

    /// @notice Name of the holding that the items of a source are subtrees of, if their hashes are those of nodes.
    /// @param source the source, with a valid list of items
    function ofNodes(ICustody.Source calldata source) internal pure returns (bytes32 id) {
        bytes32[] calldata none;
        assembly ("memory-safe") {
            // An empty list. No memory is written.
            none.offset := 0
            none.length := 0
        }
        return _name(source, none, 0);
    }

    /// @notice Name of the holding that the items of a source are leaves of, if their hashes are those of units.
    /// @param source the source, with a valid list of items
    /// @param lotTags the lots that the items name by their position
    function ofLeaves(ICustody.Source calldata source, bytes32[] calldata lotTags) internal pure returns (bytes32 id) {
        return _name(source, lotTags, 1);
    }

    /// @notice How many items there are in a list of so many bytes.
    function numberOf(uint256 length) internal pure returns (uint256 number) {
        unchecked {
            // Cannot overflow: a product of a quotient with its divisor.
            number = length / ITEM;
            if (number == 0 || number > _ITEMS_MAX || number * ITEM != length) revert ICustody.ItemsInvalid(length);
        }
    }

    /// @notice Says that an item, given by its place in calldata, is outside of the tree.
    function failOutside(bytes32 seed, uint256 spot) internal pure {
        _fail(seed, 0, 0, _OUTSIDE, spot);
    }

    /// @notice Says that an item, given by its place in calldata, has no unit.
    function failEmpty(uint256 spot) internal pure {
        uint256 head;
        bytes32 hash;
        assembly ("memory-safe") {
            // Reads calldata only.
            head := calldataload(spot)
            hash := calldataload(add(spot, 5))
        }
        revert ICustody.SubtreeEmpty(hash, uint8(head >> 248));
    }

    function _name(ICustody.Source calldata source, bytes32[] calldata lotTags, uint256 leaves)
        private
        pure
        returns (bytes32 id)
    {
        bytes32 seed = source.seed;
        uint256 treeHeight = source.height;
        if (treeHeight > _HEIGHT_MAX) revert ICustody.HeightTooLarge(treeHeight);
        bytes calldata items = source.items;
        bytes32[] calldata proof = source.proof;
        (bytes32 root, uint256 used, uint256 failure, uint256 spot) = _walk(items, proof, lotTags, treeHeight, leaves);
        if (failure != 0) _fail(seed, lotTags.length, leaves, failure, spot);
        if (used != proof.length) revert ICustody.ProofLengthInvalid(seed, used, proof.length);
        assembly ("memory-safe") {
            // The scratch space.
            mstore(0, seed)
            mstore(32, root)
            id := keccak256(0, 64)
        }
    }

    /// @dev The walk. Hashes are read from `proof` without a look at its end, which is calldata or zeros: the caller must
    /// refuse the result if `used` is not its length.
    /// @return hash the root
    /// @return used how many hashes of the proof the items need
    /// @return failure what is wrong with an item; 0 if nothing
    /// @return spot where in calldata the item is with which something is wrong
    function _walk(
        bytes calldata items,
        bytes32[] calldata proof,
        bytes32[] calldata lotTags,
        uint256 treeHeight,
        uint256 leaves
    ) private pure returns (bytes32 hash, uint256 used, uint256 failure, uint256 spot) {
        assembly ("memory-safe") {
            // Position and height of an item; not valid if it is outside of the tree or names no lot.
            function decode(head, treeHeight_, leaves_, lots) -> first_, height_, failure_ {
                first_ := and(shr(216, head), 0xffffffff)
                switch leaves_
                case 0 {
                    height_ := byte(0, head)
                    if gt(height_, treeHeight_) { failure_ := _OUTSIDE }
                    // Of a height up to 255 nothing is left of the 32 bits, or what is left is outside.
                    first_ := shl(height_, first_)
                }
                default {
                    if iszero(lt(byte(0, head), lots)) { failure_ := _LOT_INVALID }
                }
                if shr(treeHeight_, first_) { failure_ := _OUTSIDE }
            }
            // Writes to the scratch space and, behind the end of what is allocated, to 65 bytes for a leaf and, 96 bytes
            // further, to a word for each height from 0 to 31 that is put by; nobody uses them afterwards. Only heights below
            // `treeHeight`, which is at most 32, are put by: of two positions below 2^treeHeight that differ, the highest
            // bit that differs is lower.
            let end := add(items.offset, items.length)
            let pending := 0
            let first, height
            used := proof.offset
            spot := items.offset
            first, height, failure := decode(calldataload(spot), treeHeight, leaves, lotTags.length)
            for {} iszero(failure) {} {
                hash := calldataload(add(spot, 5))
                if leaves {
                    let leaf := mload(0x40)
                    mstore8(leaf, 0)
                    mstore(add(leaf, 1), calldataload(add(lotTags.offset, shl(5, byte(0, calldataload(spot))))))
                    mstore(add(leaf, 33), hash)
                    hash := keccak256(leaf, 65)
                }
                spot := add(spot, 37)
                // Without another item the climb ends at the root: as if the next one lay right of the tree.
                let next := add(first, shl(treeHeight, 1))
                let nextHeight := 0
                if lt(spot, end) {
                    next, nextHeight, failure := decode(calldataload(spot), treeHeight, leaves, lotTags.length)
                    if failure { break }
                    // The next item's first leaf is behind this item's last.
                    if iszero(gt(shr(height, next), shr(height, first))) {
                        failure := _NOT_ASCENDING
                        break
                    }
                }
                // Climbs to where the two are siblings.
                for { let apart := xor(first, next) } iszero(eq(shr(height, apart), 1)) { height := add(height, 1) } {
                    switch and(shr(height, first), 1)
                    case 0 {
                        mstore(0, hash)
                        mstore(32, calldataload(used))
                        used := add(used, 32)
                    }
                    default {
                        switch and(shr(height, pending), 1)
                        case 0 {
                            mstore(0, calldataload(used))
                            used := add(used, 32)
                        }
                        default {
                            mstore(0, mload(add(add(mload(0x40), 96), shl(5, height))))
                            pending := xor(pending, shl(height, 1))
                        }
                        mstore(32, hash)
                    }
                    hash := keccak256(0, 64)
                }
                if iszero(lt(spot, end)) { break }
                mstore(add(add(mload(0x40), 96), shl(5, height)), hash)
                pending := or(pending, shl(height, 1))
                first := next
                height := nextHeight
            }
            used := shr(5, sub(used, proof.offset))
        }
    }

    /// @dev Says what is wrong with the item at a place in calldata.
    function _fail(bytes32 seed, uint256 lots, uint256 leaves, uint256 failure, uint256 spot) private pure {
        uint256 head;
        assembly ("memory-safe") {
            // Reads calldata only.
            head := calldataload(spot)
        }
        uint8 kind = uint8(head >> 248);
        uint32 index = uint32(head >> 216);
        if (failure == _OUTSIDE) revert ICustody.PlaceOutside(seed, leaves == 0 ? kind : 0, index);
        if (failure == _LOT_INVALID) revert ICustody.LotNumberInvalid(kind, lots);
        revert ICustody.ItemsNotAscending(seed, index);
    }
}
