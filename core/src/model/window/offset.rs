//! The spans of time in which a zone keeps one offset.

use jiff::Timestamp;

use super::Zone;

/// A span of one offset, in seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OffsetSpan {
    /// The change that begins it; none before the first.
    pub(crate) start: Option<i64>,
    /// The change that ends it; none after the last.
    pub(crate) end: Option<i64>,
    /// Local time minus UTC.
    pub(crate) offset: i64,
    /// The same before the change that begins it.
    pub(crate) offset_before: i64,
}

impl Zone {
    /// The span that an instant lies in.
    pub(crate) fn offset_span(&self, instant: i64) -> OffsetSpan {
        let at = Timestamp::from_second(instant).unwrap_or(if instant < 0 {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        });
        let offset = |at: Timestamp| i64::from(self.rules().to_offset(at).seconds());
        let changes = |earlier: i64, later: Timestamp| offset(later) != earlier;
        // Changes of the name or of daylight saving alone are none of the offset.
        let here = offset(at);
        let end = self.rules().following(at).map(|it| it.timestamp()).find(|it| changes(here, *it));
        let just_after =
            at.as_second().checked_add(1).and_then(|it| Timestamp::from_second(it).ok()).unwrap_or(at);
        let start =
            self.rules().preceding(just_after).map(|it| it.timestamp()).find(|it| {
                Timestamp::from_second(it.as_second() - 1).is_ok_and(|before| changes(here, before))
            });
        let offset_before =
            start.and_then(|start| Timestamp::from_second(start.as_second() - 1).ok()).map_or(here, offset);
        OffsetSpan {
            start: start.map(Timestamp::as_second),
            end: end.map(Timestamp::as_second),
            offset: here,
            offset_before,
        }
    }
}
