//! A document on its way into the database, in chunks.

use sha2::{Digest, Sha256};
use theriac_custody::Hash;
use theriac_store::CaptureId;

use crate::error::NodeError;
use crate::node::Node;

/// Bytes of a document that are written at once.
const CHUNK_BYTES: usize = 256 * 1024;

/// A document that is being taken in; not acknowledged until [`finish`](Self::finish).
pub struct CaptureWriter {
    node: Node,
    id: CaptureId,
    buffer: Vec<u8>,
    chunks: u32,
    bytes: u64,
    hasher: Sha256,
}

impl CaptureWriter {
    /// A capture that has begun.
    pub(super) fn new(node: Node, id: CaptureId) -> Self {
        Self { node, id, buffer: Vec::new(), chunks: 0, bytes: 0, hasher: Sha256::new() }
    }

    /// Takes in the next bytes.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), NodeError> {
        self.hasher.update(bytes);
        self.bytes += bytes.len() as u64;
        self.buffer.extend_from_slice(bytes);
        while self.buffer.len() >= CHUNK_BYTES {
            let rest = self.buffer.split_off(CHUNK_BYTES);
            let chunk = std::mem::replace(&mut self.buffer, rest);
            let mut tx = self.node.inner().store.write().await?;
            tx.append_chunk(self.id, self.chunks, &chunk).await?;
            tx.commit().await?;
            self.chunks += 1;
        }
        Ok(())
    }

    /// Ends the document. When this returns, its bytes are durable: it may be acknowledged.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn finish(self) -> Result<CaptureId, NodeError> {
        let sha256 = Hash(self.hasher.finalize().into());
        let mut tx = self.node.inner().store.write().await?;
        if !self.buffer.is_empty() {
            tx.append_chunk(self.id, self.chunks, &self.buffer).await?;
        }
        tx.seal_capture(self.id, sha256, self.bytes).await?;
        tx.commit().await?;
        Ok(self.id)
    }
}
