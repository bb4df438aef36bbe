// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {ICustody} from "../ICustody.sol";

/// @title Binary trees of keccak256 whose leaves are units
/// @dev See {ICustody} for the definition of leaf, node and empty subtree.
library MerkleTree {
    /// The greatest height of a tree.
    uint256 internal constant HEIGHT_MAX = 32;

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
}
