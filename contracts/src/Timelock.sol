// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

/// @title Timelock
/// @notice OpenZeppelin's TimelockController: what is proposed can be executed after a delay, and cancelled before.
contract Timelock is TimelockController {
    /// @param minDelay the delay, in seconds
    /// @param proposers who may propose and cancel
    /// @param executors who may execute; address 0 for anybody
    /// @param admin who may change these at once; address 0 for nobody but the timelock itself
    constructor(uint256 minDelay, address[] memory proposers, address[] memory executors, address admin)
        TimelockController(minDelay, proposers, executors, admin)
    {}
}
