// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Who may act: members, the accounts that act for them, and the labelers of products
/// @notice A GLN (Global Location Number) is given as the number of its 13 digits, a GTIN as the number of its 14 digits.
/// Roles are a bit mask: LABELER 1, REPACKAGER 2, WHOLESALER 4, LOGISTICS 8, DISPENSER 16, REGULATOR 32.
/// Days are counted from 1970-01-01 (UTC).
///
/// Governors admit, license and suspend members at once. What could take goods from a member, a further account that acts
/// for it, is the member's own to give, or the timelock's (RECOVERY_ROLE), after its delay, when a key was lost. The
/// timelock also appoints governors.
interface IRegistry {
    /// @notice Where a member stands with the consortium. Only an active member has roles.
    enum Status {
        None,
        Active,
        Suspended,
        Revoked
    }

    /// @notice An organisation of the supply chain.
    struct Member {
        /// Standing; `None` if the GLN is not registered.
        Status status;
        /// Bit mask of roles that the licence allows.
        uint32 roles;
        /// Last day on which the licence is valid, in days; 0 means that it does not expire.
        uint32 licenceExpiry;
        /// For how many days its retirements can be undone; 0 for never.
        uint16 undoDays;
        /// Name in clear text.
        string name;
        /// URL of the member's node.
        string endpoint;
        /// Public key with which its node signs messages; 0 if none was given.
        bytes32 signing;
        /// Public key to which others seal messages for its node; 0 if none was given.
        bytes32 sealing;
    }

    /// @notice What the registry knows about an account now.
    struct Account {
        /// Number of the member for whom it acts, given once, counted from 1; 0 if none or if the account is revoked. It
        /// never changes and is never given to another member.
        uint40 number;
        /// The member for whom it acts; 0 if none or if the account is revoked.
        uint64 gln;
        /// Roles that it has now, as for {rolesOf}.
        uint32 roles;
        /// For how many days retirements of its member can be undone; 0 for never.
        uint16 undoDays;
    }

    /// @notice A member joined.
    /// @param gln the member
    /// @param roles bit mask of its roles
    /// @param licenceExpiry last day of its licence, in days; 0 for none
    /// @param name its name
    /// @param endpoint URL of its node
    event MemberAdded(uint64 indexed gln, uint32 roles, uint32 licenceExpiry, string name, string endpoint);

    /// @notice A member was suspended, revoked or made active again.
    /// @param gln the member
    /// @param status its standing from now on
    event MemberStatusChanged(uint64 indexed gln, Status status);

    /// @notice A member's licence was renewed or changed.
    /// @param gln the member
    /// @param roles bit mask of its roles from now on
    /// @param licenceExpiry last day of its licence, in days; 0 for none
    event LicenceChanged(uint64 indexed gln, uint32 roles, uint32 licenceExpiry);

    /// @notice A member's node moved.
    /// @param gln the member
    /// @param endpoint URL of its node from now on
    event EndpointChanged(uint64 indexed gln, string endpoint);

    /// @notice A member's retirements can be undone for another number of days from now on.
    /// @param gln the member
    /// @param undoDays the number of days; 0 for never
    event UndoDaysChanged(uint64 indexed gln, uint16 undoDays);

    /// @notice A member's node has other keys from now on.
    /// @param gln the member
    /// @param signing public key with which it signs messages
    /// @param sealing public key to which others seal messages for it
    event ServiceKeysChanged(uint64 indexed gln, bytes32 signing, bytes32 sealing);

    /// @notice An account acts for a member from now on.
    /// @param gln the member
    /// @param account the account
    event AccountAdded(uint64 indexed gln, address indexed account);

    /// @notice An account no longer acts for a member. What the member holds stays with the member.
    /// @param gln the member
    /// @param account the account
    event AccountRevoked(uint64 indexed gln, address indexed account);

    /// @notice A product was registered.
    /// @param gtin the product
    /// @param gln its labeler
    event ProductAdded(uint64 indexed gtin, uint64 indexed gln);

    /// @notice A product was offered to another labeler; the latest offer counts.
    /// @param gtin the product
    /// @param from its labeler
    /// @param to the member that may accept it
    event ProductOffered(uint64 indexed gtin, uint64 indexed from, uint64 indexed to);

    /// @notice A product has another labeler from now on.
    /// @param gtin the product
    /// @param gln its labeler from now on
    event ProductTransferred(uint64 indexed gtin, uint64 indexed gln);

