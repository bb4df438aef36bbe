// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICustody} from "../ICustody.sol";
import {Claim, ClaimLibrary} from "./Claim.sol";
import {MerkleTree} from "./MerkleTree.sol";
import {Multiproof} from "./Multiproof.sol";
import {Places} from "./Places.sol";

/// @notice Where in memory a tree under construction is: 33 words *slots*, 33 words *empties*, *highest*, *hashes*.
///
/// - slots: while counting, the number of subtrees of each height; then, where the hash of the next of each height goes. When
///   all are placed, that is where the hashes of the next lower height begin.
/// - empties: roots of empty subtrees, from height 0 to `highest`.
/// - highest: the greatest height of a subtree, at most 32.
/// - hashes: where the hashes of the subtrees are.
type Tree is uint256;

using GatheredTree for Tree global;

/// @title A tree of subtrees in descending height, those of one height in the order in which they come
/// @dev The order is found by counting: {count} all items, {arrange}, {place} all items again in the same order, {finish}.
library GatheredTree {
    uint256 private constant _EMPTIES = 33 * 32;
    uint256 private constant _HIGHEST = 66 * 32;
    uint256 private constant _HASHES = 67 * 32;
    uint256 private constant _BYTES = 68 * 32;

    /// @notice A tree of which nothing is counted.
    function create() internal pure returns (Tree self) {
        assembly ("memory-safe") {
            // Allocates, and fills with the zeros that lie behind the end of calldata.
            self := mload(0x40)
            mstore(0x40, add(self, _BYTES))
            calldatacopy(self, calldatasize(), _BYTES)
        }
    }

    /// @notice Counts the items of a claim by height.
    function count(Tree self, Claim claim) internal pure {
        uint256 outside;
        assembly ("memory-safe") {
            // Writes to the tree: the height, which says to which slot, is checked before.
            let highest := mload(add(self, _HIGHEST))
            let end := mload(add(claim, 96))
            for { let spot := mload(add(claim, 64)) } lt(spot, end) { spot := add(spot, 37) } {
                let height := byte(0, calldataload(spot))
                if gt(height, highest) {
                    if gt(height, 32) {
                        outside := spot
                        break
                    }
                    highest := height
                }
                let slot := add(self, shl(5, height))
                mstore(slot, add(mload(slot), 1))
            }
            mstore(add(self, _HIGHEST), highest)
        }
        if (outside != 0) Multiproof.failOutside(claim.seed(), outside);
    }

    /// @notice Makes room for all that was counted.
    /// @param size how many subtrees that is
    function arrange(Tree self, uint256 size) internal pure {
        assembly ("memory-safe") {
            // Allocates a word more than there are hashes, for {finish}. Writes to `slots` and `empties`, of which `highest`
            // is at most the last.
            let hashes := mload(0x40)
            mstore(0x40, add(hashes, shl(5, add(size, 1))))
            mstore(add(self, _HASHES), hashes)
            let highest := mload(add(self, _HIGHEST))
            let next := hashes
            for { let slot := add(self, shl(5, highest)) } iszero(lt(slot, self)) { slot := sub(slot, 32) } {
                let counted := mload(slot)
                mstore(slot, next)
                next := add(next, shl(5, counted))
            }
            let empty := 0
            let spot := add(self, _EMPTIES)
            let last := add(spot, shl(5, highest))
            mstore(spot, 0)
            for {} lt(spot, last) {} {
                mstore(0, empty)
                mstore(32, empty)
                empty := keccak256(0, 64)
                spot := add(spot, 32)
                mstore(spot, empty)
            }
        }
    }

    /// @notice Places the items of a claim, and writes them to a list for the log.
    /// @param claim the claim, as it was counted
    /// @param tail where in the list
    /// @return where the list goes on
    /// @return leaves the leaves of the items, one bit each, if the tree that they are from has a height of 7 or less: they
    /// were proven to be inside it
    function place(Tree self, Claim claim, uint256 tail) internal pure returns (uint256, uint256 leaves) {
        uint256 bare;
        assembly ("memory-safe") {
            // Heights are at most `highest`, and there are as many of each as were counted, so each hash has its slot. What
            // is written to the list ends 27 bytes behind the place, for which {Places-allocate} left room.
            let end := mload(add(claim, 96))
            for { let spot := mload(add(claim, 64)) } lt(spot, end) { spot := add(spot, 37) } {
                let head := calldataload(spot)
                let hash := calldataload(add(spot, 5))
                let height := byte(0, head)
                let first := shl(height, and(shr(216, head), 0xffffffff))
                leaves := or(leaves, shl(first, sub(shl(shl(height, 1), 1), 1)))
                let slot := add(self, shl(5, height))
                if eq(hash, mload(add(slot, _EMPTIES))) { bare := spot }
                let to := mload(slot)
                mstore(to, hash)
                mstore(slot, add(to, 32))
                mstore(tail, head)
                tail := add(tail, 5)
            }
        }
        if (bare != 0) {
            (uint256 height,) = Places.split(ClaimLibrary.load(bare));
            revert ICustody.SubtreeEmpty(ClaimLibrary.load(bare + 5), uint8(height));
        }
        return (tail, leaves);
    }

    /// @notice Root and height of the tree, filled up with empty subtrees to the next power of two. The size is not 0.
    function finish(Tree self) internal pure returns (bytes32 root, uint8 height) {
        assembly ("memory-safe") {
            // At height h the nodes of the tree are, side by side, the subtrees of height h and what the lower ones were
            // joined to; the latter begin where the former end, and their number was made even before they were joined. An
            // empty subtree is put behind the last node: inside what is allocated, for there is a word more than hashes,
            // and no node is there, for the number of nodes only falls.
            let hashes := mload(add(self, _HASHES))
            let highest := mload(add(self, _HIGHEST))
            let end := mload(self)
            let empty := 0
            let start := hashes
            for {} lt(height, 33) { height := add(height, 1) } {
                start := hashes
                if lt(height, highest) { start := mload(add(self, shl(5, add(height, 1)))) }
                if and(eq(start, hashes), eq(end, add(hashes, 32))) { break }
                if and(sub(end, start), 32) {
                    mstore(end, empty)
                    end := add(end, 32)
                }
                let to := start
                for { let from := start } lt(from, end) { from := add(from, 64) } {
                    mstore(to, keccak256(from, 64))
                    to := add(to, 32)
                }
                end := to
                mstore(0, empty)
                mstore(32, empty)
                empty := keccak256(0, 64)
            }
            root := mload(hashes)
        }
        if (height > MerkleTree.HEIGHT_MAX) revert ICustody.HeightTooLarge(height);
    }
}
