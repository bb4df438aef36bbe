// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICustody} from "./ICustody.sol";
import {Members} from "./Members.sol";
import {HoldingWord, HoldingWordLibrary} from "./libraries/HoldingWord.sol";
import {MerkleTree} from "./libraries/MerkleTree.sol";
import {Places} from "./libraries/Places.sol";
import {Path, ProofPath} from "./libraries/ProofPath.sol";
import {SpentBitmap} from "./libraries/SpentBitmap.sol";

/// @title Holdings: opened, read, and spent from
/// @dev A cursor walks over the holdings that an operation names. It keeps the current one's fields in memory and writes
/// its summary back when it leaves it, so whoever reads a holding after a cursor must {_leave} first.
abstract contract Holdings is Members {
    using MerkleTree for MerkleTree.Builder;
    using Places for bytes;

    /// @dev Two slots. Accounts are kept by their number in the registry (40 bits), so that all but the root is one slot.
    struct HoldingRecord {
        bytes32 root;
        HoldingWord word;
    }

    /// @dev What a new holding consists of.
    struct Opening {
        bytes32 root;
        address holder;
        address consignee;
        uint40 holderNumber;
        uint40 consigneeNumber;
        uint32 expiry;
        uint8 height;
        State state;
        bytes32 cause;
    }

    /// @dev The holding at which an operation is, and the last proof of it: that of the subtree (lastHeight, lastIndex), or
    /// none if lastHeight is _UNPROVEN.
    struct Cursor {
        bytes32 id;
        bytes32 root;
        HoldingWord stored;
        uint256 height;
        uint128 spent;
        uint256 lastHeight;
        uint256 lastIndex;
        Path path;
    }

    /// @dev A tree gathered from nodes.
    struct Harvest {
        bytes32 root;
        uint8 height;
        uint32 expiry;
        bytes sources;
    }

    uint256 private constant _UNPROVEN = type(uint256).max;

    mapping(bytes32 id => HoldingRecord) internal _holdings;
    mapping(bytes32 id => mapping(uint256 key => uint256)) private _spentWords;

    /// @inheritdoc ICustody
    function holding(bytes32 id) external view returns (Holding memory) {
        HoldingWord word = _holdings[id].word;
        (uint40 holder, uint40 consignee) = (word.holder(), word.consignee());
        return Holding({
            root: _holdings[id].root,
            holder: holder == 0 ? address(0) : registry.accountAt(holder),
            consignee: consignee == 0 ? address(0) : registry.accountAt(consignee),
            expiry: word.expiry(),
            height: uint8(word.height()),
            state: word.state()
        });
    }

    /// @inheritdoc ICustody
    function isSpent(bytes32 id, uint8 height, uint64 index) external view returns (bool) {
        HoldingWord word = _existing(id);
        if (_isOutside(word.height(), height, index)) revert PlaceOutside(id, height, index);
        return SpentBitmap.any(_spentWords, id, word.spent(), word.height(), height, index);
    }

    /// @inheritdoc ICustody
    function spentWord(bytes32 id, uint256 word) external view returns (uint256) {
        HoldingWord record = _existing(id);
        return SpentBitmap.word(_spentWords, id, record.spent(), record.height(), word);
    }

    /// @dev Opens a holding under the caller's name.
    function _open(Opening memory opening) internal returns (bytes32 id) {
        (bytes32 root, bytes32 cause) = (opening.root, opening.cause);
        assembly ("memory-safe") {
            // keccak256(abi.encode(msg.sender, cause, root))
            let start := mload(0x40)
            mstore(start, caller())
            mstore(add(start, 32), cause)
            mstore(add(start, 64), root)
            id := keccak256(start, 96)
        }
        HoldingRecord storage record = _holdings[id];
        if (HoldingWord.unwrap(record.word) != 0) revert HoldingExists(id);
        record.root = root;
        record.word = HoldingWordLibrary.pack(
            opening.holderNumber, opening.consigneeNumber, opening.expiry, opening.height, opening.state
        );
        emit HoldingOpened(
            id,
            opening.holder,
            opening.consignee,
            root,
            opening.height,
            opening.state,
            opening.expiry,
            cause
        );
    }

    /// @dev The word of a holding, which must exist.
    function _existing(bytes32 id) internal view returns (HoldingWord word) {
        word = _holdings[id].word;
        if (HoldingWord.unwrap(word) == 0) revert HoldingUnknown(id);
    }

    /// @dev Takes nodes out of holdings of one holder in one state, and builds a tree from them.
    /// @param only the holding that all nodes are of; 0 if any will do
    function _gather(Node[] calldata nodes, uint40 holder, State state, bytes32 only)
        internal
        returns (Harvest memory harvest)
    {
        if (nodes.length == 0) revert NothingListed();
        Cursor memory cursor;
        cursor.path = ProofPath.allocate();
        MerkleTree.Builder memory builder;
        harvest.sources = Places.allocate(nodes.length);
        uint256 previous = type(uint256).max;
        bytes32 empty;
        for (uint256 i = 0; i < nodes.length; ++i) {
            Node calldata node = nodes[i];
            (uint256 height, uint256 index, bytes32 hash) = (node.height, node.index, node.hash);
            {
                bytes32 id = node.holding;
                if (id != 0 && id != cursor.id) {
                    if (only != 0 && id != only) revert NodeForeign(only, id);
                    _enter(cursor, id, holder, state);
                    uint32 expiry = cursor.stored.expiry();
                    if (expiry > harvest.expiry) harvest.expiry = expiry;
                }
            }
            _spend(cursor, height, index);
            if (height != previous) {
                if (height > previous) revert HeightsNotDescending(uint8(previous), uint8(height));
                previous = height;
                empty = MerkleTree.emptySubtree(height);
            }
            if (hash == empty) revert SubtreeEmpty(hash, uint8(height));
            _prove(cursor, hash, height, index, node.proof);
            builder.append(hash, height);
            harvest.sources.set(i, cursor.id, height, index);
        }
        _leave(cursor);
        (harvest.root, harvest.height) = builder.finish();
    }

    /// @dev Moves the cursor to a holding, which must be the holder's and in that state.
    function _enter(Cursor memory cursor, bytes32 id, uint40 holder, State state) internal {
        _leave(cursor);
        HoldingWord word = _existing(id);
        if (word.holder() != holder) revert NotHolder(id, msg.sender);
        if (word.state() != state) revert WrongState(id, word.state());
        _load(cursor, id, word);
        cursor.root = _holdings[id].root;
    }

    /// @dev Moves the cursor to a holding, unchecked, for marks without proof.
    function _load(Cursor memory cursor, bytes32 id, HoldingWord word) internal pure {
        cursor.id = id;
        cursor.stored = word;
        cursor.height = word.height();
        cursor.spent = word.spent();
        cursor.lastHeight = _UNPROVEN;
    }

    /// @dev Writes back what the cursor changed.
    function _leave(Cursor memory cursor) internal {
        HoldingWord stored = cursor.stored;
        if (cursor.spent != stored.spent()) _holdings[cursor.id].word = stored.withSpent(cursor.spent);
    }

    /// @dev Marks a subtree of the cursor's holding, of which nothing may be spent.
    function _spend(Cursor memory cursor, uint256 height, uint256 index) internal {
        bytes32 id = cursor.id;
        uint256 treeHeight = cursor.height;
        if (id == 0) revert HoldingUnknown(id);
        if (_isOutside(treeHeight, height, index)) revert PlaceOutside(id, uint8(height), uint64(index));
        (uint128 spent, bool free) = SpentBitmap.mark(_spentWords, id, cursor.spent, treeHeight, height, index);
        if (!free) revert AlreadySpent(id, uint8(height), uint64(index));
        cursor.spent = spent;
    }

    /// @dev Proves a subtree that was just marked: its path leads to the root, or to the path of the subtree before, which
    /// does. The two cannot contain each other, for then the mark would have failed.
    function _prove(Cursor memory cursor, bytes32 hash, uint256 height, uint256 index, bytes32[] calldata proof)
        internal
        pure
    {
        unchecked {
            // Cannot overflow: the subtree lies inside the tree, and below the subtree before or beside it.
            uint256 meet = cursor.height;
            bytes32 expected = cursor.root;
            if (proof.length != meet - height) {
                uint256 lastHeight = cursor.lastHeight;
                if (lastHeight != _UNPROVEN) meet = ProofPath.meeting(lastHeight, cursor.lastIndex, height, index);
                if (proof.length != meet - height) {
                    revert ProofLengthInvalid(cursor.id, uint8(height), uint64(index), proof.length);
                }
                expected = cursor.path.known(meet, index >> proof.length);
            }
            if (cursor.path.climb(hash, height, index, proof) != expected) {
                revert ProofInvalid(cursor.id, uint8(height), uint64(index));
            }
        }
        cursor.lastHeight = height;
        cursor.lastIndex = index;
    }

    /// @dev Whether a subtree does not lie inside a tree.
    function _isOutside(uint256 treeHeight, uint256 height, uint256 index) private pure returns (bool) {
        unchecked {
            // Underflows only where the first test has already decided.
            return height > treeHeight || index >> (treeHeight - height) != 0;
        }
    }
}
