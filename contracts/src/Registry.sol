// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {IRegistry} from "./IRegistry.sol";
import {Roles} from "./libraries/Roles.sol";

/// @title Registry
/// @notice Implements {IRegistry} with governors by OpenZeppelin's AccessControl.
contract Registry is IRegistry, AccessControl {
    /// @notice The role that admits, licenses and suspends members.
    bytes32 public constant GOVERNOR_ROLE = keccak256("GOVERNOR_ROLE");

    uint64 private constant _GLN_MAX = 9_999_999_999_999;
    uint64 private constant _GTIN_MAX = 99_999_999_999_999;

    /// @dev One slot. `gln` stays when the account is revoked: it may only come back to the same member.
    struct AccountRecord {
        uint40 number;
        uint64 gln;
        bool revoked;
    }

    /// @dev One slot.
    struct Product {
        uint64 labeler;
        uint64 offeredTo;
    }

    mapping(uint64 gln => Member) private _members;
    mapping(address account => AccountRecord) private _accounts;
    mapping(uint40 number => address account) private _accountAt;
    mapping(uint64 gtin => Product) private _products;
    uint40 private _accountCount;

    /// @param governor the first governor, who may also appoint others
    constructor(address governor) {
        _grantRole(DEFAULT_ADMIN_ROLE, governor);
        _grantRole(GOVERNOR_ROLE, governor);
    }

    /// @dev Lets governors pass, and accounts of the member that have roles now.
    modifier onlyGovernorOrMember(uint64 gln) {
        if (!hasRole(GOVERNOR_ROLE, msg.sender)) {
            Account memory caller = accountOf(msg.sender);
            if (caller.gln != gln || caller.roles == 0) revert NotOfMember(msg.sender, gln);
        }
        _;
    }

    /// @inheritdoc IRegistry
    function addMember(
        uint64 gln,
        uint32 roles,
        uint32 licenceExpiry,
        string calldata name,
        string calldata endpoint,
        address account
    ) external onlyRole(GOVERNOR_ROLE) {
        if (gln == 0 || gln > _GLN_MAX) revert GlnInvalid(gln);
        _checkRoles(roles);
        if (_members[gln].status != Status.None) revert MemberExists(gln);
        _members[gln] = Member(Status.Active, roles, licenceExpiry, name, endpoint);
        emit MemberAdded(gln, roles, licenceExpiry, name, endpoint);
        _addAccount(gln, account);
    }

    /// @inheritdoc IRegistry
    function setStatus(uint64 gln, Status status) external onlyRole(GOVERNOR_ROLE) {
        _checkMember(gln);
        if (status == Status.None) revert StatusInvalid(status);
        _members[gln].status = status;
        emit MemberStatusChanged(gln, status);
    }

    /// @inheritdoc IRegistry
    function setLicence(uint64 gln, uint32 roles, uint32 licenceExpiry) external onlyRole(GOVERNOR_ROLE) {
        _checkMember(gln);
        _checkRoles(roles);
        _members[gln].roles = roles;
        _members[gln].licenceExpiry = licenceExpiry;
        emit LicenceChanged(gln, roles, licenceExpiry);
    }

    /// @inheritdoc IRegistry
    function setEndpoint(uint64 gln, string calldata endpoint) external onlyGovernorOrMember(gln) {
        _checkMember(gln);
        _members[gln].endpoint = endpoint;
        emit EndpointChanged(gln, endpoint);
    }

    /// @inheritdoc IRegistry
    function addAccount(uint64 gln, address account) external onlyGovernorOrMember(gln) {
        _checkMember(gln);
        _addAccount(gln, account);
    }

    /// @inheritdoc IRegistry
    function revokeAccount(address account) external onlyGovernorOrMember(_accounts[account].gln) {
        AccountRecord storage record = _accounts[account];
        if (record.number == 0 || record.revoked) revert AccountUnknown(account);
        record.revoked = true;
        emit AccountRevoked(record.gln, account);
    }

    /// @inheritdoc IRegistry
    function addProduct(uint64 gtin, uint64 labelerGln) external {
        if (!hasRole(GOVERNOR_ROLE, msg.sender) && rolesOf(msg.sender) & Roles.REGULATOR == 0) {
            revert NotRegulator(msg.sender);
        }
        if (gtin == 0 || gtin > _GTIN_MAX) revert GtinInvalid(gtin);
        _checkLabeler(labelerGln);
        Product storage product = _products[gtin];
        if (product.labeler != 0) revert ProductExists(gtin, product.labeler);
        product.labeler = labelerGln;
        emit ProductAdded(gtin, labelerGln);
    }

    /// @inheritdoc IRegistry
    function offerProduct(uint64 gtin, uint64 toGln) external {
        Product storage product = _products[gtin];
        uint64 labeler = product.labeler;
        if (labeler == 0) revert ProductUnknown(gtin);
        Account memory caller = accountOf(msg.sender);
        if (caller.gln != labeler || caller.roles == 0) revert NotLabelerOfProduct(msg.sender, gtin, labeler);
        if (toGln != 0) _checkLabeler(toGln);
        product.offeredTo = toGln;
        emit ProductOffered(gtin, labeler, toGln);
    }

    /// @inheritdoc IRegistry
    function acceptProduct(uint64 gtin) external {
        Product storage product = _products[gtin];
        uint64 offered = product.offeredTo;
        if (product.labeler == 0) revert ProductUnknown(gtin);
        if (offered == 0 || memberOf(msg.sender) != offered) revert NotOffered(msg.sender, gtin, offered);
        _checkLabeler(offered);
        product.labeler = offered;
        product.offeredTo = 0;
        emit ProductTransferred(gtin, offered);
    }

    /// @inheritdoc IRegistry
    function member(uint64 gln) external view returns (Member memory) {
        return _members[gln];
    }

    /// @inheritdoc IRegistry
    function accountAt(uint40 number) external view returns (address) {
        return _accountAt[number];
    }

    /// @inheritdoc IRegistry
    function labelerOf(uint64 gtin) external view returns (uint64 gln) {
        return _products[gtin].labeler;
    }

    /// @inheritdoc IRegistry
    function offeredTo(uint64 gtin) external view returns (uint64 gln) {
        return _products[gtin].offeredTo;
    }

    /// @inheritdoc IRegistry
    function memberOf(address account) public view returns (uint64 gln) {
        AccountRecord storage record = _accounts[account];
        return record.revoked ? 0 : record.gln;
    }

    /// @inheritdoc IRegistry
    function rolesOf(address account) public view returns (uint32 roles) {
        return _rolesOf(memberOf(account));
    }

    /// @inheritdoc IRegistry
    function accountOf(address account) public view returns (Account memory) {
        AccountRecord storage record = _accounts[account];
        (uint40 number, uint64 gln, bool revoked) = (record.number, record.gln, record.revoked);
        if (revoked) gln = 0;
        return Account(number, gln, _rolesOf(gln));
    }

    /// @dev Roles of a member now; 0 for GLN 0, which is never registered.
    function _rolesOf(uint64 gln) private view returns (uint32) {
        if (gln == 0) return 0;
        Member storage found = _members[gln];
        (Status status, uint32 roles, uint256 lastDay) = (found.status, found.roles, found.licenceExpiry);
        if (status != Status.Active) return 0;
        unchecked {
            // Cannot overflow: a day has 32 bits.
            if (lastDay != 0 && block.timestamp >= (lastDay + 1) * 1 days) return 0;
        }
        return roles;
    }

    /// @dev Gives a new address the next number, or lets a revoked account of the same member act again.
    function _addAccount(uint64 gln, address account) private {
        if (account == address(0)) revert AccountInvalid(account);
        AccountRecord storage record = _accounts[account];
        if (record.number == 0) {
            uint40 number = ++_accountCount;
            _accounts[account] = AccountRecord(number, gln, false);
            _accountAt[number] = account;
        } else {
            if (!record.revoked || record.gln != gln) revert AccountTaken(account, record.gln);
            record.revoked = false;
        }
        emit AccountAdded(gln, account);
    }

    function _checkMember(uint64 gln) private view {
        if (_members[gln].status == Status.None) revert MemberUnknown(gln);
    }

    function _checkRoles(uint32 roles) private pure {
        if (roles == 0 || roles & ~Roles.ANY != 0) revert RolesInvalid(roles);
    }

    function _checkLabeler(uint64 gln) private view {
        if (_rolesOf(gln) & (Roles.LABELER | Roles.REPACKAGER) == 0) revert NotALabeler(gln);
    }
}
