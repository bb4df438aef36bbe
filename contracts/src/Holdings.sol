// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICustody} from "./ICustody.sol";
import {Members} from "./Members.sol";
import {Claim, ClaimLibrary} from "./libraries/Claim.sol";
import {GatheredTree, Tree} from "./libraries/GatheredTree.sol";
import {HoldingWord, HoldingWordLibrary} from "./libraries/HoldingWord.sol";
import {MerkleTree} from "./libraries/MerkleTree.sol";
import {Multiproof} from "./libraries/Multiproof.sol";
import {Places} from "./libraries/Places.sol";
import {SpentBitmap} from "./libraries/SpentBitmap.sol";

/// @title Holdings: opened, read, spent from, and pruned
abstract contract Holdings is Members {
    /// @dev One slot.
    struct HoldingRecord {
        HoldingWord word;
    }

    /// @dev What a new holding consists of.
    struct Opening {
        bytes32 root;
        address holder;
        address consignee;
        uint40 holderNumber;
        uint40 consigneeNumber;
        uint16 expiry;
        uint8 height;
        State state;
        bytes32 cause;
    }

    mapping(bytes32 id => HoldingRecord) internal _holdings;
    mapping(bytes32 id => mapping(uint256 key => uint256)) internal _spentWords;

    /// @inheritdoc ICustody
    function prune(bytes32 id, uint256[] calldata keys) external {
        HoldingWord word = _existing(id);
        uint256 from = _prunable(word.expiry());
        if (block.timestamp < from) revert TooEarly(from);
        uint256 slots = word.slots();
        mapping(uint256 key => uint256) storage words = _spentWords[id];
        for (uint256 i = 0; i < keys.length; ++i) {
            if (words[keys[i]] == 0) revert KeyUnused(id, keys[i]);
            words[keys[i]] = 0;
            --slots;
        }
        if (slots != 0) {
            _holdings[id].word = word.withState(State.Pruning).withMarks(word.spent(), slots);
        } else {
            delete _holdings[id];
            emit Pruned(id);
        }
    }

    /// @inheritdoc ICustody
    function holding(bytes32 id) external view returns (Holding memory) {
        HoldingWord word = _holdings[id].word;
        (uint40 holder, uint40 consignee) = (word.holder(), word.consignee());
        return Holding({
            holder: holder == 0 ? address(0) : registry.accountAt(holder),
            consignee: consignee == 0 ? address(0) : registry.accountAt(consignee),
            expiry: word.expiry(),
            height: uint8(word.height()),
            state: word.state(),
            slots: uint32(word.slots())
        });
    }

    /// @inheritdoc ICustody
    function isSpent(bytes32 id, uint8 height, uint64 index) external view returns (bool) {
        HoldingWord word = _existing(id);
        if (_isOutside(word.height(), height, index)) revert PlaceOutside(id, height, index);
        return SpentBitmap.any(_spentWords[id], word.spent(), word.height(), height, index);
    }

    /// @inheritdoc ICustody
    function spentWord(bytes32 id, uint256 word) external view returns (uint256) {
        HoldingWord record = _existing(id);
        return SpentBitmap.word(_spentWords[id], record.spent(), record.height(), word);
    }

    /// @dev Opens a holding.
    function _open(Opening memory opening) internal returns (bytes32 id) {
        (address holder, bytes32 cause, bytes32 root) = (opening.holder, opening.cause, opening.root);
        id = MerkleTree.node(MerkleTree.node(bytes32(uint256(uint160(holder))), cause), root);
        HoldingRecord storage record = _holdings[id];
        if (HoldingWord.unwrap(record.word) != 0) revert HoldingExists(id);
        record.word = HoldingWordLibrary.pack(
            opening.holderNumber, opening.consigneeNumber, opening.expiry, opening.height, opening.state
        );
        emit HoldingOpened(
            id, holder, opening.consignee, root, opening.height, opening.state, opening.expiry, cause
        );
    }

    /// @dev The word of a holding, which must exist.
    function _existing(bytes32 id) internal view returns (HoldingWord word) {
        word = _holdings[id].word;
        if (HoldingWord.unwrap(word) == 0) revert HoldingUnknown(id);
    }

    /// @dev The word of a holding of the caller's member.
    function _own(bytes32 id, uint40 caller) internal view returns (HoldingWord word) {
        word = _existing(id);
        if (word.holder() != caller) revert NotHolder(id, msg.sender);
    }

    /// @dev Takes subtrees out of holdings of one member in state `Held`, and opens a holding of them.
    function _gather(Source[] calldata sources, Opening memory opening) internal returns (bytes32 id) {
        uint256 number = sources.length;
        if (number == 0) revert NothingListed();
        Tree tree = GatheredTree.create();
        (Claim first, Claim end) = ClaimLibrary.allocate(number);
        Claim claim = first;
        uint256 size = 0;
        for (uint256 i = 0; i < number; ++i) {
            unchecked {
                // Cannot overflow: each item takes gas.
                size += claim.read(ClaimLibrary.sourceAt(sources, i));
            }
            tree.count(claim);
            claim = claim.next();
        }
        tree.arrange(size);
        (bytes memory places, uint256 tail) = Places.allocate(number * Places.HEAD + size * Places.PLACE);
        uint256 owner = HoldingWordLibrary.identity(opening.holderNumber, State.Held);
        uint256 latest = 0;
        for (claim = first; Claim.unwrap(claim) != Claim.unwrap(end); claim = claim.next()) {
            uint256 expiry;
            (tail, expiry) = _reap(tree, claim, Multiproof.ofNodes(claim), owner, tail);
            if (expiry > latest) latest = expiry;
        }
        opening.expiry = uint16(latest);
        return _openHarvest(tree, places, opening);
    }

    /// @dev Takes subtrees out of one shipment, and opens a holding of them for its sender.
    function _refuse(bytes32 shipment, Source calldata source, Opening memory opening) internal returns (bytes32 id) {
        Tree tree = GatheredTree.create();
        (Claim claim,) = ClaimLibrary.allocate(1);
        uint256 size = claim.read(source);
        tree.count(claim);
        tree.arrange(size);
        (bytes memory places, uint256 tail) = Places.allocate(Places.HEAD + size * Places.PLACE);
        id = Multiproof.ofNodes(claim);
        if (id != shipment) revert NodeForeign(shipment, id);
        uint256 owner = HoldingWordLibrary.identity(opening.holderNumber, State.InTransit);
        (, uint256 expiry) = _reap(tree, claim, id, owner, tail);
        opening.expiry = uint16(expiry);
        return _openHarvest(tree, places, opening);
    }

    /// @dev Takes the proven items of a claim out of a holding.
    /// @param owner holder and state that it must have
    /// @param leaves the leaves of the items, one bit each, if its height is 7 or less; none is of two items
    /// @param heightMask all ones if an item begins with the height of a subtree, 0 if all are leaves
    /// @return word the holding before
    function _take(Claim claim, bytes32 id, uint256 owner, uint256 leaves, uint256 heightMask)
        internal
        returns (HoldingWord word)
    {
        HoldingRecord storage record = _holdings[id];
        word = record.word;
        uint256 treeHeight = claim.height();
        if (!word.matches(owner, treeHeight)) _failMatch(word, id, owner, treeHeight);
        if (treeHeight < 8) {
            if (HoldingWord.unwrap(word) & leaves != 0) _failSpent(claim, id, word.spent(), heightMask);
            // The marks are the lowest bits of the word, of which `leaves` has no other.
            record.word = HoldingWord.wrap(HoldingWord.unwrap(word) | leaves);
        } else {
            _takeFromHigh(claim, id, word, heightMask);
        }
    }

    /// @dev Marks the items of a claim in a tree of height 8 or more.
    function _takeFromHigh(Claim claim, bytes32 id, HoldingWord word, uint256 heightMask) private {
        (uint128 spent, uint256 slots, uint256 treeHeight) = (word.spent(), word.slots(), word.height());
        (uint256 spot, uint256 end) = claim.items();
        unchecked {
            // Cannot overflow: a place in calldata.
            for (; spot < end; spot += ClaimLibrary.ITEM) {
                (uint256 height, uint256 index) = Places.split(ClaimLibrary.load(spot));
                (spent, slots) = _spend(id, spent, slots, treeHeight, height & heightMask, index);
            }
        }
        _write(id, word, spent, slots);
    }

    /// @dev Marks a subtree, which must lie inside the tree, and of which nothing may be spent.
    function _spend(bytes32 id, uint128 spent, uint256 slots, uint256 treeHeight, uint256 height, uint256 index)
        internal
        returns (uint128, uint256)
    {
        (uint128 updated, uint256 added, bool free) =
            SpentBitmap.mark(_spentWords[id], spent, treeHeight, height, index);
        if (!free) revert AlreadySpent(id, uint8(height), uint64(index));
        unchecked {
            // Cannot overflow: `slots` has 23 bits, and one mark adds at most 2^17.
            return (updated, slots + added);
        }
    }

    /// @dev Writes other marks of a holding.
    function _write(bytes32 id, HoldingWord word, uint128 spent, uint256 slots) internal {
        if (slots > HoldingWordLibrary.SLOTS_MAX) revert SlotsTooMany(id);
        _holdings[id].word = word.withMarks(spent, slots);
    }

    /// @dev 32 bytes of a list in calldata, of which the first five are inside it.
    function _load(bytes calldata list, uint256 spot) internal pure returns (bytes32 value) {
        assembly ("memory-safe") {
            // Reads calldata only.
            value := calldataload(add(list.offset, spot))
        }
    }

    /// @dev Whether a subtree does not lie inside a tree.
    function _isOutside(uint256 treeHeight, uint256 height, uint256 index) internal pure returns (bool) {
        unchecked {
            // Underflows only where the first test has already decided.
            return height > treeHeight || index >> (treeHeight - height) != 0;
        }
    }

    /// @dev Takes what is proven of a holding to a tree and to a list for the log.
    function _reap(Tree tree, Claim claim, bytes32 id, uint256 owner, uint256 tail) private returns (uint256, uint256) {
        uint256 leaves;
        (tail, leaves) = tree.place(claim, Places.open(tail, id, claim.count()));
        return (tail, _take(claim, id, owner, leaves, type(uint256).max).expiry());
    }

    /// @dev Says which item of a claim was spent, in a tree of height 7 or less.
    function _failSpent(Claim claim, bytes32 id, uint128 spent, uint256 heightMask) private view {
        (uint256 spot, uint256 end) = claim.items();
        for (; spot < end; spot += ClaimLibrary.ITEM) {
            (uint256 height, uint256 index) = Places.split(ClaimLibrary.load(spot));
            height &= heightMask;
            if (SpentBitmap.any(_spentWords[id], spent, claim.height(), height, index)) {
                revert AlreadySpent(id, uint8(height), uint64(index));
            }
        }
    }

    /// @dev Says why nothing can be taken out of a holding.
    function _failMatch(HoldingWord word, bytes32 id, uint256 owner, uint256 treeHeight) private view {
        if (HoldingWord.unwrap(word) == 0) revert HoldingUnknown(id);
        HoldingWord wanted = HoldingWord.wrap(owner);
        if (word.holder() != wanted.holder()) revert NotHolder(id, msg.sender);
        if (word.state() != wanted.state()) revert WrongState(id, word.state());
        revert HeightDiffers(id, uint8(word.height()), uint8(treeHeight));
    }

    /// @dev Opens the holding of what was gathered.
    function _openHarvest(Tree tree, bytes memory places, Opening memory opening) private returns (bytes32 id) {
        (opening.root, opening.height) = tree.finish();
        id = _open(opening);
        emit Gathered(id, places);
    }
}
