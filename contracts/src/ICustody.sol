// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRegistry} from "./IRegistry.sol";

/// @title Who has what: holdings of medicine packs
/// @notice A holding is a Merkle root over units (packs), one holder, and marks on the units that have left it. Whatever
/// leaves a holding opens another one (ship, segregate, refuse) or ends there (retire, write off), so units are conserved.
///
/// All hashes are keccak256. leaf = hash(0x00 ‖ lotTag ‖ unitHash); node = hash(left ‖ right); an empty leaf is 32 zero
/// bytes; an empty subtree of height h + 1 is node(empty h, empty h). Heights count from 0 (a leaf) to 32. A subtree is
/// named by its height and its index, counted in subtrees of that height from the left.
///
/// `cause` is the hash of the EPCIS event that caused the operation, or the root of the tree over the hashes of several.
/// Days are counted from 1970-01-01 (UTC). Every caller needs at least one role in the registry now, so that a revoked
/// account, a suspended member and an expired licence move nothing.
interface ICustody {
    /// @notice What may happen to a holding now.
    enum State {
        None,
        Held,
        InTransit,
        Quarantined,
        Stolen,
        Lost
    }

    /// @notice Whether units of a lot may be used; the three recalls are classes I (gravest) to III.
    enum LotStatus {
        Normal,
        RecalledI,
        RecalledII,
        RecalledIII,
        Blocked
    }

    /// @notice Why a unit's life ended. The first three mean use ({retire}), the others do not ({writeOff}).
    enum Reason {
        Dispensed,
        Exported,
        Repackaged,
        Destroyed,
        Sampled,
        Lost,
        Stolen,
        Expired
    }

    /// @notice A subtree that leaves a holding, with its proof.
    struct Node {
        /// The holding; 0 means the same as that of the node before.
        bytes32 holding;
        /// Height of the subtree.
        uint8 height;
        /// Index of the subtree among those of its height.
        uint64 index;
        /// Root of the subtree.
        bytes32 hash;
        /// Siblings from the subtree up to the root of the holding. After another node of the same holding they may stop
        /// below the first ancestor that is a sibling of an ancestor of that node (see docs of {ship}).
        bytes32[] proof;
    }

    /// @notice A unit whose life ends, with its proof.
    struct Leaf {
        /// The holding; 0 means the same as that of the unit before.
        bytes32 holding;
        /// Index of the leaf.
        uint64 index;
        /// The unit's lot; 0 means the same as that of the unit before.
        bytes32 lotTag;
        /// The unit's hash.
        bytes32 unitHash;
        /// Siblings, as in {Node}.
        bytes32[] proof;
    }

    /// @notice A subtree of a holding.
    struct Place {
        /// The holding.
        bytes32 holding;
        /// Height of the subtree.
        uint8 height;
        /// Index of the subtree among those of its height.
        uint64 index;
    }

    /// @notice All units of one product with one lot number.
    struct Lot {
        /// The account that opened the lot; 0 if the lot is unknown.
        address labeler;
        /// Last day on which a unit may be used, in days.
        uint32 expiry;
        /// Whether its units may be used.
        LotStatus status;
    }

    /// @notice Units in one hand.
    struct Holding {
        /// Root of the tree.
        bytes32 root;
        /// Who holds it; the sender while it is in transit.
        address holder;
        /// Who may receive it; 0 unless it is in transit.
        address consignee;
        /// The latest expiry of its lots, in days.
        uint32 expiry;
        /// Height of the tree.
        uint8 height;
        /// What may happen to it; `None` if the holding is unknown.
        State state;
    }

    /// @notice A lot was opened.
    /// @param lotTag the lot
    /// @param labeler the account that opened it
    /// @param expiry last day on which a unit may be used, in days
    event LotOpened(bytes32 indexed lotTag, address indexed labeler, uint32 expiry);

    /// @notice A holding was opened.
    /// @param id the holding
    /// @param holder who holds it; the sender while it is in transit
    /// @param consignee who may receive it; 0 if it is not in transit
    /// @param root root of the tree
    /// @param height height of the tree
    /// @param state its state
    /// @param expiry the latest expiry of its lots, in days
    /// @param cause the event that caused it
    event HoldingOpened(
        bytes32 indexed id,
        address indexed holder,
        address indexed consignee,
        bytes32 root,
        uint8 height,
        State state,
        uint32 expiry,
        bytes32 cause
    );

    /// @notice The units of a holding were made. Follows `HoldingOpened`.
    /// @param id the holding
    /// @param lotTag their lot
    event Commissioned(bytes32 indexed id, bytes32 indexed lotTag);

    /// @notice A holding was opened from subtrees of others. Follows `HoldingOpened`.
    /// @param id the new holding
    /// @param sources its subtrees from the left, 41 bytes each: holding (32), height (1), index (8), big endian
    event Gathered(bytes32 indexed id, bytes sources);

