//! What a worker is in the midst of.

use std::fmt;

/// What the execution that a killed worker held was in the midst of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// `submitting`, and AMC has no run of it.
    SubmittingBeforeEffect,
    /// `submitting`, and AMC has the run already: the answer is not written.
    SubmittingBeforeAnswer,
    /// `collecting`, its parts on their way.
    Collecting,
    /// The worker held nothing; runs were at AMC.
    Running,
    /// The worker held nothing, and nothing was at AMC.
    Idle,
}

impl State {
    /// The states a kill aims at in turn; the last is whatever comes.
    pub const AIMS: [Option<Self>; 4] = [
        Some(Self::SubmittingBeforeEffect),
        Some(Self::SubmittingBeforeAnswer),
        Some(Self::Collecting),
        None,
    ];

    /// The word in the report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SubmittingBeforeEffect => "submitting_before_effect",
            Self::SubmittingBeforeAnswer => "submitting_before_answer",
            Self::Collecting => "collecting",
            Self::Running => "running",
            Self::Idle => "idle",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
