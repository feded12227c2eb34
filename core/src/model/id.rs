//! Ids: time-ordered UUIDs inside, short public names outside. Every call takes either form.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::Error;

/// Lower-case letters and digits without the ones people confuse.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The random end of a version 7 UUID, five bits a character.
fn public_text(prefix: &str, uuid: Uuid, characters: u32) -> String {
    let random = uuid.as_u128();
    let text: String = (0..characters)
        .rev()
        .map(|place| char::from(ALPHABET[usize::try_from((random >> (place * 5)) & 31).unwrap_or_default()]))
        .collect();
    format!("{prefix}_{text}")
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }
    };
}

macro_rules! public_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal, $characters:literal) => {
        id!($(#[$doc])* $name);

        impl $name {
            /// The short name people see.
            #[must_use]
            pub fn public(self) -> String {
                public_text($prefix, self.0, $characters)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.public())
            }
        }
    };
}

public_id!(
    /// A batch: `batch_` and eight characters.
    BatchId, "batch", 8
);
public_id!(
    /// An execution: `exec_` and twelve characters, as there are many.
    ExecutionId, "exec", 12
);
public_id!(
    /// A workflow: `wf_` and eight characters.
    WorkflowId, "wf", 8
);
public_id!(
    /// A report: `rpt_` and eight characters.
    ReportId, "rpt", 8
);
public_id!(
    /// A schedule of a report: `sch_` and eight characters.
    ScheduleId, "sch", 8
);
public_id!(
    /// A template: `tpl_` and eight characters.
    TemplateId, "tpl", 8
);
public_id!(
    /// A backfill: `col_` and eight characters.
    CollectionId, "col", 8
);
id!(
    /// A segment of an instance, by our own id.
    SegmentId
);
id!(
    /// An account, by our own id.
    AccountUuid
);
id!(
    /// An instance, by our own id; never mixed with AMC's `instance_id`.
    InstanceUuid
);
id!(
    /// A worker process.
    WorkerId
);

/// A reference as a caller writes it: a UUID, or a public name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum IdRef {
    /// Our own id.
    Uuid(Uuid),
    /// The public name.
    Public(String),
}

impl FromStr for IdRef {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if text.is_empty() {
            return Err(Error::invalid("empty_id", "an id is empty"));
        }
        Ok(Uuid::parse_str(text).map_or_else(|_| Self::Public(text.to_owned()), Self::Uuid))
    }
}

impl fmt::Display for IdRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Uuid(uuid) => uuid.fmt(f),
            Self::Public(name) => f.write_str(name),
        }
    }
}

macro_rules! id_ref_from {
    ($($name:ident),*) => {$(
        impl From<$name> for IdRef {
            fn from(id: $name) -> Self {
                Self::Uuid(id.0)
            }
        }
    )*};
}

id_ref_from!(BatchId, ExecutionId, WorkflowId, ReportId, ScheduleId, CollectionId, TemplateId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_ids_are_short_and_lower_case() {
        let id = BatchId(Uuid::from_u128(u128::MAX));
        assert_eq!(id.public(), "batch_zzzzzzzz");
        assert_eq!(ExecutionId(Uuid::from_u128(1)).public(), "exec_000000000001");
    }

    #[test]
    fn references_take_either_form() {
        let uuid = Uuid::from_u128(7);
        assert_eq!(uuid.to_string().parse::<IdRef>().unwrap(), IdRef::Uuid(uuid));
        assert_eq!("batch_7f3k2m9q".parse::<IdRef>().unwrap(), IdRef::Public("batch_7f3k2m9q".into()));
        assert_eq!("".parse::<IdRef>().unwrap_err().code(), "empty_id");
    }
}
