// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Where in memory a way begins: 64 bytes for each height below MerkleTree.HEIGHT_MAX, the left child and the right.
type Path is uint256;

using ProofPath for Path global;

/// @title The way from a subtree to the root, kept so that the next proof may stop where it joins
/// @dev Invariant: after a proof that led to the root, the way has both children at each height from that of the last
/// subtree up to that of the tree, exclusive. What lies below is left over from before, and is never read.
library ProofPath {
    /// @notice A way without any child; the memory is not cleared.
    function allocate() internal pure returns (Path path) {
        assembly ("memory-safe") {
            path := mload(0x40)
            mstore(0x40, add(path, 2048))
        }
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
    function climb(Path path, bytes32 hash, uint256 height, uint256 index, bytes32[] calldata proof)
        internal
        pure
        returns (bytes32 top)
    {
        assembly ("memory-safe") {
            top := hash
            let pair := add(path, shl(6, height))
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
    function known(Path path, uint256 height, uint256 index) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            hash := mload(add(path, or(shl(6, height), shl(5, and(index, 1)))))
        }
    }
}
