// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRegistry} from "./IRegistry.sol";

/// @title Who may read which document
/// @notice A document is named by the hash of its ciphertext. Its owner is a member, and so is whoever may read it. All
/// ends with a last day, after which anybody may delete it from the ledger. Days are counted from 1970-01-01 (UTC).
///
/// The ledger keeps nobody from reading what they have: it tells nodes whom to give a document and its key.
interface IDocuments {
    /// @notice A document was published.
    /// @param document the document
    /// @param owner the account that published it
    /// @param until last day on which it is offered
    event Published(bytes32 indexed document, address indexed owner, uint32 until);

    /// @notice A member may read a document.
    /// @param document the document
    /// @param gln the member
    /// @param until last day on which it may
    event Granted(bytes32 indexed document, uint64 indexed gln, uint32 until);

    /// @notice A member may no longer read a document.
    /// @param document the document
    /// @param gln the member
    event Revoked(bytes32 indexed document, uint64 indexed gln);

    /// @notice A document's last day has passed, and the ledger forgot it.
    /// @param document the document
    event DocumentPruned(bytes32 indexed document);

    /// @notice A grant's last day has passed, and the ledger forgot it.
    /// @param document the document
    /// @param gln the member
    event GrantPruned(bytes32 indexed document, uint64 indexed gln);

    /// @notice Thrown when an account has no role now.
    error RoleMissing(address account, uint32 anyOf);
    /// @notice Thrown when the document was published before.
    error DocumentExists(bytes32 document);
    /// @notice Thrown when the document is not published.
    error DocumentUnknown(bytes32 document);
    /// @notice Thrown when the caller's member does not own the document.
    error NotOwner(bytes32 document, address caller);
    /// @notice Thrown when a grant is to the owner.
    error GrantsToSelf(address to);
    /// @notice Thrown when an account acts for no member.
    error NoMember(address account);
    /// @notice Thrown when the member was not granted the document.
    error NotGranted(bytes32 document, uint64 gln);
    /// @notice Thrown when a last day has passed.
    error UntilPast(uint32 until);
    /// @notice Thrown when a document would be offered for more than 30 years, or a grant would outlive the document.
    error UntilTooLate(uint32 until, uint32 latest);
    /// @notice Thrown when the last day has not passed.
    error TooEarly(uint32 until);

    /// @notice Publishes a document for the caller's member. Any account with roles.
    /// @param document the document
    /// @param until last day on which it is offered, at most 30 years of 365 days from now
    function publish(bytes32 document, uint32 until) external;

    /// @notice Lets a member read a document, or changes until when. An account of the owner with roles.
    /// @param document the document
    /// @param to an account of the member
    /// @param until last day on which it may, at most the document's
    function grant(bytes32 document, address to, uint32 until) external;

    /// @notice Ends a grant. An account of the owner with roles.
    /// @param document the document
    /// @param to an account of the member
    function revoke(bytes32 document, address to) external;

    /// @notice Deletes a document after its last day. Anybody.
    /// @param document the document
    function pruneDocument(bytes32 document) external;

    /// @notice Deletes a grant after its last day. Anybody.
    /// @param document the document
    /// @param gln the member
    function pruneGrant(bytes32 document, uint64 gln) external;

    /// @notice Whether an account may read a document now: it has roles, its member owns the document or was granted it, and
    /// the last day has not passed.
    function mayRead(bytes32 document, address account) external view returns (bool);

    /// @notice Number of the member that owns a document, and the document's last day; 0 if it is not published.
    function documentOf(bytes32 document) external view returns (uint40 owner, uint32 until);

    /// @notice Last day of a grant; 0 if there is none.
    function grantOf(bytes32 document, uint64 gln) external view returns (uint32 until);

    /// @notice The registry that is asked for roles.
    function registry() external view returns (IRegistry);
}
