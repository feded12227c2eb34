//! Folds the values of a column into one value a group.

use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::DataType;

use super::numbers::{Numbers, exact_array, float_array, scale, sum_array, too_large};
use crate::Result;

/// What is made of the values of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    Sum,
    /// The sum of products with a second column.
    Product,
    /// The sum of a second column, where the first has a value.
    Weight,
    Minimum,
    Maximum,
}

/// One fold of a column, under way in every group.
#[derive(Debug)]
pub(super) struct Fold {
    op: Op,
    /// The columns it reads, by their numbers in the batch.
    inputs: [usize; 2],
    types: [DataType; 2],
    /// How many values each group has.
    counts: Vec<u64>,
    state: State,
}

#[derive(Debug)]
enum State {
    Exact(Vec<i128>),
    Float(Vec<Precise>),
    Text(Vec<Option<String>>),
}

/// A sum of doubles that keeps what each addition rounds away.
#[derive(Debug, Clone, Copy, Default)]
struct Precise {
    sum: f64,
    lost: f64,
}

impl Precise {
    fn add(&mut self, value: f64) {
        let sum = self.sum + value;
        if sum.is_finite() {
            let (large, small) =
                if self.sum.abs() >= value.abs() { (self.sum, value) } else { (value, self.sum) };
            self.lost += (large - sum) + small;
        }
        self.sum = sum;
    }

    fn total(self) -> f64 {
        if self.sum.is_finite() { self.sum + self.lost } else { self.sum }
    }
}

impl Fold {
    pub(super) fn new(op: Op, inputs: [usize; 2], types: [&DataType; 2]) -> Self {
        let types = types.map(DataType::clone);
        let state = match (op, &types[0]) {
            (Op::Product | Op::Weight, _) | (_, DataType::Float32 | DataType::Float64) => {
                State::Float(Vec::new())
            }
            (_, DataType::Utf8) => State::Text(Vec::new()),
            _ => State::Exact(Vec::new()),
        };
        Self { op, inputs, types, counts: Vec::new(), state }
    }

    /// Takes the rows of a batch into account, each in its group of `groups` there are so far.
    pub(super) fn update(&mut self, batch: &RecordBatch, rows: &[u32], groups: usize) -> Result<()> {
        self.grow(groups);
        let column = batch.column(self.inputs[0]);
        if let Op::Product | Op::Weight = self.op {
            self.update_weighed(batch, rows);
            return Ok(());
        }
        let values = Numbers::of(column);
        for (row, group) in rows.iter().enumerate() {
            if column.is_valid(row) {
                self.take(&values, row, *group as usize)?;
            }
        }
        Ok(())
    }

    fn take(&mut self, values: &Numbers<'_>, row: usize, group: usize) -> Result<()> {
        let first = self.counts[group] == 0;
        self.counts[group] += 1;
        match (&mut self.state, values) {
            (State::Exact(state), Numbers::Exact(values)) => {
                state[group] = exact(self.op, state[group], values[row], first)?;
            }
            (State::Float(state), Numbers::Float(values)) => {
                float(self.op, &mut state[group], values[row], first)
            }
            (State::Text(state), Numbers::Text(texts)) => text(self.op, &mut state[group], texts.value(row)),
            _ => {}
        }
        Ok(())
    }

    fn update_weighed(&mut self, batch: &RecordBatch, rows: &[u32]) {
        let [values, weights] = self.inputs.map(|input| batch.column(input));
        let [value_scale, weight_scale] = [scale(&self.types[0]), scale(&self.types[1])];
        let (value, weight) = (Numbers::of(values), Numbers::of(weights));
        let State::Float(state) = &mut self.state else { return };
        for (row, group) in rows.iter().enumerate() {
            if values.is_valid(row) && weights.is_valid(row) {
                let weight = weight.double(row, weight_scale);
                let factor = if self.op == Op::Product { value.double(row, value_scale) } else { 1.0 };
                state[*group as usize].add(factor * weight);
                self.counts[*group as usize] += 1;
            }
        }
    }

    /// Takes what another fold of the same column found; `map` says which of these `groups` each of its groups is.
    pub(super) fn merge(&mut self, other: Self, map: &[u32], groups: usize) -> Result<()> {
        self.grow(groups);
        let (op, counts) = (self.op, &mut self.counts);
        for (from, into) in map.iter().enumerate() {
            let into = *into as usize;
            let first = counts[into] == 0;
            if other.counts[from] == 0 {
                continue;
            }
            counts[into] += other.counts[from];
            match (&mut self.state, &other.state) {
                (State::Exact(state), State::Exact(other)) => {
                    state[into] = exact(op, state[into], other[from], first)?
                }
                (State::Float(state), State::Float(other)) => {
                    float(op, &mut state[into], other[from].sum, first);
                    state[into].lost += other[from].lost;
                }
                (State::Text(state), State::Text(other)) => {
                    text(op, &mut state[into], other[from].as_deref().unwrap_or_default());
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn grow(&mut self, groups: usize) {
        self.counts.resize(groups, 0);
        match &mut self.state {
            State::Exact(state) => state.resize(groups, 0),
            State::Float(state) => state.resize(groups, Precise::default()),
            State::Text(state) => state.resize(groups, None),
        }
    }

    pub(super) fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// The value of each group as a double.
    pub(super) fn doubles(&self) -> Vec<Option<f64>> {
        let scale = scale(&self.types[0]);
        let value = |group: usize| match &self.state {
            State::Exact(state) => super::numbers::double(state[group], scale),
            State::Float(state) => state[group].total(),
            State::Text(_) => f64::NAN,
        };
        (0..self.counts.len()).map(|group| (self.counts[group] > 0).then(|| value(group))).collect()
    }

    /// The value of each group, NULL where it has none.
    pub(super) fn array(&self) -> Result<ArrayRef> {
        let has = |group: usize| self.counts[group] > 0;
        match &self.state {
            State::Float(_) => Ok(float_array(self.doubles())),
            State::Text(state) => Ok(std::sync::Arc::new(state.iter().collect::<arrow_array::StringArray>())),
            State::Exact(state) => {
                let values: Vec<_> =
                    state.iter().enumerate().map(|(group, value)| has(group).then_some(*value)).collect();
                if self.op == Op::Sum {
                    sum_array(&values, &self.types[0])
                } else {
                    exact_array(&values, &self.types[0])
                }
            }
        }
    }
}

fn exact(op: Op, state: i128, value: i128, first: bool) -> Result<i128> {
    match op {
        _ if first => Ok(value),
        Op::Minimum => Ok(state.min(value)),
        Op::Maximum => Ok(state.max(value)),
        _ => state.checked_add(value).ok_or_else(too_large),
    }
}

fn float(op: Op, state: &mut Precise, value: f64, first: bool) {
    match op {
        Op::Minimum | Op::Maximum => {
            let take = first || if op == Op::Minimum { value < state.sum } else { value > state.sum };
            if take {
                *state = Precise { sum: value, lost: 0.0 };
            }
        }
        _ => state.add(value),
    }
}

fn text(op: Op, state: &mut Option<String>, value: &str) {
    let take = match state {
        None => true,
        Some(state) if op == Op::Minimum => value < state.as_str(),
        Some(state) => value > state.as_str(),
    };
    if take {
        *state = Some(value.to_owned());
    }
}
