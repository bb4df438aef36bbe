// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {IRegistry} from "./IRegistry.sol";
import {Roles} from "./libraries/Roles.sol";

/// @title Registry
/// @notice Implements {IRegistry} with OpenZeppelin's AccessControl.
contract Registry is IRegistry, AccessControl {
    /// @notice The role that admits, licenses and suspends members.
    bytes32 public constant GOVERNOR_ROLE = keccak256("GOVERNOR_ROLE");
    /// @notice The role that gives a member an account when its own keys are lost.
    bytes32 public constant RECOVERY_ROLE = keccak256("RECOVERY_ROLE");

    uint64 private constant _GLN_MAX = 9_999_999_999_999;
    uint64 private constant _GTIN_MAX = 99_999_999_999_999;
    uint16 private constant _UNDO_DAYS = 10;
    uint16 private constant _UNDO_DAYS_MAX = 365;
    uint256 private constant _ACCOUNTS_MAX = 16;

    /// @dev One slot, so that custody reads one; {accountOf} counts on this order, from the lowest bit. `gln` stays when the
    /// account is revoked: it may only come back to the same member. The rest repeats the member's; `roles` is 0 unless
    /// the member is active and the account not revoked.
    struct AccountRecord {
        uint40 number;
        uint64 gln;
        uint32 roles;
        uint16 undoDays;
        uint32 licenceExpiry;
        bool revoked;
    }

    /// @dev Where the revoked of an {AccountRecord} is.
    uint256 private constant _REVOKED = 184;

    /// @dev `accounts` has those that are not revoked; if there is none, the last one.
    struct MemberRecord {
        uint40 number;
        Status status;
        uint32 roles;
        uint32 licenceExpiry;
        uint16 undoDays;
        string name;
        string endpoint;
        bytes32 signing;
        bytes32 sealing;
        address[] accounts;
    }

    /// @dev One slot.
    struct Product {
        uint64 labeler;
        uint64 offeredTo;
    }

    mapping(uint64 gln => MemberRecord) private _members;
    mapping(address account => AccountRecord) private _accounts;
    mapping(uint40 number => uint64 gln) private _memberAt;
    mapping(uint64 gtin => Product) private _products;
    uint40 private _memberCount;

    /// @param timelock appoints governors and recovers members whose keys are lost, after its delay
    /// @param governor the first governor
    constructor(address timelock, address governor) {
        _grantRole(DEFAULT_ADMIN_ROLE, timelock);
        _grantRole(RECOVERY_ROLE, timelock);
        _grantRole(GOVERNOR_ROLE, governor);
    }

    /// @dev Lets those with the role pass, and accounts of the member that have roles now.
    modifier onlyRoleOrMember(bytes32 role, uint64 gln) {
        if (!hasRole(role, msg.sender)) {
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
        MemberRecord storage found = _members[gln];
        if (found.status != Status.None) revert MemberExists(gln);
        uint40 number = ++_memberCount;
        _memberAt[number] = gln;
        found.number = number;
        found.status = Status.Active;
        found.roles = roles;
        found.licenceExpiry = licenceExpiry;
        found.undoDays = _UNDO_DAYS;
        found.name = name;
        found.endpoint = endpoint;
        emit MemberAdded(gln, roles, licenceExpiry, name, endpoint);
        _addAccount(found, gln, account);
    }

    /// @inheritdoc IRegistry
    function setStatus(uint64 gln, Status status) external onlyRole(GOVERNOR_ROLE) {
        MemberRecord storage found = _existing(gln);
        if (status == Status.None) revert StatusInvalid(status);
        found.status = status;
        _refresh(found);
        emit MemberStatusChanged(gln, status);
    }

    /// @inheritdoc IRegistry
    function setLicence(uint64 gln, uint32 roles, uint32 licenceExpiry) external onlyRole(GOVERNOR_ROLE) {
        MemberRecord storage found = _existing(gln);
        _checkRoles(roles);
        found.roles = roles;
        found.licenceExpiry = licenceExpiry;
        _refresh(found);
        emit LicenceChanged(gln, roles, licenceExpiry);
    }

    /// @inheritdoc IRegistry
    function setUndoDays(uint64 gln, uint16 undoDays) external onlyRole(GOVERNOR_ROLE) {
        MemberRecord storage found = _existing(gln);
        if (undoDays > _UNDO_DAYS_MAX) revert UndoDaysTooMany(undoDays);
        found.undoDays = undoDays;
        _refresh(found);
        emit UndoDaysChanged(gln, undoDays);
    }

    /// @inheritdoc IRegistry
    function setEndpoint(uint64 gln, string calldata endpoint) external onlyRoleOrMember(RECOVERY_ROLE, gln) {
        _existing(gln).endpoint = endpoint;
        emit EndpointChanged(gln, endpoint);
    }

    /// @inheritdoc IRegistry
    function setServiceKeys(uint64 gln, bytes32 signing, bytes32 sealing)
        external
        onlyRoleOrMember(RECOVERY_ROLE, gln)
    {
        MemberRecord storage found = _existing(gln);
        (found.signing, found.sealing) = (signing, sealing);
        emit ServiceKeysChanged(gln, signing, sealing);
    }

    /// @inheritdoc IRegistry
    function addAccount(uint64 gln, address account) external onlyRoleOrMember(RECOVERY_ROLE, gln) {
        _addAccount(_existing(gln), gln, account);
    }

    /// @inheritdoc IRegistry
    function revokeAccount(address account) external onlyRoleOrMember(GOVERNOR_ROLE, _accounts[account].gln) {
        AccountRecord storage record = _accounts[account];
        if (record.number == 0 || record.revoked) revert AccountUnknown(account);
        record.revoked = true;
        record.roles = 0;
        uint64 gln = record.gln;
        _forget(_members[gln].accounts, account);
        emit AccountRevoked(gln, account);
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
        MemberRecord storage found = _members[gln];
        return Member({
            status: found.status,
            roles: found.roles,
            licenceExpiry: found.licenceExpiry,
            undoDays: found.undoDays,
            name: found.name,
            endpoint: found.endpoint,
            signing: found.signing,
            sealing: found.sealing
        });
    }

    /// @inheritdoc IRegistry
    function accountAt(uint40 number) external view returns (address) {
        address[] storage accounts = _members[_memberAt[number]].accounts;
        return accounts.length == 0 ? address(0) : accounts[0];
    }

    /// @inheritdoc IRegistry
    function accountsOf(uint64 gln) external view returns (address[] memory) {
        return _members[gln].accounts;
    }

    /// @inheritdoc IRegistry
    function numberOf(uint64 gln) external view returns (uint40) {
        return _members[gln].number;
    }

    /// @inheritdoc IRegistry
    function memberAt(uint40 number) external view returns (uint64 gln) {
        return _memberAt[number];
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
        return accountOf(account).roles;
    }

    /// @inheritdoc IRegistry
    function accountOf(address account) public view returns (Account memory found) {
        // Read at once: custody asks this in each operation.
        AccountRecord storage record = _accounts[account];
        uint256 fields;
        assembly ("memory-safe") {
            // Reads the record's only slot.
            fields := sload(record.slot)
        }
        if (fields >> _REVOKED != 0) return found;
        found.number = uint40(fields);
        found.gln = uint64(fields >> 40);
        found.undoDays = uint16(fields >> 136);
        if (_isValid(uint32(fields >> 152))) found.roles = uint32(fields >> 104);
    }

    /// @dev Gives an address that was never an account to a member, or lets a revoked account of the member act again.
    function _addAccount(MemberRecord storage found, uint64 gln, address account) private {
        if (account == address(0)) revert AccountInvalid(account);
        AccountRecord storage record = _accounts[account];
        if (record.number == 0) {
            (record.number, record.gln) = (found.number, gln);
        } else {
            if (!record.revoked || record.gln != gln) revert AccountTaken(account, record.gln);
            record.revoked = false;
        }
        address[] storage accounts = found.accounts;
        uint256 count = accounts.length;
        if (count == _ACCOUNTS_MAX) revert AccountsTooMany(gln);
        // A single account may be a revoked one, which stood in for want of another, or this one itself.
        if (count == 1 && (accounts[0] == account || _accounts[accounts[0]].revoked)) accounts[0] = account;
        else accounts.push(account);
        _refreshAccount(found, account);
        emit AccountAdded(gln, account);
    }

    /// @dev Takes an account off the list of its member, in order, unless it is the last one.
    function _forget(address[] storage accounts, address account) private {
        uint256 count = accounts.length;
        if (count == 1) return;
        uint256 found = 0;
        while (accounts[found] != account) ++found;
        for (; found + 1 < count; ++found) accounts[found] = accounts[found + 1];
        accounts.pop();
    }

    /// @dev Writes what changed of a member to its accounts.
    function _refresh(MemberRecord storage found) private {
        address[] memory accounts = found.accounts;
        for (uint256 i = 0; i < accounts.length; ++i) _refreshAccount(found, accounts[i]);
    }

    function _refreshAccount(MemberRecord storage found, address account) private {
        AccountRecord storage record = _accounts[account];
        bool acts = found.status == Status.Active && !record.revoked;
        record.roles = acts ? found.roles : 0;
        record.licenceExpiry = found.licenceExpiry;
        record.undoDays = found.undoDays;
    }

    function _existing(uint64 gln) private view returns (MemberRecord storage found) {
        found = _members[gln];
        if (found.status == Status.None) revert MemberUnknown(gln);
    }

    /// @dev Whether a licence is valid now.
    function _isValid(uint256 lastDay) private view returns (bool) {
        unchecked {
            // Cannot overflow: a day has 32 bits.
            return lastDay == 0 || block.timestamp < (lastDay + 1) * 1 days;
        }
    }

    function _checkRoles(uint32 roles) private pure {
        if (roles == 0 || roles & ~Roles.ANY != 0) revert RolesInvalid(roles);
    }

    function _checkLabeler(uint64 gln) private view {
        MemberRecord storage found = _members[gln];
        bool active = found.status == Status.Active && _isValid(found.licenceExpiry);
        if (!active || found.roles & (Roles.LABELER | Roles.REPACKAGER) == 0) revert NotALabeler(gln);
    }
}
