// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICustody} from "./ICustody.sol";
import {IRegistry} from "./IRegistry.sol";
import {Members} from "./Members.sol";
import {Roles} from "./libraries/Roles.sol";

/// @title Lots: who made them, until when and whether they may be used
abstract contract Lots is Members {
    /// @dev One slot. `number` is that of the labeler's member.
    struct LotRecord {
        address labeler;
        uint40 number;
        uint16 expiry;
        LotStatus status;
        bool byRegulator;
    }

    mapping(bytes32 lotTag => LotRecord) private _lots;

    /// @inheritdoc ICustody
    function recall(bytes32 lotTag, uint8 class, bytes32 cause) external {
        if (class == 0 || class > 3) revert RecallClassInvalid(class);
        _setStatus(lotTag, LotStatus(class), cause);
    }

    /// @inheritdoc ICustody
    function blockLot(bytes32 lotTag, bytes32 cause) external {
        _setStatus(lotTag, LotStatus.Blocked, cause);
    }

    /// @inheritdoc ICustody
    function lift(bytes32 lotTag, bytes32 cause) external {
        _setStatus(lotTag, LotStatus.Normal, cause);
    }

    /// @inheritdoc ICustody
    function pruneLots(bytes32[] calldata lotTags) external {
        if (lotTags.length == 0) revert NothingListed();
        for (uint256 i = 0; i < lotTags.length; ++i) {
            bytes32 lotTag = lotTags[i];
            LotRecord storage record = _lots[lotTag];
            if (record.labeler == address(0)) revert LotUnknown(lotTag);
            uint256 from = _prunable(record.expiry);
            if (block.timestamp < from) revert TooEarly(from);
            // Somebody could open the tag again: a recall must outlive the stock that is mixed with what expires later.
            if (record.status != LotStatus.Normal) revert LotNotNormal(lotTag, record.status);
            delete _lots[lotTag];
            emit LotPruned(lotTag);
        }
    }

    /// @inheritdoc ICustody
    function lot(bytes32 lotTag) external view returns (Lot memory) {
        LotRecord storage record = _lots[lotTag];
        return Lot(record.labeler, record.expiry, record.status);
    }

    /// @dev Opens the lot, or checks that it is the caller's and has the same expiry.
    function _enterLot(bytes32 lotTag, uint16 expiry, uint40 caller) internal {
        LotRecord storage record = _lots[lotTag];
        if (record.labeler == address(0)) {
            _lots[lotTag] = LotRecord(msg.sender, caller, expiry, LotStatus.Normal, false);
            emit LotOpened(lotTag, msg.sender, expiry);
        } else {
            if (record.number != caller) revert NotLabeler(lotTag, msg.sender);
            if (record.expiry != expiry) revert LotExpiryDiffers(lotTag, record.expiry, expiry);
        }
    }

    /// @dev Checks that units of the lot may be used now.
    function _checkUsable(bytes32 lotTag) internal view {
        LotRecord storage record = _lots[lotTag];
        if (record.labeler == address(0)) revert LotUnknown(lotTag);
        if (record.status != LotStatus.Normal) revert LotNotNormal(lotTag, record.status);
        uint256 lastDay = record.expiry;
        if (block.timestamp >= (lastDay + 1) * 1 days) revert LotExpired(lotTag, record.expiry);
    }

    function _setStatus(bytes32 lotTag, LotStatus status, bytes32 cause) private {
        IRegistry.Account memory caller = _member(msg.sender, Roles.ANY);
        LotRecord storage record = _lots[lotTag];
        if (record.labeler == address(0)) revert LotUnknown(lotTag);
        bool regulator = caller.roles & Roles.REGULATOR != 0;
        if (!regulator && record.number != caller.number) revert NotLabeler(lotTag, msg.sender);
        if (!regulator && record.byRegulator) revert SetByRegulator(lotTag, record.status);
        if (status == LotStatus.Normal && record.status == LotStatus.Normal) revert LotAlreadyNormal(lotTag);
        record.status = status;
        record.byRegulator = regulator && status != LotStatus.Normal;
        emit LotStatusChanged(lotTag, status, msg.sender, cause);
    }
}
