// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The way from a subtree to the root, kept so that the next proof may stop where it joins
/// @dev Invariant: after a proof that led to the root, `pairs[2 * h]` and `pairs[2 * h + 1]` are the left and the right
/// child on the way at each height h from that of the last subtree up to that of the tree, exclusive.
library ProofPath {
    struct Path {
        /// Two for each height below MerkleTree.HEIGHT_MAX.
        bytes32[64] pairs;
    }

    /// @notice The height at which the ancestors of two subtrees are siblings. They must not contain each other.
    /// @param lastHeight height of one subtree
    /// @param lastIndex index of that subtree
    /// @param height height of the other, not above `lastHeight`
    /// @param index index of the other
    function meeting(uint256 lastHeight, uint256 lastIndex, uint256 height, uint256 index)
        internal
        pure
        returns (uint256 meet)
    {
        unchecked {
            // Cannot underflow: the caller keeps height at or below lastHeight.
            meet = lastHeight;
            for (uint256 differ = (lastIndex ^ (index >> (lastHeight - height))) >> 1; differ != 0; differ >>= 1) {
                ++meet;
            }
        }
    }

    /// @notice Climbs from a subtree and keeps the way.
    /// @param path where the way is kept
    /// @param hash root of the subtree
    /// @param height height of the subtree; together with the length of the proof at most HEIGHT_MAX
    /// @param index index of the subtree
    /// @param proof siblings from there upwards
    /// @return top the ancestor at height + proof.length
    function climb(Path memory path, bytes32 hash, uint256 height, uint256 index, bytes32[] calldata proof)
        internal
        pure
        returns (bytes32 top)
    {
        assembly ("memory-safe") {
            top := hash
            let pair := add(mload(path), shl(6, height))
            let sibling := proof.offset
            // Bit 5 says on which side of its pair, 32 bytes each, the subtree stands; the sibling stands on the other.
            index := shl(5, index)
            for { let end := add(sibling, shl(5, proof.length)) } lt(sibling, end) { sibling := add(sibling, 32) } {
                let side := and(index, 32)
                mstore(add(pair, side), top)
                mstore(add(pair, xor(side, 32)), calldataload(sibling))
                top := keccak256(pair, 64)
                pair := add(pair, 64)
                index := shr(1, index)
            }
        }
    }

    /// @notice The subtree on the way, or beside it, at a height.
    function known(Path memory path, uint256 height, uint256 index) internal pure returns (bytes32) {
        return path.pairs[2 * height + (index & 1)];
    }
}
