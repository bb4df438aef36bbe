// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title A contract per lot: a pattern in use, restated to compare its cost
/// @notice The labeler deploys one for each lot, and units are tracked in it by number. A unit takes a slot when it moves
/// for the first time; before, it is the labeler's. Roles are left out and there is one log a call, so that it costs less
/// than what is in use.
contract LotPerContract {
    /// @notice Where a unit stands.
    enum State {
        Made,
        InTransit,
        Held,
        Dispensed
    }

    /// @dev One slot. `holder` is the consignee while the unit is in transit.
    struct Unit {
        address holder;
        State state;
    }

    /// @notice Units moved or ended.
    /// @param by who did it
    /// @param to who has them, or may receive them, from now on
    /// @param state their state from now on
    /// @param units their numbers
    event Moved(address indexed by, address indexed to, State indexed state, uint256[] units);

    /// @notice The lot was recalled.
    event Recalled();

    /// @notice Thrown when the caller does not hold a unit, or may not receive it.
    error NotHolder(uint256 unit, address caller);
    /// @notice Thrown when the state of a unit does not allow the operation.
    error WrongState(uint256 unit, State state);
    /// @notice Thrown when the lot has no unit of that number.
    error UnitUnknown(uint256 unit);
    /// @notice Thrown when units of the lot may no longer be used.
    error NotUsable();
    /// @notice Thrown when the caller did not make the lot.
    error NotLabeler(address caller);

    /// @notice Who made the lot.
    address public labeler;
    /// @notice Last day on which a unit may be used, in days since 1970-01-01.
    uint32 public expiry;
    /// @notice Number of units.
    uint32 public size;
    /// @notice Whether the lot is recalled.
    bool public recalled;
    /// @notice Product and lot number, hashed.
    bytes32 public lotTag;

    mapping(uint256 unit => Unit) private _units;

    constructor(bytes32 lotTag_, uint32 expiry_, uint32 size_) {
        (labeler, expiry, size, lotTag) = (msg.sender, expiry_, size_, lotTag_);
    }

    /// @notice Sends units to another. Their holder only.
    function ship(uint256[] calldata units, address to) external {
        for (uint256 i = 0; i < units.length; ++i) {
            (address holder, State state) = unit(units[i]);
            if (holder != msg.sender) revert NotHolder(units[i], msg.sender);
            if (state != State.Made && state != State.Held) revert WrongState(units[i], state);
            _units[units[i]] = Unit(to, State.InTransit);
        }
        emit Moved(msg.sender, to, State.InTransit, units);
    }

    /// @notice Takes units that were sent to the caller.
    function receiveUnits(uint256[] calldata units) external {
        _end(units, State.InTransit, State.Held);
    }

    /// @notice Ends the life of units. Their holder only.
    function dispense(uint256[] calldata units) external {
        if (recalled || block.timestamp >= (uint256(expiry) + 1) * 1 days) revert NotUsable();
        _end(units, State.Held, State.Dispensed);
    }

    /// @notice Recalls the lot. The labeler only.
    function recall() external {
        if (msg.sender != labeler) revert NotLabeler(msg.sender);
        recalled = true;
        emit Recalled();
    }

    /// @notice Who has a unit, or may receive it, and where it stands.
    function unit(uint256 number) public view returns (address holder, State state) {
        if (number >= size) revert UnitUnknown(number);
        Unit storage found = _units[number];
        (holder, state) = (found.holder, found.state);
        if (state == State.Made) holder = labeler;
    }

    function _end(uint256[] calldata units, State from, State to) private {
        for (uint256 i = 0; i < units.length; ++i) {
            (address holder, State state) = unit(units[i]);
            if (holder != msg.sender) revert NotHolder(units[i], msg.sender);
            if (state != from) revert WrongState(units[i], state);
            _units[units[i]].state = to;
        }
        emit Moved(msg.sender, msg.sender, to, units);
    }
}
