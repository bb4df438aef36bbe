// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICustody} from "./ICustody.sol";
import {IRegistry} from "./IRegistry.sol";

/// @title What custody asks the registry
/// @dev The only external calls of the contract. All are views, so nothing can come back in and change anything.
abstract contract Members is ICustody {
    /// @inheritdoc ICustody
    IRegistry public immutable override registry;

    constructor(IRegistry registry_) {
        registry = registry_;
    }

    /// @dev The account, which must have one of the roles now.
    function _member(address account, uint32 anyOf) internal view returns (IRegistry.Account memory found) {
        found = registry.accountOf(account);
        if (found.roles & anyOf == 0) revert RoleMissing(account, anyOf);
    }
}
