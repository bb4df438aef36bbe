//! Files that go out: made, kept, and written into the partner's folder.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::json;
use sha2::{Digest, Sha256};
use theriac_custody::Hash;
use theriac_store::{TradeFileRecord, TradeFileState};

use crate::error::NodeError;
use crate::node::Node;
use crate::partner::Channel;
use crate::shipments::ShipmentFile;

/// Files that are written in one round.
const ROUND_FILES: u64 = 16;

impl Node {
    /// Writes the files that are due; true if there were any.
    pub(super) async fn write_files(&self) -> Result<bool, NodeError> {
        let due = self.inner().store.trade_files_in(TradeFileState::Due, ROUND_FILES).await?;
        for record in &due {
            match self.make_file(record).await {
                Ok(file) => self.send_file(record, file).await?,
                Err(error) => self.give_up(record, &error).await?,
            }
        }
        Ok(!due.is_empty())
    }

    async fn make_file(&self, record: &TradeFileRecord) -> Result<ShipmentFile, String> {
        let cause = record.cause.map(|cause| cause.to_string()).unwrap_or_default();
        let document = self.shipment_document(&cause, None, None, None).await;
        document.map_err(|error| error.to_string())
    }

    async fn send_file(
        &self,
        record: &TradeFileRecord,
        file: ShipmentFile,
    ) -> Result<(), NodeError> {
        let Some(partner) = record.partner else { return Ok(()) };
        let settings = self.partner_settings(partner).await?;
        let path = match (settings.channel, &self.inner().files) {
            (Channel::Folder, None) => {
                let error =
                    "expected a folder of files in the configuration (files = …), found none";
                return self.give_up(record, error).await;
            }
            (Channel::Folder, Some(folder)) => {
                Some(folder.join("out").join(partner.to_string()).join(&record.name))
            }
            (Channel::Download | Channel::None, _) => None,
        };
        let digest = Hash(Sha256::digest(&file.bytes).into());
        let mut tx = self.inner().store.write().await?;
        tx.set_trade_file_bytes(record.id, digest, &file.bytes).await?;
        tx.commit().await?;
        let shown = path.as_ref().map(|path| path.display().to_string());
        if let Some(path) = path
            && let Err(error) = write_whole(path, file.bytes).await
        {
            // The disk may be full, or the folder not mounted: it is tried again.
            tracing::warn!(%error, file = record.name, "a file for a partner is not written yet");
            return Err(NodeError::Files(error.to_string()));
        }
        let mut record = record.clone();
        record.state = TradeFileState::Written;
        record.report = json!({ "path": shown, "without_urn": file.without_urn });
        let mut tx = self.inner().store.write().await?;
        tx.set_trade_file(&record).await?;
        Ok(tx.commit().await?)
    }

    async fn give_up(&self, record: &TradeFileRecord, error: &str) -> Result<(), NodeError> {
        tracing::warn!(error, file = record.name, "a file for a partner cannot be written");
        let mut record = record.clone();
        record.state = TradeFileState::Failed;
        record.report = json!({ "error": error });
        let mut tx = self.inner().store.write().await?;
        tx.set_trade_file(&record).await?;
        Ok(tx.commit().await?)
    }
}

/// Writes a file so that whoever looks into the folder sees all of it or nothing.
pub(super) async fn write_whole(path: PathBuf, bytes: Vec<u8>) -> std::io::Result<()> {
    let write = move || -> std::io::Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)?;
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("file");
        let part = folder.join(format!(".{name}.part"));
        let mut file = std::fs::File::create(&part)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        std::fs::rename(&part, &path)
    };
    tokio::task::spawn_blocking(write).await.map_err(std::io::Error::other)?
}
