// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Holdings} from "./Holdings.sol";
import {ICustody} from "./ICustody.sol";
import {HoldingWord} from "./libraries/HoldingWord.sol";
import {Places} from "./libraries/Places.sol";
import {Roles} from "./libraries/Roles.sol";
import {SpentBitmap} from "./libraries/SpentBitmap.sol";

/// @title Retirements that can be undone
/// @dev A record says that one retirement marked exactly the places of its key, as they stand there, and that none of them
/// was unmarked since. Its last second is before the holdings can be pruned, so it never outlives their marks.
abstract contract Retirements is Holdings {
    /// @dev One slot.
    struct RetirementRecord {
        uint40 holder;
        uint40 until;
    }

    /// @dev A list of places that is written while another one is read.
    struct Part {
        bytes list;
        uint256 start;
        uint256 head;
        uint256 count;
        uint256 tail;
    }

    mapping(bytes32 key => RetirementRecord) private _retirements;

    /// @inheritdoc ICustody
    function restore(
        bytes calldata places,
        Reason reason,
        bytes32 retiredBy,
        uint40 until,
        bytes calldata which,
        bytes32 cause
    ) external {
        uint40 caller = _member(msg.sender, Roles.ANY).number;
        if (!_isUndoable(reason)) revert NotUndoable(reason);
        if (block.timestamp > until) revert WindowClosed(until);
        bytes32 key = _key(keccak256(places), reason, retiredBy, until);
        RetirementRecord memory record = _retirements[key];
        if (record.holder == 0) revert RetirementUnknown(key);
        if (record.holder != caller) revert NotHolder(key, msg.sender);
        delete _retirements[key];
        (bytes memory back, bytes memory rest) = _bringBack(places, which, caller);
        if (back.length == 0) revert NothingListed();
        if (rest.length != 0) _retirements[_key(keccak256(rest), reason, retiredBy, until)] = record;
        emit Restored(msg.sender, back, retiredBy, cause);
    }

    /// @inheritdoc ICustody
    function pruneRetirements(bytes32[] calldata keys) external {
        if (keys.length == 0) revert NothingListed();
        for (uint256 i = 0; i < keys.length; ++i) {
            uint256 until = _retirements[keys[i]].until;
            if (until == 0) revert RetirementUnknown(keys[i]);
            if (block.timestamp <= until) revert TooEarly(until + 1);
            delete _retirements[keys[i]];
        }
    }

    /// @inheritdoc ICustody
    function retirement(bytes32 key) external view returns (uint40 holder, uint40 until) {
        RetirementRecord storage record = _retirements[key];
        return (record.holder, record.until);
    }

    /// @dev Logs a retirement, and keeps a record of it if it can be undone.
    /// @param caller number of the member
    /// @param until last second at which it can be undone, if that has not passed
    function _retired(uint40 caller, uint256 until, Reason reason, bytes memory places, bytes32 cause) internal {
        if (until < block.timestamp) {
            until = 0;
        } else {
            _retirements[_key(keccak256(places), reason, cause, uint40(until))] =
                RetirementRecord(caller, uint40(until));
        }
        emit Retired(msg.sender, reason, places, cause, uint40(until));
    }

    /// @dev The last second at which a retirement of now can be undone; 0 if it cannot.
    function _until(Reason reason, uint256 undoDays) internal view returns (uint256) {
        if (undoDays == 0 || !_isUndoable(reason)) return 0;
        unchecked {
            // Cannot overflow: a number of days has 16 bits, a time far less than 200.
            return block.timestamp + undoDays * 1 days;
        }
    }

    /// @dev The earlier of that second and the last one before a holding can be pruned.
    function _limit(uint256 until, HoldingWord word) internal view returns (uint256) {
        unchecked {
            // Cannot underflow: days after 1970-01-01.
            uint256 latest = _prunable(word.expiry()) - 1;
            return until < latest ? until : latest;
        }
    }

    function _isUndoable(Reason reason) private pure returns (bool) {
        return reason == Reason.Dispensed || reason == Reason.Exported || reason == Reason.Sampled
            || reason == Reason.Lost;
    }

    function _key(bytes32 places, Reason reason, bytes32 cause, uint40 until) private pure returns (bytes32) {
        return keccak256(abi.encode(places, reason, cause, until));
    }

    /// @dev Unmarks places of a list that a record was kept of, so that it is well formed.
    /// @return the places that were unmarked, and the others
    function _bringBack(bytes calldata places, bytes calldata which, uint40 caller)
        private
        returns (bytes memory, bytes memory)
    {
        (Part memory back, Part memory rest) = (_part(places.length), _part(places.length));
        uint256 number = 0;
        for (uint256 spot = 0; spot < places.length;) {
            bytes32 id = _load(places, spot);
            uint256 count = uint256(_load(places, spot + 32)) >> 240;
            spot += Places.HEAD;
            HoldingWord word;
            uint128 spent;
            uint256 slots;
            (back.head, rest.head) = (0, 0);
            for (uint256 i = 0; i < count; ++i) {
                bytes32 place = _load(places, spot);
                spot += Places.PLACE;
                if (_isSet(which, number++)) {
                    if (back.head == 0) {
                        word = _own(id, caller);
                        if (word.state() != State.Held) revert WrongState(id, word.state());
                        (spent, slots) = (word.spent(), word.slots());
                    }
                    (uint256 height, uint256 index) = Places.split(place);
                    uint256 removed;
                    (spent, removed) = SpentBitmap.unmark(_spentWords[id], spent, word.height(), height, index);
                    slots -= removed;
                    _add(back, id, place);
                } else {
                    _add(rest, id, place);
                }
            }
            if (back.head != 0) _write(id, word, spent, slots);
        }
        return (_finish(back), _finish(rest));
    }

    /// @dev Bit `number` of a list of bits, counted from the lowest of byte 0; false behind its end.
    function _isSet(bytes calldata bits, uint256 number) private pure returns (bool) {
        return number >> 3 < bits.length && (uint8(bits[number >> 3]) >> (number & 7)) & 1 != 0;
    }

    function _part(uint256 length) private pure returns (Part memory part) {
        (part.list, part.tail) = Places.allocate(length);
        part.start = part.tail;
    }

    /// @dev Adds a place, with a head before the first of a holding.
    function _add(Part memory part, bytes32 id, bytes32 place) private pure {
        if (part.head == 0) {
            (part.head, part.count) = (part.tail, 0);
            part.tail += Places.HEAD;
        }
        part.tail = Places.put(part.tail, place);
        Places.setHead(part.head, id, ++part.count);
    }

    /// @dev The list with the length that it came to.
    function _finish(Part memory part) private pure returns (bytes memory list) {
        list = part.list;
        uint256 length = part.tail - part.start;
        assembly ("memory-safe") {
            // Shortens the list: it never comes to more than the one that it is a part of.
            mstore(list, length)
        }
    }
}
