// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Which leaves of a holding are spent
/// @notice A set of leaf positions that grows by aligned subtrees, each of which must be wholly unspent, and shrinks by
/// aligned subtrees, each of which was marked as such and not unmarked since.
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
/// touched has only zeros in its words and chunks. A block of more than SCAN words may be touched though nothing of it is
/// spent any more: then it moves by its parts only.
library SpentBitmap {
    uint256 private constant _CHUNKS = 1 << 255;
    /// The most words of a block that are looked through to find whether all of it came back.
    uint256 private constant _SCAN = 64;

    /// @notice Marks a subtree, which must lie inside the tree.
    /// @param words words and chunks of the holding
    /// @param summary summary of the holding
    /// @param treeHeight height of the holding
    /// @param height height of the subtree
    /// @param index index of the subtree
    /// @return updated the summary from now on
    /// @return added how many slots are in use that were not
    /// @return free false if a leaf of the subtree was already spent; then all that was written must be reverted
    function mark(
        mapping(uint256 key => uint256) storage words,
        uint128 summary,
        uint256 treeHeight,
        uint256 height,
        uint256 index
    ) internal returns (uint128 updated, uint256 added, bool free) {
        unchecked {
            // Cannot overflow: the subtree lies inside the tree, so all bits below are of that tree's positions.
            if (treeHeight < 8) {
                uint128 leaves = uint128(_run(index << height, 1 << height));
                return (summary | leaves, 0, summary & leaves == 0);
            }
            uint256 blockHeight = treeHeight - 6;
            if (height >= blockHeight) {
                uint128 blocks = uint128(_run(index << (height - blockHeight), 1 << (height - blockHeight)));
                return (summary | blocks | (blocks << 64), 0, summary & blocks == 0);
            }
            uint128 touched = uint128(1 << (index >> (blockHeight - height)));
            if (summary & (touched << 64) != 0) return (summary, 0, false);
            bool fresh = summary & touched == 0;
            if (height < 8) {
                (added, free) = _markInWord(words, fresh || blockHeight < 9, height, index);
            } else {
                (added, free) = _markChunks(words, fresh, 1 << (height - 8), index << (height - 8));
            }
            return (summary | touched, added, free);
        }
    }

    /// @notice Unmarks a subtree that was marked as such. Parameters as for {mark}.
    /// @return updated the summary from now on
    /// @return removed how many slots are no longer in use
    function unmark(
        mapping(uint256 key => uint256) storage words,
        uint128 summary,
        uint256 treeHeight,
        uint256 height,
        uint256 index
    ) internal returns (uint128 updated, uint256 removed) {
        unchecked {
            // Cannot overflow: the subtree lies inside the tree, so all bits below are of that tree's positions.
            if (treeHeight < 8) return (summary & ~uint128(_run(index << height, 1 << height)), 0);
            uint256 blockHeight = treeHeight - 6;
            if (height >= blockHeight) {
                uint128 blocks = uint128(_run(index << (height - blockHeight), 1 << (height - blockHeight)));
                return (summary & ~(blocks | (blocks << 64)), 0);
            }
            if (height < 8) {
                uint256 first = index << height;
                removed = _clear(words, first >> 8, _run(first & 255, 1 << height));
            } else {
                (uint256 first, uint256 count) = (index << (height - 8), 1 << (height - 8));
                uint256 bits = count < 256 ? _run(first & 255, count) : type(uint256).max;
                for (uint256 key = first >> 8; key <= (first + count - 1) >> 8; ++key) {
                    removed += _clear(words, _CHUNKS + key, bits);
                }
            }
            uint256 number = index >> (blockHeight - height);
            if (_isBlank(words, blockHeight, number)) summary &= ~uint128(1 << number);
            return (summary, removed);
        }
    }

    /// @notice Whether any leaf of a subtree is spent. Parameters as for {mark}.
    function any(
        mapping(uint256 key => uint256) storage words,
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
            return word(words, summary, treeHeight, first >> 8) & _run(first & 255, 1 << height) != 0;
        }
        for (uint256 w = first >> 8; w < (first + (1 << height)) >> 8; ++w) {
            if (word(words, summary, treeHeight, w) != 0) return true;
        }
        return false;
    }

    /// @notice The marks of leaves 256 * number to 256 * number + 255; 0 outside the tree.
    function word(
        mapping(uint256 key => uint256) storage words,
        uint128 summary,
        uint256 treeHeight,
        uint256 number
    ) internal view returns (uint256 bits) {
        if (treeHeight < 8) return number == 0 ? summary : 0;
        if (number >> (treeHeight - 8) != 0) return 0;
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
    ) private returns (uint256 added, bool free) {
        unchecked {
            // Cannot overflow: positions have 32 bits.
            uint256 first = index << height;
            uint256 number = first >> 8;
            uint256 leaves = _run(first & 255, 1 << height);
            uint256 old = words[number];
            // Where a word has marks its chunk has none, so most often there is no need to look.
            if (old == 0) {
                added = 1;
                free = unchunked || (words[_CHUNKS + (number >> 8)] >> (number & 255)) & 1 == 0;
            } else {
                free = old & leaves == 0;
            }
            words[number] = old | leaves;
        }
    }

    /// @dev Marks `count` chunks (a power of two, from an aligned position). `fresh` says that their block is untouched.
    function _markChunks(mapping(uint256 key => uint256) storage words, bool fresh, uint256 count, uint256 first)
        private
        returns (uint256 added, bool free)
    {
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
                if (old == 0) ++added;
                seen |= old & bits;
                words[key] = old | bits;
            }
            return (added, seen == 0);
        }
    }

    /// @dev Clears bits of a slot that are set; 1 if that leaves nothing.
    function _clear(mapping(uint256 key => uint256) storage words, uint256 key, uint256 bits)
        private
        returns (uint256 removed)
    {
        uint256 left = words[key] & ~bits;
        words[key] = left;
        return left == 0 ? 1 : 0;
    }

    /// @dev Whether nothing of a block, which is not spent as a whole, is spent; false if that is too long to find out.
    function _isBlank(mapping(uint256 key => uint256) storage words, uint256 blockHeight, uint256 number)
        private
        view
        returns (bool)
    {
        unchecked {
            // Cannot overflow: positions have 32 bits.
            uint256 first = number << blockHeight;
            if (blockHeight < 8) return words[first >> 8] & _run(first & 255, 1 << blockHeight) == 0;
            (uint256 from, uint256 count) = (first >> 8, 1 << (blockHeight - 8));
            if (count > _SCAN) return false;
            if (words[_CHUNKS + (from >> 8)] & _run(from & 255, count) != 0) return false;
            for (uint256 w = from; w < from + count; ++w) {
                if (words[w] != 0) return false;
            }
            return true;
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
