// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {ICustody} from "../ICustody.sol";

/// @title Binary trees of keccak256 whose leaves are units
/// @dev See {ICustody} for the definition of leaf, node and empty subtree.
library MerkleTree {
    /// The greatest height of a tree.
    uint256 internal constant HEIGHT_MAX = 32;

    /// @notice A tree under construction: `peaks[h]` is the complete subtree of height h for each bit h of `size`.
    struct Builder {
        uint256 size;
        bytes32[33] peaks;
    }

    /// @notice hash(0x00 ‖ lotTag ‖ unitHash): 65 bytes, so that a leaf can never be read as a node.
    function leaf(bytes32 lotTag, bytes32 unitHash) internal pure returns (bytes32 value) {
        assembly ("memory-safe") {
            let start := mload(0x40)
            mstore8(start, 0)
            mstore(add(start, 1), lotTag)
            mstore(add(start, 33), unitHash)
            value := keccak256(start, 65)
        }
    }

    /// @notice hash(left ‖ right).
    function node(bytes32 left, bytes32 right) internal pure returns (bytes32) {
        return Hashes.efficientKeccak256(left, right);
    }

    /// @notice Root of a subtree without any unit.
    function emptySubtree(uint256 height) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            for {} height { height := sub(height, 1) } {
                mstore(0, hash)
                mstore(32, hash)
                hash := keccak256(0, 64)
            }
        }
    }

    /// @notice Puts a subtree to the right of what is there. Heights must not ascend from call to call, so that the size
    /// is a multiple of 2^height.
    function append(Builder memory self, bytes32 hash, uint256 height) internal pure {
        uint256 position = self.size;
        unchecked {
            // Cannot overflow: the size is at most 2^HEIGHT_MAX.
            uint256 size = position + (1 << height);
            if (size > 1 << HEIGHT_MAX) revert ICustody.HeightTooLarge(HEIGHT_MAX + 1);
            self.size = size;
        }
        assembly ("memory-safe") {
            // Every bit of the size from `height` upwards that is set has a left sibling; the first clear bit takes the
            // peak. That bit is at HEIGHT_MAX at most, because the size is.
            let peak := add(mload(add(self, 32)), shl(5, height))
            for { let left := shr(height, position) } and(left, 1) { left := shr(1, left) } {
                mstore(0, mload(peak))
                mstore(32, hash)
                hash := keccak256(0, 64)
                peak := add(peak, 32)
            }
            mstore(peak, hash)
        }
    }

    /// @notice Root and height of the tree, filled up with empty subtrees to the next power of two. The size is not 0.
    function finish(Builder memory self) internal pure returns (bytes32 hash, uint8 height) {
        unchecked {
            // Cannot overflow: heights stay at or below HEIGHT_MAX.
            uint256 size = self.size;
            uint256 h = 0;
            bytes32 empty = 0;
            for (; (size >> h) & 1 == 0; ++h) {
                empty = node(empty, empty);
            }
            hash = self.peaks[h];
            // The rightmost node: a left child at the lowest bit of the size, above it whatever the size says.
            for (uint256 rest = (size >> h) - 1; rest != 0; ++h) {
                hash = rest & 1 == 0 ? node(hash, empty) : node(self.peaks[h], hash);
                empty = node(empty, empty);
                rest >>= 1;
            }
            height = uint8(h);
        }
    }
}
