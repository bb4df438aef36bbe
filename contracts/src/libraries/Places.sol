// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Lists of subtrees for the log, big endian: per holding its name (32 bytes), the number of its places (2), and for
/// each height (1) and index (4)
library Places {
    /// Bytes of a place.
    uint256 internal constant PLACE = 5;
    /// Bytes before the places of a holding.
    uint256 internal constant HEAD = 34;
    /// The most places of a holding.
    uint256 internal constant COUNT_MAX = type(uint16).max;

    /// @notice A list of `length` bytes, to be filled from the first to the last.
    /// @return list the list
    /// @return tail where its first byte is
    function allocate(uint256 length) internal pure returns (bytes memory list, uint256 tail) {
        assembly ("memory-safe") {
            list := mload(0x40)
            mstore(list, length)
            tail := add(list, 32)
            // Room for the last writes too: what {put} writes ends 27 bytes behind the place, and what {open} writes ends 30
            // bytes behind a head, which a place follows.
            mstore(0x40, and(add(add(tail, length), 63), not(31)))
        }
    }

    /// @notice Writes the head of a holding's places at `tail`, inside a list, and gives the place behind it.
    function open(uint256 tail, bytes32 id, uint256 count) internal pure returns (uint256) {
        assembly ("memory-safe") {
            // Inside the list and the room behind it, see {allocate}.
            mstore(tail, id)
            mstore(add(tail, 32), shl(240, count))
        }
        unchecked {
            // Cannot overflow: an address in memory.
            return tail + HEAD;
        }
    }

    /// @notice Writes a place, the first five bytes of `head`, at `tail`, inside a list, and gives the place behind it.
    function put(uint256 tail, bytes32 head) internal pure returns (uint256) {
        assembly ("memory-safe") {
            // Inside the list and the room behind it, see {allocate}.
            mstore(tail, head)
        }
        unchecked {
            // Cannot overflow: an address in memory.
            return tail + PLACE;
        }
    }

    /// @notice Writes the head of a holding's places before those that are written.
    function setHead(uint256 spot, bytes32 id, uint256 count) internal pure {
        assembly ("memory-safe") {
            // Inside the list: exactly the head.
            mstore(spot, id)
            mstore8(add(spot, 32), shr(8, count))
            mstore8(add(spot, 33), count)
        }
    }

    /// @notice Height and index of a place, the first five bytes of `head`.
    function split(bytes32 head) internal pure returns (uint256 height, uint256 index) {
        return (uint256(head) >> 248, uint32(uint256(head) >> 216));
    }
}
