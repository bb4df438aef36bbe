// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICustody} from "./ICustody.sol";
import {IRegistry} from "./IRegistry.sol";

/// @title What custody asks the registry, and what it was told once and for all
/// @dev The only external calls of the contract. All are views, so nothing can come back in and change anything.
abstract contract Members is ICustody {
    /// @inheritdoc ICustody
    IRegistry public immutable override registry;

    /// @inheritdoc ICustody
    uint16 public immutable override graceDays;

    constructor(IRegistry registry_, uint16 graceDays_) {
        registry = registry_;
        graceDays = graceDays_;
    }

    /// @dev The account, which must have one of the roles now.
    function _member(address account, uint32 anyOf) internal view returns (IRegistry.Account memory found) {
        IRegistry asked = registry;
        bytes4 selector = IRegistry.accountOf.selector;
        assembly ("memory-safe") {
            // Calls accountOf(account) with 36 bytes of the scratch space, and reads the four words of its answer into
            // `found`, which has four. A call that fails, or an answer that is shorter, ends the operation.
            mstore(0, selector)
            mstore(4, account)
            if iszero(and(gt(returndatasize(), 127), staticcall(gas(), asked, 0, 36, found, 128))) { revert(0, 0) }
        }
        if (found.roles & anyOf == 0) revert RoleMissing(account, anyOf);
    }

    /// @dev The second from which on what was good until the end of a day may be pruned.
    function _prunable(uint256 lastDay) internal view returns (uint256) {
        unchecked {
            // Cannot overflow: both have 16 bits.
            return (lastDay + 1 + graceDays) * 1 days;
        }
    }
}
