// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Who may act: members, the accounts that act for them, and the labelers of products
/// @notice A GLN (Global Location Number) is given as the number of its 13 digits, a GTIN as the number of its 14 digits.
/// Roles are a bit mask: LABELER 1, REPACKAGER 2, WHOLESALER 4, LOGISTICS 8, DISPENSER 16, REGULATOR 32.
/// Days are counted from 1970-01-01 (UTC).
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
        /// Name in clear text.
        string name;
        /// URL of the member's node.
        string endpoint;
    }

    /// @notice What the registry knows about an account now.
    struct Account {
        /// The account's number, given once, counted from 1; 0 if the address never was an account. It never changes
        /// and is never given to another address.
        uint40 number;
        /// The member for whom it acts; 0 if none or if the account is revoked.
        uint64 gln;
        /// Roles that it has now, as for {rolesOf}.
        uint32 roles;
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

    /// @notice An account acts for a member from now on.
    /// @param gln the member
    /// @param account the account
    event AccountAdded(uint64 indexed gln, address indexed account);

    /// @notice An account no longer acts for a member. What it holds on the ledger stays in its name.
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
    /// @notice Thrown when the caller is neither a governor nor an account of the member.
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

    /// @notice Moves a member's node. Governors, or an account of the member that has roles now.
    /// @param gln the member
    /// @param endpoint URL of its node from now on
    function setEndpoint(uint64 gln, string calldata endpoint) external;

    /// @notice Lets an account act for a member. Governors, or an account of the member that has roles now. A revoked
    /// account may come back to the same member only.
    /// @param gln the member
    /// @param account the account
    function addAccount(uint64 gln, address account) external;

    /// @notice Ends an account's right to act. Governors, or an account of the same member that has roles now.
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

    /// @notice Number, member and roles of an account now, in one call.
    function accountOf(address account) external view returns (Account memory);

    /// @notice The account with a number, revoked ones too; 0 if the number was not given yet.
    function accountAt(uint40 number) external view returns (address);

    /// @notice The labeler of a product; 0 if the GTIN is not registered.
    function labelerOf(uint64 gtin) external view returns (uint64 gln);

    /// @notice The member that a product is offered to; 0 if none.
    function offeredTo(uint64 gtin) external view returns (uint64 gln);
}
