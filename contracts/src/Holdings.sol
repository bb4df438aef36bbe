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

    /// @dev What is gathered for a new holding.
    struct Harvest {
        Tree tree;
        uint16 expiry;
        bytes sources;
        uint256 tail;
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
        Harvest memory harvest;
        harvest.tree = GatheredTree.create();
        (Claim first, Claim end) = ClaimLibrary.allocate(number);
        Claim claim = first;
        for (uint256 i = 0; i < number; ++i) {
            claim.read(sources[i]);
            harvest.tree.count(claim);
            claim = claim.next();
        }
        _arrange(harvest, number);
        for (claim = first; Claim.unwrap(claim) != Claim.unwrap(end); claim = claim.next()) {
            _reap(harvest, claim, Multiproof.ofNodes(claim), opening.holderNumber, State.Held);
        }
        return _openHarvest(harvest, opening);
    }

    /// @dev Takes subtrees out of one shipment, and opens a holding of them for its sender.
    function _refuse(bytes32 shipment, Source calldata source, Opening memory opening) internal returns (bytes32 id) {
        Harvest memory harvest;
        harvest.tree = GatheredTree.create();
        (Claim claim,) = ClaimLibrary.allocate(1);
        claim.read(source);
        harvest.tree.count(claim);
        _arrange(harvest, 1);
        id = Multiproof.ofNodes(claim);
        if (id != shipment) revert NodeForeign(shipment, id);
        _reap(harvest, claim, id, opening.holderNumber, State.InTransit);
        return _openHarvest(harvest, opening);
    }

    /// @dev Takes the proven items of a claim out of a holding, which must be the member's and in that state.
    /// @param heightMask all ones if an item begins with the height of a subtree, 0 if all are leaves
    /// @return word the holding before
    function _take(Claim claim, bytes32 id, uint40 holder, State state, uint256 heightMask)
        internal
        returns (HoldingWord word)
    {
        HoldingRecord storage record = _holdings[id];
        word = record.word;
        uint256 treeHeight = claim.height();
        if (!word.matches(holder, state, treeHeight)) _failMatch(word, id, holder, state, treeHeight);
        if (treeHeight < 8) {
            uint256 leaves = _leaves(claim, heightMask);
            if (HoldingWord.unwrap(word) & leaves != 0) _failSpent(claim, id, word.spent(), heightMask);
            // The marks are the lowest bits of the word.
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

    function _arrange(Harvest memory harvest, uint256 sources) private pure {
        harvest.tree.arrange();
        (harvest.sources, harvest.tail) =
            Places.allocate(sources * Places.HEAD + harvest.tree.size() * Places.PLACE);
    }

    /// @dev Takes what is proven of a holding to a harvest.
    function _reap(Harvest memory harvest, Claim claim, bytes32 id, uint40 holder, State state) private {
        uint16 expiry = _take(claim, id, holder, state, type(uint256).max).expiry();
        if (expiry > harvest.expiry) harvest.expiry = expiry;
        harvest.tail = harvest.tree.place(claim, Places.open(harvest.tail, id, claim.count()));
    }

    /// @dev The leaves of a claim's items, one bit each, in a tree of height 7 or less. They were proven, so that they are
    /// inside the tree, and are not leaves of another item.
    function _leaves(Claim claim, uint256 heightMask) private pure returns (uint256 leaves) {
        assembly ("memory-safe") {
            // Reads memory and calldata only.
            let end := mload(add(claim, 96))
            for { let spot := mload(add(claim, 64)) } lt(spot, end) { spot := add(spot, 37) } {
                let head := calldataload(spot)
                let height := and(byte(0, head), heightMask)
                let first := shl(height, and(shr(216, head), 0xffffffff))
                leaves := or(leaves, shl(first, sub(shl(shl(height, 1), 1), 1)))
            }
        }
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
    function _failMatch(HoldingWord word, bytes32 id, uint40 holder, State state, uint256 treeHeight) private view {
        if (HoldingWord.unwrap(word) == 0) revert HoldingUnknown(id);
        if (word.holder() != holder) revert NotHolder(id, msg.sender);
        if (word.state() != state) revert WrongState(id, word.state());
        revert HeightDiffers(id, uint8(word.height()), uint8(treeHeight));
    }

    /// @dev Opens the holding of what was gathered.
    function _openHarvest(Harvest memory harvest, Opening memory opening) private returns (bytes32 id) {
        (opening.root, opening.height) = harvest.tree.finish();
        opening.expiry = harvest.expiry;
        id = _open(opening);
        emit Gathered(id, harvest.sources);
    }
}
