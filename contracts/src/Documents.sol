// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IDocuments} from "./IDocuments.sol";
import {IRegistry} from "./IRegistry.sol";
import {Roles} from "./libraries/Roles.sol";

/// @title Documents
/// @notice Implements {IDocuments}. The only external calls are views of the registry.
contract Documents is IDocuments {
    /// @inheritdoc IDocuments
    IRegistry public immutable override registry;

    /// @dev 30 years, so that each document can be pruned some day.
    uint256 private constant _DAYS_MAX = 30 * 365;

    /// @dev One slot. `owner` is the number of a member; 0 if the document is not published.
    struct DocumentRecord {
        uint40 owner;
        uint32 until;
    }

    mapping(bytes32 document => DocumentRecord) private _documents;
    /// @dev Last day of a grant, which is never later than the document's, so that a document that is published again after
    /// it was pruned has no old grants.
    mapping(bytes32 document => mapping(uint64 gln => uint32 until)) private _grants;

    /// @param registry_ the registry that is asked for roles
    constructor(IRegistry registry_) {
        registry = registry_;
    }

    /// @inheritdoc IDocuments
    function publish(bytes32 document, uint32 until) external {
        uint40 caller = _caller();
        if (_isPast(until)) revert UntilPast(until);
        uint256 latest = block.timestamp / 1 days + _DAYS_MAX;
        if (until > latest) revert UntilTooLate(until, uint32(latest));
        DocumentRecord storage record = _documents[document];
        if (record.owner != 0) revert DocumentExists(document);
        (record.owner, record.until) = (caller, until);
        emit Published(document, msg.sender, until);
    }

    /// @inheritdoc IDocuments
    function grant(bytes32 document, address to, uint32 until) external {
        (uint40 owner, uint32 latest) = _own(document);
        if (_isPast(until)) revert UntilPast(until);
        if (until > latest) revert UntilTooLate(until, latest);
        IRegistry.Account memory reader = registry.accountOf(to);
        if (reader.gln == 0) revert NoMember(to);
        if (reader.number == owner) revert GrantsToSelf(to);
        _grants[document][reader.gln] = until;
        emit Granted(document, reader.gln, until);
    }

    /// @inheritdoc IDocuments
    function revoke(bytes32 document, address to) external {
        _own(document);
        uint64 gln = registry.memberOf(to);
        if (_grants[document][gln] == 0) revert NotGranted(document, gln);
        delete _grants[document][gln];
        emit Revoked(document, gln);
    }

    /// @inheritdoc IDocuments
    function pruneDocument(bytes32 document) external {
        DocumentRecord storage record = _documents[document];
        if (record.owner == 0) revert DocumentUnknown(document);
        if (!_isPast(record.until)) revert TooEarly(record.until);
        delete _documents[document];
        emit DocumentPruned(document);
    }

    /// @inheritdoc IDocuments
    function pruneGrant(bytes32 document, uint64 gln) external {
        uint32 until = _grants[document][gln];
        if (until == 0) revert NotGranted(document, gln);
        if (!_isPast(until)) revert TooEarly(until);
        delete _grants[document][gln];
        emit GrantPruned(document, gln);
    }

    /// @inheritdoc IDocuments
    function mayRead(bytes32 document, address account) external view returns (bool) {
        IRegistry.Account memory reader = registry.accountOf(account);
        DocumentRecord storage record = _documents[document];
        if (reader.roles == 0 || record.owner == 0) return false;
        if (reader.number == record.owner) return !_isPast(record.until);
        uint32 until = _grants[document][reader.gln];
        return until != 0 && !_isPast(until);
    }

    /// @inheritdoc IDocuments
    function documentOf(bytes32 document) external view returns (uint40 owner, uint32 until) {
        DocumentRecord storage record = _documents[document];
        return (record.owner, record.until);
    }

    /// @inheritdoc IDocuments
    function grantOf(bytes32 document, uint64 gln) external view returns (uint32 until) {
        return _grants[document][gln];
    }

    /// @dev Number of the caller's member, which must have roles now.
    function _caller() private view returns (uint40) {
        IRegistry.Account memory caller = registry.accountOf(msg.sender);
        if (caller.roles == 0) revert RoleMissing(msg.sender, Roles.ANY);
        return caller.number;
    }

    /// @dev A document of the caller's member.
    function _own(bytes32 document) private view returns (uint40 owner, uint32 until) {
        uint40 caller = _caller();
        DocumentRecord storage record = _documents[document];
        (owner, until) = (record.owner, record.until);
        if (owner == 0) revert DocumentUnknown(document);
        if (owner != caller) revert NotOwner(document, msg.sender);
    }

    /// @dev Whether a last day has passed.
    function _isPast(uint256 until) private view returns (bool) {
        unchecked {
            // Cannot overflow: a day has 32 bits.
            return block.timestamp >= (until + 1) * 1 days;
        }
    }
}
