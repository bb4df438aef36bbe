// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRegistry} from "./IRegistry.sol";

/// @title Who has what: holdings of medicine packs
/// @notice A holding is a Merkle tree over units (packs), one holder, and marks on the units that have left it. Whatever
/// leaves a holding opens another one (ship, segregate, refuse) or ends there (retire, write off), so units are conserved.
///
/// All hashes are keccak256. leaf = hash(0x00 ‖ lotTag ‖ unitHash); node = hash(left ‖ right); an empty leaf is 32 zero
/// bytes; an empty subtree of height h + 1 is node(empty h, empty h). Heights count from 0 (a leaf) to 32. A subtree is
/// named by its height and its index, counted in subtrees of that height from the left.
///
/// A holding is named by hash(seed ‖ root), where seed = hash(abi.encode(holder, cause)) has the holder that the log
/// `HoldingOpened` tells. The root is not stored: who proves a subtree climbs to it, and one step more with the seed on
/// the left, and must arrive at the name of a holding that exists.
///
/// `cause` is the hash of the EPCIS event that caused the operation, or the root of the tree over the hashes of several.
/// Days are counted from 1970-01-01 (UTC). Holder and consignee are members: each account of a member acts for all that
/// the member holds. Every caller needs at least one role in the registry now, so that a revoked account, a suspended
/// member and an expired licence move nothing.
///
/// Places in logs, and in {restore}, are packed, big endian: per holding its name (32 bytes), the number of its places (2),
/// and for each height (1) and index (4).
interface ICustody {
    /// @notice What may happen to a holding now. `Pruning`: its marks are being deleted, and nothing else may happen.
    enum State {
        None,
        Held,
        InTransit,
        Quarantined,
        Stolen,
        Lost,
        Pruning
    }

    /// @notice Whether units of a lot may be used; the three recalls are classes I (gravest) to III.
    enum LotStatus {
        Normal,
        RecalledI,
        RecalledII,
        RecalledIII,
        Blocked
    }

    /// @notice Why a unit's life ended. The first three mean use ({retire}), the others do not ({writeOff}). `Dispensed`,
    /// `Exported`, `Sampled` and `Lost` can be undone ({restore}).
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

    /// @notice Subtrees that leave one holding, with one proof for all of them.
    ///
    /// The proof is checked by this walk. For each item from the left: climb from its height; at each height below the
    /// tree's, if the subtree that was put by last has this height, it is the left sibling; else if this subtree is a left
    /// child and the next item lies inside its sibling, put it by and go to the next item; else take the next hash of
    /// `proof` as the sibling. At the tree's height, after the last item, the root is found and all of `proof` is used.
    struct Source {
        /// hash(abi.encode(holder, cause)) of the log `HoldingOpened` of the holding.
        bytes32 seed;
        /// Height of the holding's tree.
        uint8 height;
        /// The subtrees, 37 bytes each, big endian: kind (1), index (4), hash (32). They ascend: each begins after the last
        /// leaf of the one before. Where nodes move, the kind is the height of the subtree and the hash its root. Where
        /// leaves are used ({retire}), the kind is the position of the unit's lot in `lotTags` and the hash the unit's.
        bytes items;
        /// The siblings that are neither items nor computed from items.
        bytes32[] proof;
    }

    /// @notice Subtrees of one holding that are written off.
    struct Loss {
        /// The holding.
        bytes32 id;
        /// The subtrees, 5 bytes each, big endian: height (1), index (4).
        bytes places;
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
        /// An account of the member that holds it, see {IRegistry-accountAt}; the sender's while it is in transit.
        address holder;
        /// An account of the member that may receive it; 0 unless it is in transit.
        address consignee;
        /// The latest expiry of its lots, in days.
        uint32 expiry;
        /// Height of the tree.
        uint8 height;
        /// What may happen to it; `None` if the holding is unknown.
        State state;
        /// How many slots its marks take besides its own.
        uint32 slots;
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

    /// @notice A holding was opened from subtrees of others. Follows `HoldingOpened`. The new tree has them from the left in
    /// descending height, and those of one height in the order of this log.
    /// @param id the new holding
    /// @param sources its subtrees, packed
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
    /// @param holder the account that ended it
    /// @param reason why
    /// @param places the subtrees, packed
    /// @param cause the event that caused it
    /// @param until last second at which it can be undone; 0 if it cannot
    event Retired(address indexed holder, Reason indexed reason, bytes places, bytes32 cause, uint40 until);

    /// @notice A retirement was undone, all or in part.
    /// @param holder the account that undid it
    /// @param places the subtrees that came back, packed
    /// @param retiredBy the cause of the retirement
    /// @param cause the event that caused it
    event Restored(address indexed holder, bytes places, bytes32 retiredBy, bytes32 cause);

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

    /// @notice A holding was deleted after its time, marks and all.
    /// @param id the holding
    event Pruned(bytes32 indexed id);

    /// @notice A lot was deleted after its time.
    /// @param lotTag the lot
    event LotPruned(bytes32 indexed lotTag);

