//! AMC's bytes, cut and compressed as they are kept.

use bytes::BytesMut;

use super::uncompressible;
use crate::error::Result;

/// Bytes of a part that are kept together, before compression.
const SEGMENT_BYTES: usize = 1 << 20;
/// How hard they are compressed.
const COMPRESSION_LEVEL: i32 = 3;

/// Some bytes of a part, compressed.
#[derive(Debug)]
pub(crate) struct Segment {
    pub(crate) part: u32,
    /// Its place in the part, from 0.
    pub(crate) number: u32,
    pub(crate) bytes: Vec<u8>,
}

/// Cuts parts that come in order, holding one segment in memory.
#[derive(Debug, Default)]
pub(crate) struct Segments {
    part: u32,
    number: u32,
    open: BytesMut,
}

impl Segments {
    /// Adds bytes of a part; gives the segments that are complete.
    pub(crate) fn add(&mut self, part: u32, bytes: &[u8]) -> Result<Vec<Segment>> {
        let mut complete = Vec::new();
        if part != self.part {
            complete.extend(self.close()?);
            (self.part, self.number) = (part, 0);
        }
        self.open.extend_from_slice(bytes);
        if self.open.len() >= SEGMENT_BYTES {
            complete.extend(self.close()?);
        }
        Ok(complete)
    }

    /// Ends the last segment.
    pub(crate) fn close(&mut self) -> Result<Option<Segment>> {
        if self.open.is_empty() {
            return Ok(None);
        }
        let bytes = zstd::bulk::compress(&self.open, COMPRESSION_LEVEL).map_err(uncompressible)?;
        self.open.clear();
        let number = self.number;
        self.number += 1;
        Ok(Some(Segment { part: self.part, number, bytes }))
    }
}
