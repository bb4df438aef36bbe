// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICustody} from "../ICustody.sol";

/// @notice All of a holding in one slot: from the highest bit number of the holder (40 bits), of the consignee (40), expiry
/// (16), slots that the marks take (23), height (6), state (3), summary of what is spent (128).
type HoldingWord is uint256;

using HoldingWordLibrary for HoldingWord global;

/// @title Reading and changing a {HoldingWord}
library HoldingWordLibrary {
    /// The greatest number of slots that is counted.
    uint256 internal constant SLOTS_MAX = (1 << 23) - 1;

    uint256 private constant _STATE = 7 << 128;
    uint256 private constant _IDENTITY = (uint256(type(uint40).max) << 216) | (63 << 131) | _STATE;
    uint256 private constant _SLOTS = SLOTS_MAX << 137;
    uint256 private constant _PARTIES = uint256(type(uint80).max) << 176;

    /// @notice A holding of which nothing is spent.
    /// @param holder_ number of the member that holds it
    /// @param consignee_ number of the member that may receive it; 0 if none
    /// @param expiry_ the latest expiry of its lots, in days
    /// @param height_ height of its tree, below 64
    /// @param state_ its state
    function pack(uint40 holder_, uint40 consignee_, uint16 expiry_, uint8 height_, ICustody.State state_)
        internal
        pure
        returns (HoldingWord)
    {
        return HoldingWord.wrap(
            (uint256(holder_) << 216) | (uint256(consignee_) << 176) | (uint256(expiry_) << 160) | (uint256(height_) << 131)
                | (uint256(state_) << 128)
        );
    }

    /// @notice Holder and state, where a word has them.
    function identity(uint40 holder_, ICustody.State state_) internal pure returns (uint256) {
        return (uint256(holder_) << 216) | (uint256(state_) << 128);
    }

    /// @notice Whether a holding has that {identity} and height.
    function matches(HoldingWord self, uint256 identity_, uint256 height_) internal pure returns (bool) {
        return HoldingWord.unwrap(self) & _IDENTITY == identity_ | (height_ << 131);
    }

    function holder(HoldingWord self) internal pure returns (uint40) {
        return uint40(HoldingWord.unwrap(self) >> 216);
    }

    function consignee(HoldingWord self) internal pure returns (uint40) {
        return uint40(HoldingWord.unwrap(self) >> 176);
    }

    function expiry(HoldingWord self) internal pure returns (uint16) {
        return uint16(HoldingWord.unwrap(self) >> 160);
    }

    function slots(HoldingWord self) internal pure returns (uint256) {
        return (HoldingWord.unwrap(self) >> 137) & SLOTS_MAX;
    }

    function height(HoldingWord self) internal pure returns (uint256) {
        return (HoldingWord.unwrap(self) >> 131) & 63;
    }

    function state(HoldingWord self) internal pure returns (ICustody.State) {
        return ICustody.State((HoldingWord.unwrap(self) >> 128) & 7);
    }

    function spent(HoldingWord self) internal pure returns (uint128) {
        return uint128(HoldingWord.unwrap(self));
    }

    /// @notice With other marks, which take at most SLOTS_MAX slots.
    function withMarks(HoldingWord self, uint128 summary, uint256 slots_) internal pure returns (HoldingWord) {
        uint256 rest = HoldingWord.unwrap(self) & ~(_SLOTS | type(uint128).max);
        return HoldingWord.wrap(rest | (slots_ << 137) | summary);
    }

    function withState(HoldingWord self, ICustody.State state_) internal pure returns (HoldingWord) {
        return HoldingWord.wrap((HoldingWord.unwrap(self) & ~_STATE) | (uint256(state_) << 128));
    }

    /// @notice In one hand, for nobody to receive.
    function withHolder(HoldingWord self, uint40 holder_) internal pure returns (HoldingWord) {
        return HoldingWord.wrap((HoldingWord.unwrap(self) & ~_PARTIES) | (uint256(holder_) << 216));
    }
}