    /// @notice Thrown when an account has none of the roles that are needed (bit mask), now.
    error RoleMissing(address account, uint32 anyOf);
    /// @notice Thrown when a list is empty.
    error NothingListed();
    /// @notice Thrown when a list of items or places is empty, is no multiple of their length (given in bytes), or has more
    /// than 65,535 of one holding.
    error ItemsInvalid(uint256 bytes_);
    /// @notice Thrown when an item does not begin after the last leaf of the one before.
    error ItemsNotAscending(bytes32 seed, uint32 index);
    /// @notice Thrown when a holding does not exist; of a source: when seed, items or proof are not those of one.
    error HoldingUnknown(bytes32 id);
    /// @notice Thrown when the holding that an operation opens exists: the same cause was recorded before.
    error HoldingExists(bytes32 id);
    /// @notice Thrown when a source tells another height than its holding has.
    error HeightDiffers(bytes32 id, uint8 expected, uint8 found);
    /// @notice Thrown when the caller's member is not the holder; of a retirement: when it is another member's.
    error NotHolder(bytes32 id, address caller);
    /// @notice Thrown when the caller's member is not the consignee.
    error NotConsignee(bytes32 id, address caller);
    /// @notice Thrown when the state of a holding does not allow the operation.
    error WrongState(bytes32 id, State state);
    /// @notice Thrown when goods cannot be segregated into a state.
    error StateNotAllowed(State state);
    /// @notice Thrown when a member ships to itself.
    error ShipsToSelf(address to);
    /// @notice Thrown when what is refused is not of the shipment.
    error NodeForeign(bytes32 shipment, bytes32 found);
    /// @notice Thrown when a tree is higher than 32.
    error HeightTooLarge(uint256 height);
    /// @notice Thrown when a subtree lies outside the tree of the holding; of an item, the seed of its source is told.
    error PlaceOutside(bytes32 idOrSeed, uint8 height, uint64 index);
    /// @notice Thrown when a tree or subtree has no unit.
    error SubtreeEmpty(bytes32 hash, uint8 height);
    /// @notice Thrown when a unit of the subtree has already left the holding.
    error AlreadySpent(bytes32 id, uint8 height, uint64 index);
    /// @notice Thrown when a proof has not as many hashes as the items need.
    error ProofLengthInvalid(bytes32 seed, uint256 expected, uint256 found);
    /// @notice Thrown when the marks of a holding would take more slots than are counted.
    error SlotsTooMany(bytes32 id);
    /// @notice Thrown when a unit names a lot that is not in the list.
    error LotNumberInvalid(uint8 number, uint256 lots);
    /// @notice Thrown when a day is later than 65,535 (June 2149).
    error ExpiryTooLate(uint32 expiry);
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
    /// @notice Thrown when retirements for this reason cannot be undone.
    error NotUndoable(Reason reason);
    /// @notice Thrown when there is no record of a retirement: another one, already undone, or pruned.
    error RetirementUnknown(bytes32 key);
    /// @notice Thrown when the last second at which a retirement could be undone has passed.
    error WindowClosed(uint40 until);
    /// @notice Thrown when the second from which on something can be pruned has not come.
    error TooEarly(uint256 from);
    /// @notice Thrown when there is nothing at a key of a holding's marks.
    error KeyUnused(bytes32 id, uint256 key);

    /// @notice Makes units: opens a holding, and the lot if it is new. Labelers and repackagers.
    /// @param lotTag the lot
    /// @param expiry last day on which a unit may be used, in days, up to 65,535; the same for every holding of the lot
    /// @param root root of the tree, not empty
    /// @param height height of the tree, up to 32
    /// @param cause the event that caused it
    /// @return id the holding
    function commission(bytes32 lotTag, uint32 expiry, bytes32 root, uint8 height, bytes32 cause)
        external
        returns (bytes32 id);

    /// @notice Gathers subtrees of the caller's holdings into a shipment.
    ///
    /// The new tree has the subtrees from the left in descending height, so that each is aligned; those of one height in
    /// the order of the sources, and of their items. It is filled up with empty subtrees to the next power of two.
    /// @param sources what is shipped, all of holdings in state `Held`
    /// @param to who may receive it: an account with roles, of another member than the caller
    /// @param cause the event that caused it
    /// @return id the new holding, `InTransit`
    function ship(Source[] calldata sources, address to, bytes32 cause) external returns (bytes32 id);

    /// @notice Receives a shipment in full. The consignee only.
    /// @param id the shipment
    /// @param cause the event that caused it
    function receiveShipment(bytes32 id, bytes32 cause) external;

    /// @notice Receives a shipment but for what is refused. The consignee only.
    /// @param id the shipment
    /// @param refused what goes back to the sender as a holding of its own, gathered as for {ship}; of this shipment
    /// @param cause the event that caused it
    /// @return refusedId the holding of what was refused; its `HoldingOpened` names the sender's account of
    /// {IRegistry-accountAt} as the holder
    function receiveInPart(bytes32 id, Source calldata refused, bytes32 cause) external returns (bytes32 refusedId);

