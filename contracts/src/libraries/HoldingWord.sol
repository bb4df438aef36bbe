// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICustody} from "../ICustody.sol";

/// @notice All of a holding but its root, in one slot: from the highest bit holder (40 bits), consignee (40), expiry (32),
/// height (8), state (8), summary of what is spent (128).
type HoldingWord is uint256;

using HoldingWordLibrary for HoldingWord global;

/// @title Reading and changing a {HoldingWord}
library HoldingWordLibrary {
    uint256 private constant _STATE = 0xff << 128;
    uint256 private constant _PARTIES = uint256(type(uint80).max) << 176;

    /// @notice A holding of which nothing is spent.
    /// @param holder_ number of the account that holds it
    /// @param consignee_ number of the account that may receive it; 0 if none
    /// @param expiry_ the latest expiry of its lots, in days
    /// @param height_ height of its tree
    /// @param state_ its state
    function pack(uint40 holder_, uint40 consignee_, uint32 expiry_, uint8 height_, ICustody.State state_)
        internal
        pure
        returns (HoldingWord)
    {
        return HoldingWord.wrap(
            (uint256(holder_) << 216) | (uint256(consignee_) << 176) | (uint256(expiry_) << 144) | (uint256(height_) << 136)
                | (uint256(state_) << 128)
        );
    }

    function holder(HoldingWord self) internal pure returns (uint40) {
        return uint40(HoldingWord.unwrap(self) >> 216);
    }

    function consignee(HoldingWord self) internal pure returns (uint40) {
        return uint40(HoldingWord.unwrap(self) >> 176);
    }

    function expiry(HoldingWord self) internal pure returns (uint32) {
        return uint32(HoldingWord.unwrap(self) >> 144);
    }

    function height(HoldingWord self) internal pure returns (uint256) {
        return uint8(HoldingWord.unwrap(self) >> 136);
    }

    function state(HoldingWord self) internal pure returns (ICustody.State) {
        return ICustody.State(uint8(HoldingWord.unwrap(self) >> 128));
    }

    function spent(HoldingWord self) internal pure returns (uint128) {
        return uint128(HoldingWord.unwrap(self));
    }

    function withSpent(HoldingWord self, uint128 summary) internal pure returns (HoldingWord) {
        return HoldingWord.wrap((HoldingWord.unwrap(self) & ~uint256(type(uint128).max)) | summary);
    }

    function withState(HoldingWord self, ICustody.State state_) internal pure returns (HoldingWord) {
        return HoldingWord.wrap((HoldingWord.unwrap(self) & ~_STATE) | (uint256(state_) << 128));
    }

    /// @notice In one hand, for nobody to receive.
    function withHolder(HoldingWord self, uint40 holder_) internal pure returns (HoldingWord) {
        return HoldingWord.wrap((HoldingWord.unwrap(self) & ~_PARTIES) | (uint256(holder_) << 216));
    }
}
