// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICustody} from "../ICustody.sol";
import {Claim, ClaimLibrary} from "./Claim.sol";

/// @title Proofs of several subtrees of one tree at once
/// @dev The walk is that of {ICustody-Source}. A subtree that is put by is kept at its height, and `pending` has a bit for
/// each such height. Why that is a stack: two items that follow each other have different ancestors up to some height, at
/// which these are siblings, for the second item lies right of the first; the walk climbs from the first to that height
/// and puts its ancestor by, as the left child. From then on it stays below the sibling until it has climbed to it. So
/// what is put by meanwhile is lower, and when the walk comes to the height of what was put by last it is at its sibling.
library Multiproof {
    uint256 private constant _KIND_INVALID = 1;
    uint256 private constant _OUTSIDE = 2;
    uint256 private constant _NOT_ASCENDING = 4;

    /// @notice Name of the holding that the items of a claim are subtrees of, if their hashes are those of nodes.
    function ofNodes(Claim claim) internal pure returns (bytes32 id) {
        bytes32[] calldata none;
        assembly ("memory-safe") {
            // An empty list. No memory is written.
            none.offset := 0
            none.length := 0
        }
        return _name(claim, none, type(uint256).max);
    }

    /// @notice Name of the holding that the items of a claim are leaves of, if their hashes are those of units.
    /// @param lotTags the lots that the items name by their position
    function ofLeaves(Claim claim, bytes32[] calldata lotTags) internal pure returns (bytes32 id) {
        return _name(claim, lotTags, 0);
    }

    /// @notice Says that an item, given by its place in calldata, is outside of the tree.
    function failOutside(bytes32 seed, uint256 spot) internal pure {
        _fail(seed, 0, type(uint256).max, _OUTSIDE, spot);
    }

    /// @param heightMask all ones if the kind of an item is its height, 0 if it is the number of a lot
    function _name(Claim claim, bytes32[] calldata lotTags, uint256 heightMask) private pure returns (bytes32 id) {
        (bytes32 root, uint256 proofEnd, uint256 failure, uint256 spot) = _walk(claim, lotTags, heightMask);
        if (failure != 0) _fail(claim.seed(), lotTags.length, heightMask, failure, spot);
        uint256 unread;
        assembly ("memory-safe") {
            // The scratch space.
            unread := sub(mload(add(claim, 160)), proofEnd)
            mstore(0, mload(claim))
            mstore(32, root)
            id := keccak256(0, 64)
        }
        if (unread != 0) _failLength(claim, proofEnd);
    }

    /// @dev The walk. Hashes are read from `proof` without a look at its end, which is calldata or zeros: the caller must
    /// refuse the result if the proof does not end where the last of them does.
    /// @return hash the root
    /// @return sibling where in calldata the last hash that was read ends
    /// @return failure what is wrong with an item; 0 if nothing
    /// @return spot where in calldata the item is with which something is wrong
    function _walk(Claim claim, bytes32[] calldata lotTags, uint256 heightMask)
        private
        pure
        returns (bytes32 hash, uint256 sibling, uint256 failure, uint256 spot)
    {
        assembly ("memory-safe") {
            // First leaf and height of an item. Not 0 is `failure_` if the kind is not below `kinds` or the item is outside of
            // the tree; of a subtree that is higher than the tree the first leaf says nothing.
            function decode(head, treeHeight, mask, kinds) -> first_, height_, failure_ {
                let kind := byte(0, head)
                height_ := and(kind, mask)
                first_ := shl(height_, and(shr(216, head), 0xffffffff))
                failure_ := or(iszero(lt(kind, kinds)), shl(1, lt(0, shr(treeHeight, first_))))
            }
            // Hash of an item.
            function hashOf(at_, mask, lots) -> hash_ {
                hash_ := calldataload(add(at_, 5))
                if iszero(mask) {
                    // 65 bytes behind the end of what is allocated.
                    let leaf := mload(0x40)
                    mstore8(leaf, 0)
                    mstore(add(leaf, 1), calldataload(add(lots, shl(5, byte(0, calldataload(at_))))))
                    mstore(add(leaf, 33), hash_)
                    hash_ := keccak256(leaf, 65)
                }
            }
            // Writes to the scratch space and, behind the end of what is allocated, to 65 bytes for a leaf and, 96 bytes
            // further, to a word for each height from 0 to 31 that is put by; nobody uses them afterwards. Only heights below
            // the tree's, which is at most 32, are put by: of two positions below 2^height that differ, the highest bit that
            // differs is lower.
            let kinds := lotTags.length
            if heightMask { kinds := add(mload(add(claim, 32)), 1) }
            sibling := mload(add(claim, 128))
            spot := mload(add(claim, 64))
            let first, height
            first, height, failure := decode(calldataload(spot), mload(add(claim, 32)), heightMask, kinds)
            for { let pending := 0 } iszero(failure) {} {
                hash := hashOf(spot, heightMask, lotTags.offset)
                spot := add(spot, 37)
                if eq(spot, mload(add(claim, 96))) {
                    // The last item. `index` is its position with one bit on top, which comes down when the root is found.
                    let index := shr(height, add(first, shl(mload(add(claim, 32)), 1)))
                    if iszero(pending) {
                        for {} xor(index, 1) { index := shr(1, index) } {
                            let right := shl(5, and(index, 1))
                            mstore(right, hash)
                            mstore(xor(right, 32), calldataload(sibling))
                            hash := keccak256(0, 64)
                            sibling := add(sibling, 32)
                        }
                        break
                    }
                    let put := add(add(mload(0x40), 96), shl(5, height))
                    pending := shr(height, pending)
                    for {} xor(index, 1) { index := shr(1, index) } {
                        let right := shl(5, and(index, 1))
                        mstore(right, hash)
                        switch and(pending, 1)
                        case 0 {
                            mstore(xor(right, 32), calldataload(sibling))
                            sibling := add(sibling, 32)
                        }
                        default {
                            // A right child, because what was put by is its left sibling.
                            mstore(0, mload(put))
                        }
                        hash := keccak256(0, 64)
                        put := add(put, 32)
                        pending := shr(1, pending)
                    }
                    break
                }
                let next, nextHeight
                next, nextHeight, failure := decode(calldataload(spot), mload(add(claim, 32)), heightMask, kinds)
                // The next item's first leaf must be behind this item's last.
                if iszero(gt(shr(height, next), shr(height, first))) {
                    failure := or(failure, shl(2, iszero(failure)))
                }
                if failure { break }
                // Climbs to where the two are siblings: where only the lowest bit is left of what is different.
                let put := add(mload(0x40), 96)
                for { let apart := xor(first, next) } xor(shr(height, apart), 1) { height := add(height, 1) } {
                    let right := shl(5, and(shr(height, first), 1))
                    mstore(right, hash)
                    switch and(shr(height, pending), 1)
                    case 0 {
                        mstore(xor(right, 32), calldataload(sibling))
                        sibling := add(sibling, 32)
                    }
                    default {
                        // As above.
                        mstore(0, mload(add(put, shl(5, height))))
                        pending := xor(pending, shl(height, 1))
                    }
                    hash := keccak256(0, 64)
                }
                mstore(add(put, shl(5, height)), hash)
                pending := or(pending, shl(height, 1))
                first := next
                height := nextHeight
            }
        }
    }

    /// @dev Says that a proof does not end where the last hash that was read does.
    function _failLength(Claim claim, uint256 proofEnd) private pure {
        uint256 expected;
        uint256 found;
        assembly ("memory-safe") {
            // Reads the claim. Both ends are behind the beginning.
            let start := mload(add(claim, 128))
            expected := shr(5, sub(proofEnd, start))
            found := shr(5, sub(mload(add(claim, 160)), start))
        }
        revert ICustody.ProofLengthInvalid(claim.seed(), expected, found);
    }

    /// @dev Says what is wrong with the item at a place in calldata.
    function _fail(bytes32 seed, uint256 lots, uint256 heightMask, uint256 failure, uint256 spot) private pure {
        uint256 head = uint256(ClaimLibrary.load(spot));
        uint8 kind = uint8(head >> 248);
        uint32 index = uint32(head >> 216);
        if (failure == _NOT_ASCENDING) revert ICustody.ItemsNotAscending(seed, index);
        if (failure == _KIND_INVALID && heightMask == 0) revert ICustody.LotNumberInvalid(kind, lots);
        revert ICustody.PlaceOutside(seed, heightMask == 0 ? 0 : kind, index);
    }
}