    /// @notice Takes a shipment back that was not received. The sender only.
    /// @param id the shipment
    /// @param cause the event that caused it
    function cancel(bytes32 id, bytes32 cause) external;

    /// @notice Gathers subtrees of the caller's holdings into one that is set apart.
    /// @param sources what is set apart, as for {ship}
    /// @param state `Quarantined`, `Stolen` or `Lost`
    /// @param cause the event that caused it
    /// @return id the new holding
    function segregate(Source[] calldata sources, State state, bytes32 cause) external returns (bytes32 id);

    /// @notice Ends a quarantine, or finds what was lost. The holder only.
    /// @param id a holding in state `Quarantined` or `Lost`
    /// @param cause the event that caused it
    function release(bytes32 id, bytes32 cause) external;

    /// @notice Ends the life of units by use: `Dispensed` by dispensers, `Exported` by wholesalers, labelers and
    /// repackagers, `Repackaged` by repackagers and labelers. Their lots must be normal and not expired.
    ///
    /// If the reason can be undone and the member's days for undoing are not 0, one record is kept for {restore}, until
    /// these days have passed or one of the holdings could be pruned, whichever is first.
    /// @param lotTags the lots of the units; all of them are checked
    /// @param sources the units, all of the caller's holdings in state `Held`
    /// @param reason why
    /// @param cause the event that caused it
    function retire(bytes32[] calldata lotTags, Source[] calldata sources, Reason reason, bytes32 cause) external;

    /// @notice Ends the life of units for any other reason. The holder's word is enough: there is no proof. A record is kept
    /// as for {retire}.
    /// @param losses the subtrees, all of the caller's holdings, neither in transit nor being pruned
    /// @param reason why
    /// @param cause the event that caused it
    function writeOff(Loss[] calldata losses, Reason reason, bytes32 cause) external;

    /// @notice Undoes a retirement, all or in part, while its record lasts. An account of the member that recorded it. The
    /// holdings must be `Held` by that member.
    /// @param places all places of the record, packed as in the log `Retired`; after an undoing in part, those that are left
    /// in the same order, without holdings of which nothing is left
    /// @param reason the reason of the retirement
    /// @param retiredBy the cause of the retirement
    /// @param until the last second at which it can be undone, as in the log `Retired`
    /// @param which what comes back: bit i, counted from the lowest of byte 0, is place i of the list. Bits that are missing
    /// are 0, and bits beyond the list say nothing
    /// @param cause the event that caused it
    function restore(
        bytes calldata places,
        Reason reason,
        bytes32 retiredBy,
        uint40 until,
        bytes calldata which,
        bytes32 cause
    ) external;

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

    /// @notice Deletes marks of a holding, and the holding with the last of them. Anybody, {graceDays} after its last day.
    /// @param id the holding
    /// @param keys keys of the marks: w for leaves 256 * w to 256 * w + 255, and 2^255 + c for the 65,536 leaves from
    /// 65,536 * c on where they left in aligned subtrees of 256 or more
    function prune(bytes32 id, uint256[] calldata keys) external;

    /// @notice Deletes lots that are normal. Anybody, {graceDays} after their last day. A recalled or blocked lot stays until it
    /// is lifted: its recall must outlive units of it that are held together with what expires later.
    /// @param lotTags the lots
    function pruneLots(bytes32[] calldata lotTags) external;

    /// @notice Deletes records of retirements. Anybody, when they can no longer be undone.
    /// @param keys the records: hash(abi.encode(hash(places), reason, cause, until)) of the log `Retired` each
    function pruneRetirements(bytes32[] calldata keys) external;

    /// @notice The registry that is asked for roles.
    function registry() external view returns (IRegistry);

    /// @notice How many days after its last day a holding or lot may be pruned.
    function graceDays() external view returns (uint16);

    /// @notice A lot; all fields are 0 if it is unknown.
    function lot(bytes32 lotTag) external view returns (Lot memory);

    /// @notice A holding; all fields are 0 if it is unknown.
    function holding(bytes32 id) external view returns (Holding memory);

    /// @notice Whether any unit of a subtree has left the holding. In a tree of more than 2^20 leaves, a subtree of 1/64 of it
    /// or more may also say so if units left and all came back. Not for holdings in state `Pruning`.
    /// @param id the holding
    /// @param height height of the subtree
    /// @param index index of the subtree among those of its height
    function isSpent(bytes32 id, uint8 height, uint64 index) external view returns (bool);

    /// @notice The marks of 256 leaves: bit b is set if leaf 256 * word + b has left the holding. Not for holdings in state
    /// `Pruning`.
    /// @param id the holding
    /// @param word which 256 leaves, from the left
    function spentWord(bytes32 id, uint256 word) external view returns (uint256);

    /// @notice A record of a retirement that can be undone: number of the member, and last second; 0 if there is none.
    function retirement(bytes32 key) external view returns (uint40 holder, uint40 until);
}
