// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Which leaves of a holding are spent
/// @notice A set of leaf positions that only grows, by aligned subtrees, each of which must be wholly unspent.
///
/// It has three parts, so that the cost of marking a subtree does not grow with its size:
///
/// - the *summary*, 128 bits that the holding keeps beside its other fields. In trees of height 7 or less it has one bit a
///   leaf and is all. In higher trees it divides the leaves into 64 blocks: bit b says that block b is touched (a leaf of
///   it is spent), bit 64 + b that it is spent as a whole;
/// - *words*, 256 leaves each, for subtrees of height 0 to 7 that are lower than a block;
/// - *chunks*: one bit for 256 leaves that were spent together, for subtrees of height 8 or more that are lower than a
///   block; 256 such bits make a word at key CHUNKS + its number.
///
/// Invariants: a leaf is spent if and only if one of the three says so, and then only one does; a block that is not
/// touched has only zeros in its words and chunks.
library SpentBitmap {
    uint256 private constant _CHUNKS = 1 << 255;

    /// @notice Marks a subtree, which must lie inside the tree.
    /// @param spent words and chunks of all holdings
    /// @param id the holding
    /// @param summary summary of the holding
    /// @param treeHeight height of the holding
    /// @param height height of the subtree
    /// @param index index of the subtree
    /// @return updated the summary from now on
    /// @return free false if a leaf of the subtree was already spent; then all that was written must be reverted
    function mark(
        mapping(bytes32 id => mapping(uint256 key => uint256)) storage spent,
        bytes32 id,
        uint128 summary,
        uint256 treeHeight,
        uint256 height,
        uint256 index
    ) internal returns (uint128 updated, bool free) {
        unchecked {
            // Cannot overflow: the subtree lies inside the tree, so all bits below are of that tree's positions.
            if (treeHeight < 8) {
                uint128 leaves = uint128(_run(index << height, 1 << height));
                return (summary | leaves, summary & leaves == 0);
            }
            uint256 blockHeight = treeHeight - 6;
            if (height >= blockHeight) {
                uint128 blocks = uint128(_run(index << (height - blockHeight), 1 << (height - blockHeight)));
                return (summary | blocks | (blocks << 64), summary & blocks == 0);
            }
            uint128 touched = uint128(1 << (index >> (blockHeight - height)));
            if (summary & (touched << 64) != 0) return (summary, false);
            bool fresh = summary & touched == 0;
            if (height < 8) {
                free = _markInWord(spent[id], fresh || blockHeight < 9, height, index);
            } else {
                free = _markChunks(spent[id], fresh, 1 << (height - 8), index << (height - 8));
            }
            return (summary | touched, free);
        }
    }

    /// @notice Whether any leaf of a subtree is spent. Parameters as for {mark}.
    function any(
        mapping(bytes32 id => mapping(uint256 key => uint256)) storage spent,
        bytes32 id,
        uint128 summary,
        uint256 treeHeight,
        uint256 height,
        uint256 index
    ) internal view returns (bool) {
        if (treeHeight < 8) return summary & _run(index << height, 1 << height) != 0;
        uint256 blockHeight = treeHeight - 6;
        if (height >= blockHeight) {
            return summary & _run(index << (height - blockHeight), 1 << (height - blockHeight)) != 0;
        }
        uint256 first = index << height;
        if (height < 8) {
            return word(spent, id, summary, treeHeight, first >> 8) & _run(first & 255, 1 << height) != 0;
        }
        for (uint256 w = first >> 8; w < (first + (1 << height)) >> 8; ++w) {
            if (word(spent, id, summary, treeHeight, w) != 0) return true;
        }
        return false;
    }

    /// @notice The marks of leaves 256 * number to 256 * number + 255; 0 outside the tree.
    function word(
        mapping(bytes32 id => mapping(uint256 key => uint256)) storage spent,
        bytes32 id,
        uint128 summary,
        uint256 treeHeight,
        uint256 number
    ) internal view returns (uint256 bits) {
        if (treeHeight < 8) return number == 0 ? summary : 0;
        if (number >> (treeHeight - 8) != 0) return 0;
        mapping(uint256 key => uint256) storage words = spent[id];
        uint256 whole = summary >> 64;
        uint256 blockHeight = treeHeight - 6;
        if (blockHeight >= 8) {
            if ((whole >> (number >> (blockHeight - 8))) & 1 != 0) return type(uint256).max;
            if ((words[_CHUNKS + (number >> 8)] >> (number & 255)) & 1 != 0) return type(uint256).max;
            return words[number];
        }
        bits = words[number];
        uint256 blocks = 1 << (8 - blockHeight);
        for (uint256 b = 0; b < blocks; ++b) {
            if ((whole >> (number * blocks + b)) & 1 != 0) bits |= _run(b << blockHeight, 1 << blockHeight);
        }
    }

    /// @dev Marks up to 128 leaves in their word. `unchunked` says that no chunk can be marked there.
    function _markInWord(
        mapping(uint256 key => uint256) storage words,
        bool unchunked,
        uint256 height,
        uint256 index
    ) private returns (bool free) {
        unchecked {
            // Cannot overflow: positions have 32 bits.
            uint256 first = index << height;
            uint256 number = first >> 8;
            uint256 leaves = _run(first & 255, 1 << height);
            uint256 old = words[number];
            // Where a word has marks its chunk has none, so most often there is no need to look.
            free = old == 0
                ? unchunked || (words[_CHUNKS + (number >> 8)] >> (number & 255)) & 1 == 0
                : old & leaves == 0;
            words[number] = old | leaves;
        }
    }

    /// @dev Marks `count` chunks (a power of two, from an aligned position). `fresh` says that their block is untouched.
    function _markChunks(
        mapping(uint256 key => uint256) storage words,
        bool fresh,
        uint256 count,
        uint256 first
    ) private returns (bool free) {
        unchecked {
            // Cannot overflow: positions have 32 bits.
            uint256 seen = 0;
            if (!fresh) {
                for (uint256 number = first; number < first + count; ++number) {
                    seen |= words[number];
                }
            }
            uint256 bits = count < 256 ? _run(first & 255, count) : type(uint256).max;
            uint256 last = _CHUNKS + ((first + count - 1) >> 8);
            for (uint256 key = _CHUNKS + (first >> 8); key <= last; ++key) {
                uint256 old = words[key];
                seen |= old & bits;
                words[key] = old | bits;
            }
            return seen == 0;
        }
    }

    /// @dev `count` ones from bit `first`; `count` is less than 256.
    function _run(uint256 first, uint256 count) private pure returns (uint256) {
        unchecked {
            // Cannot underflow: 1 << count is at least 1.
            return ((1 << count) - 1) << first;
        }
    }
}
