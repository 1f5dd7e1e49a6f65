//! The native half of the Python package `partner_center`. It holds no rules: they are the core's.

mod arguments;
mod awaited;
mod call;
mod callback;
mod client;
mod credential;
mod emulator;
mod enums;
mod errors;
mod listener;
mod models;
mod pages;
mod threads;

#[pyo3::pymodule]
mod _native {
    use pyo3::prelude::*;

    #[pymodule_export]
    use super::awaited::Call;
    #[pymodule_export]
    use super::callback::unraisable;
    #[pymodule_export]
    use super::client::{Client, awaited};
    #[pymodule_export]
    use super::credential::{ClientCredentials, RefreshTokenCredential};
    #[pymodule_export]
    use super::emulator::Emulator;
    #[pymodule_export]
    use super::enums::names;
    #[pymodule_export]
    use super::models::{
        Attempt, Change, ChangeResult, CreatedQualification, CurrentQualification,
        CurrentQualifications, Customer, CustomerPage, CustomerQualification, Event, FoundCustomer,
        FoundValidationCode, Observation, PendingOperation, Plan, PlannedChange, PlannedCode,
        Reconciled, Report, TokenRequest, UpdatedQualification, ValidationCode, ValidationCodes,
        Vetting,
    };
    #[pymodule_export]
    use super::pages::{CustomerPages, Customers};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        super::threads::watch(module)
    }

    #[pymodule_export]
    #[allow(non_upper_case_globals)] // Python's name for it
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
