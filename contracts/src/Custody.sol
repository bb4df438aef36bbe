// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {Holdings} from "./Holdings.sol";
import {ICustody} from "./ICustody.sol";
import {IRegistry} from "./IRegistry.sol";
import {Lots} from "./Lots.sol";
import {Members} from "./Members.sol";
import {HoldingWord} from "./libraries/HoldingWord.sol";
import {MerkleTree} from "./libraries/MerkleTree.sol";
import {Places} from "./libraries/Places.sol";
import {ProofPath} from "./libraries/ProofPath.sol";
import {Roles} from "./libraries/Roles.sol";

/// @title Custody
/// @notice Implements {ICustody}: one function an operation; {Lots} and {Holdings} keep the state. With {Multicall} one
/// transaction carries several operations.
contract Custody is Lots, Holdings, Multicall {
    using Places for bytes;

    /// @param registry_ the registry that is asked for roles
    constructor(IRegistry registry_) Members(registry_) {}

    /// @inheritdoc ICustody
    function commission(bytes32 lotTag, uint32 expiry, bytes32 root, uint8 height, bytes32 cause)
        external
        returns (bytes32 id)
    {
        IRegistry.Account memory caller = _member(msg.sender, Roles.LABELER | Roles.REPACKAGER);
        if (height > MerkleTree.HEIGHT_MAX) revert HeightTooLarge(height);
        if (root == MerkleTree.emptySubtree(height)) revert SubtreeEmpty(root, height);
        _enterLot(lotTag, expiry, caller);
        id = _open(Opening({
            root: root,
            holder: msg.sender,
            consignee: address(0),
            holderNumber: caller.number,
            consigneeNumber: 0,
            expiry: expiry,
            height: height,
            state: State.Held,
            cause: cause
        }));
        emit Commissioned(id, lotTag);
    }

    /// @inheritdoc ICustody
    function ship(Node[] calldata nodes, address to, bytes32 cause) external returns (bytes32 id) {
        IRegistry.Account memory caller = _member(msg.sender, Roles.ANY);
        if (to == msg.sender) revert ShipsToSelf(to);
        uint40 consignee = _member(to, Roles.ANY).number;
        Harvest memory harvest = _gather(nodes, caller.number, State.Held, 0);
        return _openHarvest(harvest, State.InTransit, msg.sender, caller.number, to, consignee, cause);
    }

    /// @inheritdoc ICustody
    function receiveShipment(bytes32 id, Node[] calldata refused, bytes32 cause) external returns (bytes32 refusedId) {
        uint40 receiver = _member(msg.sender, Roles.ANY).number;
        HoldingWord word = _existing(id);
        if (word.state() != State.InTransit) revert WrongState(id, word.state());
        if (word.consignee() != receiver) revert NotConsignee(id, msg.sender);
        if (refused.length != 0) {
            uint40 sender = word.holder();
            Harvest memory harvest = _gather(refused, sender, State.InTransit, id);
            refusedId = _openHarvest(harvest, State.Held, registry.accountAt(sender), sender, address(0), 0, cause);
            // What is refused has been marked.
            word = _existing(id);
        }
        _holdings[id].word = word.withHolder(receiver).withState(State.Held);
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
    function segregate(Node[] calldata nodes, State state, bytes32 cause) external returns (bytes32 id) {
        uint40 caller = _member(msg.sender, Roles.ANY).number;
        if (state != State.Quarantined && state != State.Stolen && state != State.Lost) revert StateNotAllowed(state);
        Harvest memory harvest = _gather(nodes, caller, State.Held, 0);
        return _openHarvest(harvest, state, msg.sender, caller, address(0), 0, cause);
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
    function retire(Leaf[] calldata units, Reason reason, bytes32 cause) external {
        uint40 caller = _member(msg.sender, _rolesFor(reason)).number;
        if (units.length == 0) revert NothingListed();
        Cursor memory cursor;
        cursor.path = ProofPath.allocate();
        bytes memory places = Places.allocate(units.length);
        bytes32 lotTag;
        for (uint256 i = 0; i < units.length; ++i) {
            Leaf calldata unit = units[i];
            bytes32 id = unit.holding;
            if (id != 0 && id != cursor.id) _enter(cursor, id, caller, State.Held);
            bytes32 tag = unit.lotTag;
            if (i == 0 || (tag != 0 && tag != lotTag)) {
                lotTag = tag;
                _checkUsable(tag);
            }
            uint256 index = unit.index;
            _spend(cursor, 0, index);
            _prove(cursor, MerkleTree.leaf(lotTag, unit.unitHash), 0, index, unit.proof);
            places.set(i, cursor.id, 0, index);
        }
        _leave(cursor);
        emit Retired(msg.sender, reason, places, cause);
    }

    /// @inheritdoc ICustody
    function writeOff(Place[] calldata places, Reason reason, bytes32 cause) external {
        uint40 caller = _member(msg.sender, Roles.ANY).number;
        if (reason <= Reason.Repackaged) revert ReasonNotAllowed(reason);
        if (places.length == 0) revert NothingListed();
        Cursor memory cursor;
        bytes memory packed = Places.allocate(places.length);
        for (uint256 i = 0; i < places.length; ++i) {
            Place calldata place = places[i];
            bytes32 id = place.holding;
            if (id != cursor.id) {
                _leave(cursor);
                HoldingWord word = _own(id, caller);
                if (word.state() == State.InTransit) revert WrongState(id, State.InTransit);
                _load(cursor, id, word);
            }
            _spend(cursor, place.height, place.index);
            packed.set(i, id, place.height, place.index);
        }
        _leave(cursor);
        emit Retired(msg.sender, reason, packed, cause);
    }

    /// @inheritdoc ICustody
    function anchor(bytes32 root, uint32 count) external {
        _member(msg.sender, Roles.ANY);
        emit Anchored(msg.sender, root, count);
    }

    /// @dev Opens the holding of what was gathered.
    function _openHarvest(
        Harvest memory harvest,
        State state,
        address holder,
        uint40 holderNumber,
        address consignee,
        uint40 consigneeNumber,
        bytes32 cause
    ) private returns (bytes32 id) {
        id = _open(Opening({
            root: harvest.root,
            holder: holder,
            consignee: consignee,
            holderNumber: holderNumber,
            consigneeNumber: consigneeNumber,
            expiry: harvest.expiry,
            height: harvest.height,
            state: state,
            cause: cause
        }));
        emit Gathered(id, harvest.sources);
    }

    /// @dev The word of a holding of the caller.
    function _own(bytes32 id, uint40 caller) private view returns (HoldingWord word) {
        word = _existing(id);
        if (word.holder() != caller) revert NotHolder(id, msg.sender);
    }

    /// @dev Bit mask of roles of which one is needed to use units up for a reason.
    function _rolesFor(Reason reason) private pure returns (uint32) {
        if (reason == Reason.Dispensed) return Roles.DISPENSER;
        if (reason == Reason.Exported) return Roles.WHOLESALER | Roles.LABELER | Roles.REPACKAGER;
        if (reason == Reason.Repackaged) return Roles.REPACKAGER | Roles.LABELER;
        revert ReasonNotAllowed(reason);
    }
}
