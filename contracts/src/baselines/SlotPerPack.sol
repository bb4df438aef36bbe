// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title A slot per pack: a pattern in use, restated to compare its cost
/// @notice A map from the hash of each pack's serial number to who has it and where it stands. Roles are left out and there
/// is one log a call, so that it costs less than what is in use.
contract SlotPerPack {
    /// @notice Where a pack stands.
    enum State {
        None,
        Held,
        InTransit,
        Dispensed
    }

    /// @dev One slot. `holder` is the consignee while the pack is in transit.
    struct Pack {
        address holder;
        uint32 lot;
        uint32 expiry;
        State state;
    }

    /// @dev One slot.
    struct Lot {
        address labeler;
        bool recalled;
    }

    /// @notice Packs were made, moved or ended.
    /// @param by who did it
    /// @param to who has them, or may receive them, from now on
    /// @param state their state from now on
    /// @param packs hashes of their serial numbers
    event Moved(address indexed by, address indexed to, State indexed state, bytes32[] packs);

    /// @notice A lot was recalled.
    /// @param lot the lot
    event Recalled(uint32 indexed lot);

    /// @notice Thrown when a pack was made before.
    error PackExists(bytes32 pack);
    /// @notice Thrown when the caller does not hold a pack, or may not receive it.
    error NotHolder(bytes32 pack, address caller);
    /// @notice Thrown when the state of a pack does not allow the operation.
    error WrongState(bytes32 pack, State state);
    /// @notice Thrown when a pack may no longer be used.
    error NotUsable(bytes32 pack);
    /// @notice Thrown when the caller did not make the lot.
    error NotLabeler(uint32 lot, address caller);

    mapping(bytes32 pack => Pack) private _packs;
    mapping(uint32 lot => Lot) private _lots;

    /// @notice Makes packs of a lot, which is the caller's from then on.
    function commission(uint32 lot, uint32 expiry, bytes32[] calldata packs) external {
        address labeler = _lots[lot].labeler;
        if (labeler == address(0)) _lots[lot].labeler = msg.sender;
        else if (labeler != msg.sender) revert NotLabeler(lot, msg.sender);
        for (uint256 i = 0; i < packs.length; ++i) {
            if (_packs[packs[i]].state != State.None) revert PackExists(packs[i]);
            _packs[packs[i]] = Pack(msg.sender, lot, expiry, State.Held);
        }
        emit Moved(msg.sender, msg.sender, State.Held, packs);
    }

    /// @notice Sends packs to another. Their holder only.
    function ship(bytes32[] calldata packs, address to) external {
        for (uint256 i = 0; i < packs.length; ++i) {
            Pack storage found = _check(packs[i], State.Held);
            (found.holder, found.state) = (to, State.InTransit);
        }
        emit Moved(msg.sender, to, State.InTransit, packs);
    }

    /// @notice Takes packs that were sent to the caller.
    function receivePacks(bytes32[] calldata packs) external {
        for (uint256 i = 0; i < packs.length; ++i) _check(packs[i], State.InTransit).state = State.Held;
        emit Moved(msg.sender, msg.sender, State.Held, packs);
    }

    /// @notice Ends the life of packs. Their holder only.
    function dispense(bytes32[] calldata packs) external {
        for (uint256 i = 0; i < packs.length; ++i) {
            Pack storage found = _check(packs[i], State.Held);
            bool expired = block.timestamp >= (uint256(found.expiry) + 1) * 1 days;
            if (expired || _lots[found.lot].recalled) revert NotUsable(packs[i]);
            found.state = State.Dispensed;
        }
        emit Moved(msg.sender, msg.sender, State.Dispensed, packs);
    }

    /// @notice Recalls a lot. Its labeler only.
    function recall(uint32 lot) external {
        if (_lots[lot].labeler != msg.sender) revert NotLabeler(lot, msg.sender);
        _lots[lot].recalled = true;
        emit Recalled(lot);
    }

    /// @notice Who has a pack, or may receive it, and where it stands.
    function packOf(bytes32 pack) external view returns (address holder, uint32 lot, uint32 expiry, State state) {
        Pack storage found = _packs[pack];
        return (found.holder, found.lot, found.expiry, found.state);
    }

    /// @dev A pack that the caller holds, or may receive, in that state.
    function _check(bytes32 pack, State state) private view returns (Pack storage found) {
        found = _packs[pack];
        if (found.holder != msg.sender) revert NotHolder(pack, msg.sender);
        if (found.state != state) revert WrongState(pack, found.state);
    }
}
