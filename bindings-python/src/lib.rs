//! The native half of the Python package `partner_center`. It holds no rules: they are the core's.

mod arguments;
mod call;
mod client;
mod credential;
mod emulator;
mod enums;
mod errors;
mod models;

#[pyo3::pymodule]
mod _native {
    #[pymodule_export]
    use super::client::Client;
    #[pymodule_export]
    use super::emulator::Emulator;
    #[pymodule_export]
    use super::enums::names;
    #[pymodule_export]
    use super::models::{Attempt, CurrentQualification, UpdatedQualification};

    #[pymodule_export]
    #[allow(non_upper_case_globals)] // Python's name for it
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
