//! How long work will take, as a band: drawn from how long like runs took.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fmt;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde::Serialize;

/// Fewer runs than this say nothing about the next.
const FEWEST: usize = 5;
/// How often the future is drawn.
const DRAWS: u64 = 200;
/// The ends of the band: four of five futures lie between.
const ENDS: (f64, f64) = (0.1, 0.9);

/// An estimate: with a probability of about 80 % the truth lies between.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Band {
    /// Nine of ten futures take at least this many seconds.
    pub low_seconds: f64,
    /// Nine of ten futures take at most this many seconds.
    pub high_seconds: f64,
    /// Of how many earlier runs it is drawn.
    pub runs: usize,
}

impl fmt::Display for Band {
    /// In words: "12 to 40 min".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, word) = match self.high_seconds {
            high if high < 120.0 => (1.0, "s"),
            high if high < 7200.0 => (60.0, "min"),
            _ => (3600.0, "h"),
        };
        let digits = usize::from(word == "h");
        let [low, high] = [self.low_seconds, self.high_seconds].map(|it| format!("{:.digits$}", it / unit));
        if low == high { write!(f, "{high} {word}") } else { write!(f, "{low} to {high} {word}") }
    }
}

/// A run that is not finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outstanding {
    /// Which place it needs: runs of one instance share its places.
    pub instance: u128,
    /// How long it runs already; none where it waits.
    pub age: Option<Duration>,
}

/// Draws futures from history.
#[derive(Debug, Clone)]
pub struct Estimator {
    /// Seconds that like runs took, in order.
    history: Vec<f64>,
    places: usize,
    places_of_instance: usize,
}

impl Estimator {
    /// An estimator of how long runs took, in seconds, and of how many run at once, in all and on an instance.
    #[must_use]
    pub fn new(mut history: Vec<f64>, places: usize, places_of_instance: usize) -> Self {
        history.retain(|seconds| seconds.is_finite() && *seconds >= 0.0);
        history.sort_by(f64::total_cmp);
        Self { history, places: places.max(1), places_of_instance: places_of_instance.max(1) }
    }

    /// The seconds until all of these have ended; none where history says too little.
    #[must_use]
    pub fn remaining(&self, runs: &[Outstanding]) -> Option<Band> {
        self.band(|random| self.makespan(runs, random))
    }

    /// The seconds these runs take in all, one after another; none where history says too little.
    #[must_use]
    pub fn total(&self, runs: &[Outstanding]) -> Option<Band> {
        self.band(|random| runs.iter().map(|run| self.draw(run.age, random)).sum())
    }

    fn band(&self, future: impl Fn(&mut StdRng) -> f64) -> Option<Band> {
        if self.history.len() < FEWEST {
            return None;
        }
        // The same question has the same answer.
        let mut futures: Vec<f64> = (0..DRAWS).map(|seed| future(&mut StdRng::seed_from_u64(seed))).collect();
        futures.sort_by(f64::total_cmp);
        let (low_seconds, high_seconds) = (quantile(&futures, ENDS.0), quantile(&futures, ENDS.1));
        Some(Band { low_seconds, high_seconds, runs: self.history.len() })
    }

    /// How long a run goes on: as long as one of those that took longer than its age. Between two that were seen lies
    /// every length, or few runs would say that nothing else can happen.
    fn draw(&self, age: Option<Duration>, random: &mut StdRng) -> f64 {
        let age = age.unwrap_or_default().as_secs_f64();
        let rest = &self.history[self.history.partition_point(|seconds| *seconds <= age)..];
        match rest {
            [] => age * random.random_range(0.05..0.5),
            [only] => (only - age) * random.random_range(0.5..1.5),
            several => {
                (quantile(several, spread(random.random_range(0.0..1.0), several.len())) - age).max(0.0)
            }
        }
    }

    /// When the last of these ends, if each takes the first place that becomes free.
    fn makespan(&self, runs: &[Outstanding], random: &mut StdRng) -> f64 {
        let mut places = Places::new(self.places, self.places_of_instance);
        let (started, waiting): (Vec<_>, Vec<_>) = runs.iter().partition(|run| run.age.is_some());
        let ends = started.into_iter().chain(waiting);
        ends.map(|run: &Outstanding| places.take(run.instance, self.draw(run.age, random)))
            .fold(0.0, f64::max)
    }
}

