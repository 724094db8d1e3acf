//! The only impure part: sign-in, clouds, and a GET-only client for Azure Resource Manager.
//!
//! Nothing above this module can express another method than GET, reach another host than the ARM endpoint, or see a token.

pub mod arm;
pub mod cli_profile;
pub mod clouds;
pub mod credentials;
pub mod data_plane;
pub mod environment;
pub mod estate;
pub mod http;
pub mod operations;
pub mod pages;
mod secrets;
pub mod stop;
