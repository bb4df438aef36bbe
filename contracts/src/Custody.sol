// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {ICustody} from "./ICustody.sol";
import {IRegistry} from "./IRegistry.sol";

/// @title Custody (interface only: the bodies follow)
contract Custody is ICustody, Multicall {
    IRegistry public immutable registry;

    constructor(IRegistry registry_) {
        registry = registry_;
    }

    function commission(bytes32, uint32, bytes32, uint8, bytes32) external returns (bytes32) {}
    function ship(Node[] calldata, address, bytes32) external returns (bytes32) {}
    function receiveShipment(bytes32, Node[] calldata, bytes32) external returns (bytes32) {}
    function cancel(bytes32, bytes32) external {}
    function segregate(Node[] calldata, State, bytes32) external returns (bytes32) {}
    function release(bytes32, bytes32) external {}
    function retire(Leaf[] calldata, Reason, bytes32) external {}
    function writeOff(Place[] calldata, Reason, bytes32) external {}
    function recall(bytes32, uint8, bytes32) external {}
    function blockLot(bytes32, bytes32) external {}
    function lift(bytes32, bytes32) external {}
    function anchor(bytes32, uint32) external {}
    function lot(bytes32) external view returns (Lot memory) {}
    function holding(bytes32) external view returns (Holding memory) {}
    function isSpent(bytes32, uint8, uint64) external view returns (bool) {}
    function spentWord(bytes32, uint256) external view returns (uint256) {}
}