/// A little past the ends of what was seen: the next run is the longest of `n + 1` as often as any other.
fn spread(draw: f64, count: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a count of runs is small")]
    let margin = 1.0 / (count as f64 + 1.0);
    draw.mul_add(1.0 + 2.0 * margin, -margin)
}

/// A value between those in order; outside 0 to 1 it goes on as the nearest two lead.
fn quantile(ordered: &[f64], share: f64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a count of runs is small")]
    let place = share * (ordered.len() - 1) as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "kept within the list")]
    let below = (place.max(0.0).floor() as usize).min(ordered.len().saturating_sub(2));
    let above = (below + 1).min(ordered.len() - 1);
    #[expect(clippy::cast_precision_loss, reason = "a count of runs is small")]
    let part = place - below as f64;
    (ordered[above] - ordered[below]).mul_add(part, ordered[below])
}

/// When places become free.
struct Places {
    all: BinaryHeap<Reverse<u64>>,
    of_instance: std::collections::HashMap<u128, BinaryHeap<Reverse<u64>>>,
    most: usize,
    most_of_instance: usize,
}

impl Places {
    fn new(most: usize, most_of_instance: usize) -> Self {
        Self { all: BinaryHeap::new(), of_instance: std::collections::HashMap::new(), most, most_of_instance }
    }

    /// Runs for `seconds` in the first free place and says when that ends.
    fn take(&mut self, instance: u128, seconds: f64) -> f64 {
        let own = self.of_instance.entry(instance).or_default();
        let free = free_at(&mut self.all, self.most).max(free_at(own, self.most_of_instance));
        let end = free
            + Duration::try_from_secs_f64(seconds).map_or(0, |it| u64::try_from(it.as_millis()).unwrap_or(0));
        self.all.push(Reverse(end));
        own.push(Reverse(end));
        Duration::from_millis(end).as_secs_f64()
    }
}

/// When one of so many places is free, in milliseconds.
fn free_at(ends: &mut BinaryHeap<Reverse<u64>>, most: usize) -> u64 {
    if ends.len() < most { 0 } else { ends.pop().map_or(0, |Reverse(end)| end) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting(count: u128) -> Vec<Outstanding> {
        (0..count).map(|instance| Outstanding { instance, age: None }).collect()
    }

    #[test]
    fn nothing_is_said_without_history() {
        assert_eq!(Estimator::new(vec![1.0; 4], 10, 10).remaining(&waiting(1)), None);
    }

    #[test]
    fn places_are_scarce() {
        let estimator = Estimator::new(vec![60.0; 20], 2, 10);
        let band = estimator.remaining(&waiting(6)).unwrap();
        assert!(
            (band.low_seconds - 180.0).abs() < 1.0 && (band.high_seconds - 180.0).abs() < 1.0,
            "{band:?}"
        );
        assert_eq!(band.to_string(), "3 min");
        let one_instance = [Outstanding { instance: 1, age: None }; 4];
        let band = Estimator::new(vec![60.0; 20], 100, 1).remaining(&one_instance).unwrap();
        assert!((band.high_seconds - 240.0).abs() < 1.0, "{band:?}");
    }

    #[test]
    fn a_run_that_is_old_takes_as_long_as_those_that_grew_old() {
        let history = [vec![10.0; 50], vec![100.0; 50]].concat();
        let estimator = Estimator::new(history, 10, 10);
        let old = [Outstanding { instance: 1, age: Some(Duration::from_secs(40)) }];
        let band = estimator.remaining(&old).unwrap();
        assert!((band.low_seconds - 60.0).abs() < 3.0 && (band.high_seconds - 60.0).abs() < 3.0, "{band:?}");
    }

    /// Over many histories, about four of five runs end inside the band, and not nearly all of them.
    #[test]
    fn eighty_percent_of_the_runs_end_inside_the_band() {
        let mut random = StdRng::seed_from_u64(7);
        let mut one = || 60.0 * (-f64::ln(1.0 - random.random_range(0.0..1.0))) + 20.0;
        let mut inside = 0;
        for _ in 0..400 {
            let history: Vec<f64> = (0..30).map(|_| one()).collect();
            let band = Estimator::new(history, 10, 10).remaining(&waiting(1)).unwrap();
            inside += usize::from((band.low_seconds..=band.high_seconds).contains(&one()));
        }
        assert!((300..=345).contains(&inside), "{inside} of 400");
    }
}
