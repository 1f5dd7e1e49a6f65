//! What the Kotlin library and the Swift package call: types that cross the border, and
//! conversions. No rule lives here; each call awaits the core's.

// An error crosses the border by value.
#![allow(clippy::result_large_err)]

mod bulk;
mod client;
mod credential;
mod enums;
mod error;
mod event;
mod models;

pub use bulk::*;
pub use client::{CallOptions, Client, ClientOptions, Proxy, customer_id, pending_operation};
pub use credential::{
    AccessToken, Credential, RefreshToken, RefreshTokenKeeper, TokenProvider, TokenProviderError,
    TokenRequest, asked_for, enter_asked_for,
};
pub use enums::*;
pub use error::{Failure, PartnerCenterError};
pub use event::{Event, EventListener, ListenerError, VettingListener};
pub use models::*;

uniffi::setup_scaffolding!();

type Uuid = uuid::Uuid;

uniffi::custom_type!(
    /// A GUID: `java.util.UUID` in Kotlin, `Foundation.UUID` in Swift.
    Uuid, String, {
    remote,
    lower: |id| id.to_string(),
    try_lift: |text| Ok(Uuid::parse_str(&text)?),
});

type FilePath = std::path::PathBuf;

uniffi::custom_type!(
    /// Where a file is: `java.nio.file.Path` in Kotlin, a file `URL` in Swift.
    FilePath, String, {
    remote,
    lower: |path| path.display().to_string(),
    try_lift: |text| Ok(text.into()),
});
