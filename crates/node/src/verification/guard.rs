//! Protection against enumeration: how many questions an asker may put, and how long it waits once it
//! asks for packs that do not exist.
//!
//! Each asker has a bucket of tokens that fills up again; a question takes one. An asker that guesses
//! is found by its misses: beyond a few, each one doubles a pause in which it gets no answer at all.
//!
//! # Invariants
//!
//! - Time comes in as a parameter; memory is bounded whatever is asked by whomever.
//! - A question during a pause does not lengthen it: an honest retry loop comes to an end.

use std::collections::HashMap;
use std::net::IpAddr;

use theriac_gs1::Gln;

/// Who asks, as far as questions are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// A member, or another organisation that may ask.
    Party(Gln),
    /// An organisation that did not sign, from an address: nobody can use up another one's tokens.
    PartyAt(Gln, IpAddr),
    /// An address: of IPv6 its first 64 bits, which one customer has.
    Address(IpAddr),
}

impl Source {
    /// Whoever asks from `address`.
    #[must_use]
    pub fn address(address: IpAddr) -> Self {
        Self::Address(network(address))
    }

    /// Who says from `address` that it is `gln`.
    #[must_use]
    pub fn party_at(gln: Gln, address: IpAddr) -> Self {
        Self::PartyAt(gln, network(address))
    }

    const fn allowance(self) -> Allowance {
        match self {
            Self::Party(_) | Self::PartyAt(..) => PARTY,
            Self::Address(_) => ADDRESS,
        }
    }
}

/// What one customer of a network has.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let network = u128::from(address) >> 64 << 64;
            IpAddr::V6(network.into())
        }
        address => address,
    }
}

/// What an asker may do.
struct Allowance {
    /// Questions at once.
    burst: u32,
    /// Milliseconds after which there is one more.
    refill_ms: i64,
    /// Misses without a pause; they are forgotten one by one.
    misses: u32,
    /// Milliseconds after which one miss is forgotten.
    forget_ms: i64,
}

/// A wholesaler's returns desk scans a pallet at a time; its labels are sometimes damaged.
const PARTY: Allowance = Allowance { burst: 2_000, refill_ms: 10, misses: 100, forget_ms: 60_000 };

/// A patient has a few packs.
const ADDRESS: Allowance = Allowance { burst: 60, refill_ms: 1_000, misses: 5, forget_ms: 600_000 };

/// The first pause, in milliseconds.
const PAUSE_MS: i64 = 1_000;

/// The longest pause, in milliseconds.
const PAUSE_MS_MAX: i64 = 3_600_000;

/// Askers remembered; above it those who can do most are forgotten first.
const SOURCES_MAX: usize = 20_000;

/// What is known of an asker.
#[derive(Debug, Clone, Copy)]
struct Seen {
    /// Tokens taken, in milliseconds of refilling, as of `at`.
    debt_ms: i64,
    /// Misses, in milliseconds of forgetting, as of `at`.
    missed_ms: i64,
    at: i64,
    paused_until: i64,
}

impl Seen {
    /// As of `now`, which may be before the last question: clocks are set back.
    fn aged(self, now: i64) -> Self {
        let passed = now.saturating_sub(self.at).max(0);
        Self {
            debt_ms: (self.debt_ms - passed).max(0),
            missed_ms: (self.missed_ms - passed).max(0),
            at: now,
            paused_until: self.paused_until.min(now.saturating_add(PAUSE_MS_MAX)),
        }
    }

    fn is_clean(self) -> bool {
        self.debt_ms == 0 && self.missed_ms == 0 && self.paused_until <= self.at
    }
}

/// All askers that have asked lately.
#[derive(Debug, Default)]
pub(crate) struct Guard(HashMap<Source, Seen>);

/// The asker must wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected fewer questions, found more than this asker may put; ask again in {after_s} s")]
pub struct Throttled {
    /// Seconds until it may ask again, at least 1.
    pub after_s: u32,
}

impl Throttled {
    fn until(until: i64, now: i64) -> Self {
        let seconds = until.saturating_sub(now).max(1).div_euclid(1_000) + 1;
        Self { after_s: u32::try_from(seconds).unwrap_or(u32::MAX) }
    }
}

impl Guard {
    /// Takes a token of `source` at `now`, in milliseconds since 1970.
    pub(crate) fn ask(&mut self, source: Source, now: i64) -> Result<(), Throttled> {
        let allowance = source.allowance();
        let seen = self.seen(source, now);
        if seen.paused_until > now {
            return Err(Throttled::until(seen.paused_until, now));
        }
        let most = i64::from(allowance.burst) * allowance.refill_ms;
        if seen.debt_ms + allowance.refill_ms > most {
            let full = now.saturating_add(seen.debt_ms + allowance.refill_ms - most);
            return Err(Throttled::until(full, now));
        }
        seen.debt_ms += allowance.refill_ms;
        Ok(())
    }

    /// Notes that `source` asked for a pack that does not exist, or not as it said.
    pub(crate) fn missed(&mut self, source: Source, now: i64) {
        let allowance = source.allowance();
        let seen = self.seen(source, now);
        // Bounded, so that the worst guesser can ask again one day.
        let most = i64::from(allowance.misses) * 2 * allowance.forget_ms;
        seen.missed_ms = (seen.missed_ms + allowance.forget_ms).min(most);
        // One that is half forgotten counts.
        let misses = (seen.missed_ms + allowance.forget_ms - 1) / allowance.forget_ms;
        let misses = u32::try_from(misses).unwrap_or(u32::MAX);
        if let Some(beyond) = misses.checked_sub(allowance.misses + 1) {
            let pause = PAUSE_MS.checked_shl(beyond.min(30)).unwrap_or(PAUSE_MS_MAX);
            seen.paused_until = now.saturating_add(pause.min(PAUSE_MS_MAX));
        }
    }

