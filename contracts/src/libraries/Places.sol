// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Lists of subtrees for the log, 41 bytes each: holding (32), height (1), index (8), big endian
library Places {
    uint256 private constant _LENGTH = 41;

    /// @notice A list of `count` places, to be filled from the first to the last.
    function allocate(uint256 count) internal pure returns (bytes memory list) {
        assembly ("memory-safe") {
            list := mload(0x40)
            let length := mul(count, _LENGTH)
            mstore(list, length)
            // 64 bytes more than the text: its length, and room for the last write of {set}, which is 23 bytes too long.
            mstore(0x40, and(add(add(list, length), 95), not(31)))
        }
    }

    /// @notice Writes the place at a position below the `count` of the list.
    function set(bytes memory list, uint256 position, bytes32 holding, uint256 height, uint256 index) internal pure {
        assembly ("memory-safe") {
            let start := add(add(list, 32), mul(position, _LENGTH))
            mstore(start, holding)
            mstore(add(start, 32), shl(184, or(shl(64, height), index)))
        }
    }
}
