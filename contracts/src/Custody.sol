// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {ICustody} from "./ICustody.sol";
import {IRegistry} from "./IRegistry.sol";
import {Lots} from "./Lots.sol";
import {Members} from "./Members.sol";
import {Retirements} from "./Retirements.sol";
import {Claim, ClaimLibrary} from "./libraries/Claim.sol";
import {HoldingWord, HoldingWordLibrary} from "./libraries/HoldingWord.sol";
import {MerkleTree} from "./libraries/MerkleTree.sol";
import {Multiproof} from "./libraries/Multiproof.sol";
import {Places} from "./libraries/Places.sol";
import {Roles} from "./libraries/Roles.sol";

/// @title Custody
/// @notice Implements {ICustody}: one function an operation; {Lots}, {Holdings} and {Retirements} keep the state. With
/// {Multicall} one transaction carries several operations.
contract Custody is Lots, Retirements, Multicall {
    /// @param registry_ the registry that is asked for roles
    /// @param graceDays_ how many days after its last day a holding or lot may be pruned
    constructor(IRegistry registry_, uint16 graceDays_) Members(registry_, graceDays_) {}

    /// @inheritdoc ICustody
    function commission(bytes32 lotTag, uint32 expiry, bytes32 root, uint8 height, bytes32 cause)
        external
        returns (bytes32 id)
    {
        uint40 caller = _member(msg.sender, Roles.LABELER | Roles.REPACKAGER).number;
        if (height > MerkleTree.HEIGHT_MAX) revert HeightTooLarge(height);
        if (expiry > type(uint16).max) revert ExpiryTooLate(expiry);
        if (root == MerkleTree.emptySubtree(height)) revert SubtreeEmpty(root, height);
        _enterLot(lotTag, uint16(expiry), caller);
        Opening memory opening = _opening(State.Held, caller, cause);
        (opening.root, opening.height, opening.expiry) = (root, height, uint16(expiry));
        id = _open(opening);
        emit Commissioned(id, lotTag);
    }

    /// @inheritdoc ICustody
    function ship(Source[] calldata sources, address to, bytes32 cause) external returns (bytes32 id) {
        uint40 caller = _member(msg.sender, Roles.ANY).number;
        uint40 consignee = _member(to, Roles.ANY).number;
        if (consignee == caller) revert ShipsToSelf(to);
        Opening memory opening = _opening(State.InTransit, caller, cause);
        (opening.consignee, opening.consigneeNumber) = (to, consignee);
        return _gather(sources, opening);
    }

    /// @inheritdoc ICustody
    function receiveShipment(bytes32 id, bytes32 cause) external {
        (uint40 caller, HoldingWord word) = _arrived(id);
        _holdings[id].word = word.withHolder(caller).withState(State.Held);
        emit Received(id, msg.sender, cause);
    }

    /// @inheritdoc ICustody
    function receiveInPart(bytes32 id, Source calldata refused, bytes32 cause) external returns (bytes32 refusedId) {
        (uint40 caller, HoldingWord word) = _arrived(id);
        uint40 sender = word.holder();
        Opening memory opening = _opening(State.Held, sender, cause);
        opening.holder = registry.accountAt(sender);
        refusedId = _refuse(id, refused, opening);
        // What is refused has been marked.
        _holdings[id].word = _holdings[id].word.withHolder(caller).withState(State.Held);
        emit Received(id, msg.sender, cause);
    }

    /// @inheritdoc ICustody
    function cancel(bytes32 id, bytes32 cause) external {
        uint40 caller = _member(msg.sender, Roles.ANY).number;
        HoldingWord word = _own(id, caller);
        if (word.state() != State.InTransit) revert WrongState(id, word.state());
        _holdings[id].word = word.withHolder(caller).withState(State.Held);
        emit Cancelled(id, cause);
    }

    /// @inheritdoc ICustody
    function segregate(Source[] calldata sources, State state, bytes32 cause) external returns (bytes32 id) {
        uint40 caller = _member(msg.sender, Roles.ANY).number;
        if (state != State.Quarantined && state != State.Stolen && state != State.Lost) revert StateNotAllowed(state);
        return _gather(sources, _opening(state, caller, cause));
    }

    /// @inheritdoc ICustody
    function release(bytes32 id, bytes32 cause) external {
        HoldingWord word = _own(id, _member(msg.sender, Roles.ANY).number);
        State state = word.state();
        if (state != State.Quarantined && state != State.Lost) revert WrongState(id, state);
        _holdings[id].word = word.withState(State.Held);
        emit Released(id, cause);
    }

    /// @inheritdoc ICustody
    function retire(bytes32[] calldata lotTags, Source[] calldata sources, Reason reason, bytes32 cause) external {
        IRegistry.Account memory caller = _member(msg.sender, _rolesFor(reason));
        if (sources.length == 0) revert NothingListed();
        for (uint256 i = 0; i < lotTags.length; ++i) _checkUsable(lotTags[i]);
        (Claim first, Claim end) = ClaimLibrary.allocate(sources.length);
        Claim claim = first;
        uint256 length = sources.length * Places.HEAD;
        for (uint256 i = 0; i < sources.length; ++i) {
            length += claim.read(ClaimLibrary.sourceAt(sources, i)) * Places.PLACE;
            claim = claim.next();
        }
        (bytes memory places, uint256 tail) = Places.allocate(length);
        uint256 until = _until(reason, caller.undoDays);
        uint256 owner = HoldingWordLibrary.identity(caller.number, State.Held);
        for (claim = first; Claim.unwrap(claim) != Claim.unwrap(end); claim = claim.next()) {
            bytes32 id = Multiproof.ofLeaves(claim, lotTags);
            uint256 leaves;
            (tail, leaves) = _putLeaves(Places.open(tail, id, claim.count()), claim);
            until = _limit(until, _take(claim, id, owner, leaves, 0));
        }
        _retired(caller.number, until, reason, places, cause);
    }

    /// @inheritdoc ICustody
    function writeOff(Loss[] calldata losses, Reason reason, bytes32 cause) external {
        IRegistry.Account memory caller = _member(msg.sender, Roles.ANY);
        if (reason <= Reason.Repackaged) revert ReasonNotAllowed(reason);
        if (losses.length == 0) revert NothingListed();
        uint256 length = losses.length * Places.HEAD;
        for (uint256 i = 0; i < losses.length; ++i) {
            uint256 bytes_ = losses[i].places.length;
            uint256 count = bytes_ / Places.PLACE;
            if (count == 0 || count > Places.COUNT_MAX || count * Places.PLACE != bytes_) revert ItemsInvalid(bytes_);
            length += bytes_;
        }
        (bytes memory places, uint256 tail) = Places.allocate(length);
        uint256 until = _until(reason, caller.undoDays);
        for (uint256 i = 0; i < losses.length; ++i) {
            Loss calldata loss = losses[i];
            until = _limit(until, _lose(loss.id, loss.places, caller.number));
            tail = Places.open(tail, loss.id, loss.places.length / Places.PLACE);
            for (uint256 spot = 0; spot < loss.places.length; spot += Places.PLACE) {
                tail = Places.put(tail, _load(loss.places, spot));
            }
        }
        _retired(caller.number, until, reason, places, cause);
    }

    /// @inheritdoc ICustody
    function anchor(bytes32 root, uint32 count) external {
        _member(msg.sender, Roles.ANY);
        emit Anchored(msg.sender, root, count);
    }

    /// @dev The caller's number, and the word of a shipment to it.
    function _arrived(bytes32 id) private view returns (uint40 caller, HoldingWord word) {
        caller = _member(msg.sender, Roles.ANY).number;
        word = _existing(id);
        if (word.state() != State.InTransit) revert WrongState(id, word.state());
        if (word.consignee() != caller) revert NotConsignee(id, msg.sender);
    }

    /// @dev Marks places of a holding of the caller.
    /// @return word the holding before
    function _lose(bytes32 id, bytes calldata places, uint40 caller) private returns (HoldingWord word) {
        word = _own(id, caller);
        State state = word.state();
        if (state == State.InTransit || state == State.Pruning) revert WrongState(id, state);
        (uint128 spent, uint256 slots, uint256 treeHeight) = (word.spent(), word.slots(), word.height());
        for (uint256 spot = 0; spot < places.length; spot += Places.PLACE) {
            (uint256 height, uint256 index) = Places.split(_load(places, spot));
            if (_isOutside(treeHeight, height, index)) revert PlaceOutside(id, uint8(height), uint64(index));
            (spent, slots) = _spend(id, spent, slots, treeHeight, height, index);
        }
        _write(id, word, spent, slots);
    }

    /// @dev Writes the places of leaves to a list for the log.
    /// @return where the list goes on
    /// @return leaves one bit each, if they are of a tree of height 7 or less: they were proven to be inside it
    function _putLeaves(uint256 tail, Claim claim) private pure returns (uint256, uint256 leaves) {
        (uint256 spot, uint256 end) = claim.items();
        unchecked {
            // Cannot overflow: a place in calldata.
            for (; spot < end; spot += ClaimLibrary.ITEM) {
                // An item begins with the number of its lot, where a place has the height.
                bytes32 place = (ClaimLibrary.load(spot) << 8) >> 8;
                tail = Places.put(tail, place);
                leaves |= 1 << (uint256(place) >> 216);
            }
        }
        return (tail, leaves);
    }

    /// @dev A holding in the caller's name.
    function _opening(State state, uint40 holder, bytes32 cause) private view returns (Opening memory opening) {
        (opening.holder, opening.holderNumber) = (msg.sender, holder);
        (opening.state, opening.cause) = (state, cause);
    }

    /// @dev The roles of which one is needed to use units for a reason.
    function _rolesFor(Reason reason) private pure returns (uint32) {
        if (reason == Reason.Dispensed) return Roles.DISPENSER;
        if (reason == Reason.Exported) return Roles.WHOLESALER | Roles.LABELER | Roles.REPACKAGER;
        if (reason == Reason.Repackaged) return Roles.REPACKAGER | Roles.LABELER;
        revert ReasonNotAllowed(reason);
    }
}