    /// @notice Thrown when a GLN is 0 or has more than 13 digits.
    error GlnInvalid(uint64 gln);
    /// @notice Thrown when a GTIN is 0 or has more than 14 digits.
    error GtinInvalid(uint64 gtin);
    /// @notice Thrown when no role is given or a bit is set that is no role.
    error RolesInvalid(uint32 roles);
    /// @notice Thrown when a status is given that a member cannot be set to.
    error StatusInvalid(Status status);
    /// @notice Thrown when retirements could be undone for more than 365 days.
    error UndoDaysTooMany(uint16 undoDays);
    /// @notice Thrown when a member has as many accounts as it may have, 16.
    error AccountsTooMany(uint64 gln);
    /// @notice Thrown when an address cannot be an account.
    error AccountInvalid(address account);
    /// @notice Thrown when a GLN is already registered.
    error MemberExists(uint64 gln);
    /// @notice Thrown when a GLN is not registered.
    error MemberUnknown(uint64 gln);
    /// @notice Thrown when the address is already an account, or was the account of another member.
    error AccountTaken(address account, uint64 gln);
    /// @notice Thrown when the address is not an account now.
    error AccountUnknown(address account);
    /// @notice Thrown when the caller is neither an account of the member with roles now nor of those who may do so instead.
    error NotOfMember(address caller, uint64 gln);
    /// @notice Thrown when the caller is neither a governor nor a regulator.
    error NotRegulator(address caller);
    /// @notice Thrown when a member lacks the role of labeler or repackager, is not active, or has no valid licence.
    error NotALabeler(uint64 gln);
    /// @notice Thrown when a GTIN is already registered.
    error ProductExists(uint64 gtin, uint64 labelerGln);
    /// @notice Thrown when a GTIN is not registered.
    error ProductUnknown(uint64 gtin);
    /// @notice Thrown when the caller's member does not own the product.
    error NotLabelerOfProduct(address caller, uint64 gtin, uint64 labelerGln);
    /// @notice Thrown when the caller's member was not offered the product.
    error NotOffered(address caller, uint64 gtin, uint64 offeredGln);

    /// @notice Admits a member with its first account. Governors only.
    /// @param gln the member
    /// @param roles bit mask of its roles
    /// @param licenceExpiry last day of its licence, in days; 0 for none
    /// @param name its name
    /// @param endpoint URL of its node
    /// @param account its first account
    function addMember(
        uint64 gln,
        uint32 roles,
        uint32 licenceExpiry,
        string calldata name,
        string calldata endpoint,
        address account
    ) external;

    /// @notice Suspends or revokes a member or makes it active again. Governors only.
    /// @param gln the member
    /// @param status its standing from now on; not `None`
    function setStatus(uint64 gln, Status status) external;

    /// @notice Renews or changes a member's licence. Governors only.
    /// @param gln the member
    /// @param roles bit mask of its roles from now on
    /// @param licenceExpiry last day of its licence, in days; 0 for none
    function setLicence(uint64 gln, uint32 roles, uint32 licenceExpiry) external;

    /// @notice Sets for how many days a member's retirements can be undone; 10 at first. Governors only. Retirements that
    /// were recorded before keep their time.
    /// @param gln the member
    /// @param undoDays the number of days, up to 365; 0 for never
    function setUndoDays(uint64 gln, uint16 undoDays) external;

    /// @notice Moves a member's node. An account of the member that has roles now, or the timelock: no governor, who could
    /// otherwise have what is meant for the member sent elsewhere.
    /// @param gln the member
    /// @param endpoint URL of its node from now on
    function setEndpoint(uint64 gln, string calldata endpoint) external;

    /// @notice Gives the keys of a member's node, as for {setEndpoint}.
    /// @param gln the member
    /// @param signing public key with which it signs messages
    /// @param sealing public key to which others seal messages for it
    function setServiceKeys(uint64 gln, bytes32 signing, bytes32 sealing) external;

    /// @notice Lets an account act for a member: for all that the member holds. An account of the member that has roles
    /// now, or RECOVERY_ROLE. A revoked account may come back to the same member only.
    /// @param gln the member
    /// @param account the account
    function addAccount(uint64 gln, address account) external;

    /// @notice Ends an account's right to act, at once. Governors, or an account of the same member that has roles now.
    /// @param account the account
    function revokeAccount(address account) external;

    /// @notice Registers a product. Governors, or an account of a regulator.
    /// @param gtin the product, not yet registered
    /// @param labelerGln its labeler, with the role of labeler or repackager
    function addProduct(uint64 gtin, uint64 labelerGln) external;

    /// @notice Offers a product to another member, or withdraws the offer (`toGln` 0). An account of the labeler only.
    /// @param gtin the product
    /// @param toGln the member that may accept it
    function offerProduct(uint64 gtin, uint64 toGln) external;

    /// @notice Takes over a product. An account of the member that it was offered to only.
    /// @param gtin the product
    function acceptProduct(uint64 gtin) external;

    /// @notice A member; all fields are empty if the GLN is not registered.
    function member(uint64 gln) external view returns (Member memory);

    /// @notice The member for whom an account acts; 0 if none, or if the account is revoked.
    function memberOf(address account) external view returns (uint64 gln);

    /// @notice Bit mask of the roles that an account has now: 0 unless it acts for a member that is active and whose
    /// licence is valid at the time of the block.
    function rolesOf(address account) external view returns (uint32 roles);

    /// @notice Member, roles and days for undoing of an account now, in one call.
    function accountOf(address account) external view returns (Account memory);

    /// @notice The account that stands for the member with a number: its first that is not revoked, or if there is none the
    /// one that was revoked last; 0 if the number was not given yet.
    function accountAt(uint40 number) external view returns (address);

    /// @notice The accounts of a member that are not revoked, in the order in which they were added; if there is none, the
    /// one that was revoked last.
    function accountsOf(uint64 gln) external view returns (address[] memory);

    /// @notice The number of a member; 0 if the GLN is not registered.
    function numberOf(uint64 gln) external view returns (uint40);

    /// @notice The member with a number; 0 if the number was not given yet.
    function memberAt(uint40 number) external view returns (uint64 gln);

    /// @notice The labeler of a product; 0 if the GTIN is not registered.
    function labelerOf(uint64 gtin) external view returns (uint64 gln);

    /// @notice The member that a product is offered to; 0 if none.
    function offeredTo(uint64 gtin) external view returns (uint64 gln);
}