    fn seen(&mut self, source: Source, now: i64) -> &mut Seen {
        if self.0.len() >= SOURCES_MAX && !self.0.contains_key(&source) {
            self.forget(now);
        }
        let new = Seen { debt_ms: 0, missed_ms: 0, at: now, paused_until: 0 };
        let seen = self.0.entry(source).or_insert(new);
        *seen = seen.aged(now);
        seen
    }

    /// Makes room: those who may ask as if they never had, then the half that has asked least.
    fn forget(&mut self, now: i64) {
        self.0.retain(|_, seen| !seen.aged(now).is_clean());
        if self.0.len() < SOURCES_MAX {
            return;
        }
        let mut weights: Vec<i64> = self.0.values().map(|seen| weight(*seen)).collect();
        let middle = weights.len() / 2;
        let (_, median, _) = weights.select_nth_unstable(middle);
        let median = *median;
        let mut room = self.0.len() / 2;
        self.0.retain(|_, seen| {
            let keep = weight(*seen) > median || room == 0;
            room -= usize::from(!keep);
            keep
        });
    }
}

fn weight(seen: Seen) -> i64 {
    seen.paused_until.saturating_add(seen.missed_ms).saturating_add(seen.debt_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(n: u32) -> Source {
        Source::address(IpAddr::from(n.to_be_bytes()))
    }

    fn party() -> Source {
        Source::Party(Gln::from_body(952_132_100_001).unwrap())
    }

    /// How many of `tries` questions at `now` are let through.
    fn taken(guard: &mut Guard, source: Source, now: i64, tries: u32) -> u32 {
        (0..tries).map(|_| u32::from(guard.ask(source, now).is_ok())).sum()
    }

    #[test]
    fn a_burst_is_bounded_and_refills() {
        let mut guard = Guard::default();
        assert_eq!(taken(&mut guard, address(1), 0, 1_000), ADDRESS.burst);
        assert_eq!(taken(&mut guard, address(2), 0, 1), 1, "others are not held up");
        assert_eq!(taken(&mut guard, address(1), 10_000, 1_000), 10);
        assert_eq!(taken(&mut guard, address(1), 10_000_000, 1_000), ADDRESS.burst);
        assert_eq!(taken(&mut guard, party(), 0, 10_000), PARTY.burst);
        let again = guard.ask(party(), 0).unwrap_err();
        assert_eq!(again, Throttled { after_s: 1 });
    }

    #[test]
    fn who_guesses_waits_twice_as_long_each_time() {
        let mut guard = Guard::default();
        let (source, mut now) = (address(1), 0);
        for _ in 0..ADDRESS.misses {
            assert_eq!(guard.ask(source, now), Ok(()));
            guard.missed(source, now);
        }
        for seconds in [1, 2, 4, 8, 16] {
            assert_eq!(guard.ask(source, now), Ok(()), "after {now} ms");
            guard.missed(source, now);
            let wait = guard.ask(source, now).unwrap_err();
            assert_eq!(wait, Throttled { after_s: seconds + 1 });
            assert_eq!(guard.ask(source, now).unwrap_err(), wait, "asking does not lengthen it");
            now += i64::from(seconds) * 1_000;
        }
    }

    #[test]
    fn misses_are_forgotten_and_pauses_bounded() {
        let mut guard = Guard::default();
        for _ in 0..1_000 {
            guard.missed(address(1), 0);
        }
        let wait = guard.ask(address(1), 0).unwrap_err();
        assert!(wait.after_s <= 3_601, "{wait:?}");
        let later = 3 * i64::from(ADDRESS.misses) * ADDRESS.forget_ms;
        assert_eq!(guard.ask(address(1), later), Ok(()));
        guard.missed(address(1), later);
        assert_eq!(guard.ask(address(1), later), Ok(()));
    }

    #[test]
    fn an_honest_counter_is_never_held_up() {
        let mut guard = Guard::default();
        // A pack a second all day, one label in fifty damaged.
        for second in 0..86_400_i64 {
            assert_eq!(guard.ask(party(), second * 1_000), Ok(()), "after {second} s");
            if second % 61 == 0 {
                guard.missed(party(), second * 1_000);
            }
        }
    }

    #[test]
    fn memory_is_bounded_and_the_worst_are_remembered() {
        let mut guard = Guard::default();
        for _ in 0..20 {
            guard.missed(address(0), 0);
        }
        for n in 1..100_000 {
            let _ = guard.ask(address(n), 0);
        }
        assert!(guard.0.len() <= SOURCES_MAX);
        assert!(guard.ask(address(0), 0).is_err());
    }

    #[test]
    fn a_customer_of_ipv6_is_one_asker() {
        let [a, b, c] = ["2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1"]
            .map(|text| Source::address(text.parse().unwrap()));
        assert_eq!(a, b);
        assert_ne!(a, c);
        let mapped = Source::address("::ffff:192.0.2.1".parse().unwrap());
        assert_eq!(mapped, Source::address("192.0.2.1".parse().unwrap()));
    }
}