    /// @notice A shipment was received, but for what was refused.
    /// @param id the holding
    /// @param holder its holder from now on
    /// @param cause the event that caused it
    event Received(bytes32 indexed id, address indexed holder, bytes32 cause);

    /// @notice A shipment was taken back by its sender.
    /// @param id the holding
    /// @param cause the event that caused it
    event Cancelled(bytes32 indexed id, bytes32 cause);

    /// @notice A quarantine ended, or what was lost is found.
    /// @param id the holding
    /// @param cause the event that caused it
    event Released(bytes32 indexed id, bytes32 cause);

    /// @notice The life of units ended.
    /// @param holder who held them
    /// @param reason why
    /// @param places the subtrees, 41 bytes each: holding (32), height (1), index (8), big endian
    /// @param cause the event that caused it
    event Retired(address indexed holder, Reason indexed reason, bytes places, bytes32 cause);

    /// @notice A lot was recalled, blocked, or made normal again.
    /// @param lotTag the lot
    /// @param status its status from now on
    /// @param by the account that decided
    /// @param cause the event that caused it
    event LotStatusChanged(bytes32 indexed lotTag, LotStatus status, address by, bytes32 cause);

    /// @notice A batch of events was anchored.
    /// @param member the account that anchored it
    /// @param root root of the tree over the events' hashes
    /// @param count number of events
    event Anchored(address indexed member, bytes32 root, uint32 count);

    /// @notice Thrown when an account has none of the roles that are needed (bit mask), now.
    error RoleMissing(address account, uint32 anyOf);
    /// @notice Thrown when a list is empty.
    error NothingListed();
    /// @notice Thrown when a holding does not exist.
    error HoldingUnknown(bytes32 id);
    /// @notice Thrown when the holding that an operation opens exists: the same cause was recorded before.
    error HoldingExists(bytes32 id);
    /// @notice Thrown when the caller is not the holder.
    error NotHolder(bytes32 id, address caller);
    /// @notice Thrown when the caller is not the consignee.
    error NotConsignee(bytes32 id, address caller);
    /// @notice Thrown when the state of a holding does not allow the operation.
    error WrongState(bytes32 id, State state);
    /// @notice Thrown when goods cannot be segregated into a state.
    error StateNotAllowed(State state);
    /// @notice Thrown when the holder ships to itself.
    error ShipsToSelf(address to);
    /// @notice Thrown when a refused node is not of the shipment.
    error NodeForeign(bytes32 shipment, bytes32 found);
    /// @notice Thrown when a tree is higher than 32.
    error HeightTooLarge(uint256 height);
    /// @notice Thrown when a subtree lies outside the tree.
    error PlaceOutside(bytes32 id, uint8 height, uint64 index);
    /// @notice Thrown when a node is higher than the one before.
    error HeightsNotDescending(uint8 previous, uint8 found);
    /// @notice Thrown when a tree or subtree has no unit.
    error SubtreeEmpty(bytes32 hash, uint8 height);
    /// @notice Thrown when a unit of the subtree has already left the holding.
    error AlreadySpent(bytes32 id, uint8 height, uint64 index);
    /// @notice Thrown when a proof has neither the full length nor that which joins the node before.
    error ProofLengthInvalid(bytes32 id, uint8 height, uint64 index, uint256 found);
    /// @notice Thrown when a proof does not lead to the root.
    error ProofInvalid(bytes32 id, uint8 height, uint64 index);
    /// @notice Thrown when a lot does not exist.
    error LotUnknown(bytes32 lotTag);
    /// @notice Thrown when a lot was opened with another expiry.
    error LotExpiryDiffers(bytes32 lotTag, uint32 expected, uint32 found);
    /// @notice Thrown when units of the lot may not be used.
    error LotNotNormal(bytes32 lotTag, LotStatus status);
    /// @notice Thrown when the lot is already normal.
    error LotAlreadyNormal(bytes32 lotTag);
    /// @notice Thrown when the lot's last day has passed.
    error LotExpired(bytes32 lotTag, uint32 expiry);
    /// @notice Thrown when the caller's member did not make the lot.
    error NotLabeler(bytes32 lotTag, address caller);
    /// @notice Thrown when a regulator decided on the lot, and the caller is none.
    error SetByRegulator(bytes32 lotTag, LotStatus status);
    /// @notice Thrown when a recall class is not 1, 2 or 3.
    error RecallClassInvalid(uint8 class);
    /// @notice Thrown when the operation is not for this reason.
    error ReasonNotAllowed(Reason reason);

    /// @notice Makes units: opens a holding, and the lot if it is new. Labelers and repackagers.
    /// @param lotTag the lot
    /// @param expiry last day on which a unit may be used, in days; the same for every holding of the lot
    /// @param root root of the tree, not empty
    /// @param height height of the tree, up to 32
    /// @param cause the event that caused it
    /// @return id the holding: hash(abi.encode(caller, cause, root))
    function commission(bytes32 lotTag, uint32 expiry, bytes32 root, uint8 height, bytes32 cause)
        external
        returns (bytes32 id);

