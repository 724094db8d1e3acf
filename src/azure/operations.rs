//! The table of every call.
