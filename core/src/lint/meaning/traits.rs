//! What is known of a value: its type, and how closely what it comes from is guarded.

use crate::lint::catalogue::{Column, Kind, Sensitivity};

/// What is behind a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Traits {
    pub(super) kind: Kind,
    pub(super) sensitivity: Sensitivity,
    /// Whether it is a user's id as it was read.
    pub(super) user: bool,
    /// Whether nothing but literals is behind it.
    pub(super) literal: bool,
}

pub(super) const LITERAL: Traits =
    Traits { kind: Kind::Unknown, sensitivity: Sensitivity::Open, user: false, literal: true };

impl Traits {
    pub(super) fn of_column(column: &Column) -> Self {
        let user = column.name == "user_id";
        Self { kind: column.kind, sensitivity: column.sensitivity, user, literal: false }
    }

    /// A column of a table that is not known.
    pub(super) fn by_name(name: &str) -> Self {
        let user = name == "user_id";
        let sensitivity = if user { Sensitivity::VeryHigh } else { Sensitivity::Open };
        Self { sensitivity, user, ..Self::default() }
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self {
            kind: if self.kind == other.kind { self.kind } else { Kind::Unknown },
            sensitivity: self.sensitivity.max(other.sensitivity),
            user: self.user && other.user,
            literal: self.literal && other.literal,
        }
    }

    pub(super) fn of_all(all: impl IntoIterator<Item = Self>) -> Self {
        all.into_iter().reduce(Self::and).unwrap_or_default()
    }

    /// Computed, and so of another type.
    pub(super) fn computed(self) -> Self {
        Self { kind: Kind::Unknown, user: false, ..self }
    }

    /// What remains when a value is only tested.
    pub(super) fn tested(self) -> Self {
        let open = if self.sensitivity >= Sensitivity::High { Sensitivity::Open } else { self.sensitivity };
        Self { sensitivity: open, literal: false, ..self.computed() }
    }

    /// What remains when values are only counted or ranked, which INTERNAL ones may not be.
    pub(super) fn counted(self) -> Self {
        if self.sensitivity == Sensitivity::Internal {
            Self { literal: false, ..self.computed() }
        } else {
            self.tested()
        }
    }
}