    /// @notice Gathers subtrees of the caller's holdings into a shipment.
    ///
    /// The new tree has the nodes from the left in the given order, filled up with empty subtrees to the next power of
    /// two. Nodes come in descending height, so that each is aligned.
    ///
    /// A proof has (height of the holding - height of the node) siblings. If the node before is of the same holding, it
    /// may stop where both paths meet: let d be the height at which the ancestors of both are siblings; then (d - height
    /// of the node) siblings do.
    /// @param nodes what is shipped, all of holdings in state `Held`
    /// @param to who may receive it: an account with roles, not the caller
    /// @param cause the event that caused it
    /// @return id the new holding, `InTransit`: hash(abi.encode(caller, cause, new root))
    function ship(Node[] calldata nodes, address to, bytes32 cause) external returns (bytes32 id);

    /// @notice Receives a shipment. The consignee only.
    /// @param id the shipment
    /// @param refused what goes back to the sender as a holding of its own, as for {ship}; all of this shipment
    /// @param cause the event that caused it
    /// @return refusedId the holding of what was refused: hash(abi.encode(caller, cause, its root)); 0 if nothing
    function receiveShipment(bytes32 id, Node[] calldata refused, bytes32 cause) external returns (bytes32 refusedId);

    /// @notice Takes a shipment back that was not received. The sender only.
    /// @param id the shipment
    /// @param cause the event that caused it
    function cancel(bytes32 id, bytes32 cause) external;

    /// @notice Gathers subtrees of the caller's holdings into one that is set apart.
    /// @param nodes what is set apart, as for {ship}
    /// @param state `Quarantined`, `Stolen` or `Lost`
    /// @param cause the event that caused it
    /// @return id the new holding: hash(abi.encode(caller, cause, new root))
    function segregate(Node[] calldata nodes, State state, bytes32 cause) external returns (bytes32 id);

    /// @notice Ends a quarantine, or finds what was lost. The holder only.
    /// @param id a holding in state `Quarantined` or `Lost`
    /// @param cause the event that caused it
    function release(bytes32 id, bytes32 cause) external;

    /// @notice Ends the life of units by use: `Dispensed` by dispensers, `Exported` by wholesalers, labelers and
    /// repackagers, `Repackaged` by repackagers and labelers. Their lots must be normal and not expired.
    /// @param units the units, all of the caller's holdings in state `Held`
    /// @param reason why
    /// @param cause the event that caused it
    function retire(Leaf[] calldata units, Reason reason, bytes32 cause) external;

    /// @notice Ends the life of units for any other reason. The holder's word is enough: there is no proof.
    /// @param places the subtrees, all of the caller's holdings, not in transit
    /// @param reason why
    /// @param cause the event that caused it
    function writeOff(Place[] calldata places, Reason reason, bytes32 cause) external;

    /// @notice Recalls a lot: from now on no unit may be used. The lot's labeler, or a regulator. What a regulator decided,
    /// only a regulator may change.
    /// @param lotTag the lot
    /// @param class 1 (gravest), 2 or 3
    /// @param cause the event that caused it
    function recall(bytes32 lotTag, uint8 class, bytes32 cause) external;

    /// @notice Blocks a lot, as for {recall}.
    /// @param lotTag the lot
    /// @param cause the event that caused it
    function blockLot(bytes32 lotTag, bytes32 cause) external;

    /// @notice Makes a lot normal again, as for {recall}.
    /// @param lotTag the lot
    /// @param cause the event that caused it
    function lift(bytes32 lotTag, bytes32 cause) external;

    /// @notice Logs the root of a batch of events. Any account with roles.
    /// @param root root of the tree over the events' hashes
    /// @param count number of events
    function anchor(bytes32 root, uint32 count) external;

    /// @notice The registry that is asked for roles.
    function registry() external view returns (IRegistry);

    /// @notice A lot; all fields are 0 if it is unknown.
    function lot(bytes32 lotTag) external view returns (Lot memory);

    /// @notice A holding; all fields are 0 if it is unknown.
    function holding(bytes32 id) external view returns (Holding memory);

    /// @notice Whether any unit of a subtree has left the holding.
    /// @param id the holding
    /// @param height height of the subtree
    /// @param index index of the subtree among those of its height
    function isSpent(bytes32 id, uint8 height, uint64 index) external view returns (bool);

    /// @notice The marks of 256 leaves: bit b is set if leaf 256 * word + b has left the holding.
    /// @param id the holding
    /// @param word which 256 leaves, from the left
    function spentWord(bytes32 id, uint256 word) external view returns (uint256);
}
