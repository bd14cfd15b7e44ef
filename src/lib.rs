//! dbmoat audits every managed database of AWS accounts.
//!
//! ```text
//! AWS ─▶ collect ─▶ inventory ─▶ facts ─▶ engine (rules/) ─▶ findings ─▶ gate ─▶ report
//! ```
//!
//! Each arrow is a plain value. A module knows those to its left and none to its right.

pub mod access;
pub mod cli;
#[cfg(feature = "live")]
pub mod collect;
pub mod commands;
pub mod compliance;
pub mod config;
pub mod engine;
pub mod evidence;
pub mod facts;
pub mod finding;
pub mod findings;
pub mod gate;
pub mod history;
pub mod inventory;
mod last_change;
mod natural;
pub mod reference;
pub mod report;
pub mod shard;
mod spill;
mod suggest;
#[cfg(feature = "live")]
pub mod upload;
pub mod value;
