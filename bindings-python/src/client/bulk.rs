//! Many changes: a plan that only reads, and runs that keep a journal.

use std::collections::HashMap;
use std::path::PathBuf;

use partner_center as core;
use partner_center::{Pace, Pending, PlanOptions, Report, RunOptions};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyMapping;

use super::Client;
use crate::arguments::{Given, Whole, callable, one_of, validation_code};
use crate::call::running;
use crate::models::{Change, Model, Plan};

#[pymethods]
impl Client {
    /// Reads the customers of many changes, and says what run would do to each.
    ///
    /// Customers are normalised and doubles left out. Nothing is sent but reads.
    ///
    /// Args:
    ///     changes: Changes, tuples (customer, qualification) that may have a code_name, too, dicts
    ///         with the names of Change's arguments, a table of these (of pandas, polars or
    ///         pyarrow), or the path of a CSV file with these columns.
    ///     operation: By which contract they are made: ChangeOperation.UPDATE_QUALIFICATION or
    ///         CREATE_QUALIFICATION. They have different side effects.
    ///     at_once: How many reads are open at a time, 1 to 32.
    ///     per_second: How many are begun in a second, at most; None: as fast as they end.
    ///     on_planned: Is called with each PlannedChange once its customer was read, on the thread
    ///         that waits. What it raises ends the call.
    ///     deadline: The most seconds for each read, instead of the client's; over connect_timeout.
    ///
    /// Raises:
    ///     InvalidArgumentError: Two different things are asked for one customer.
    ///     PartnerCenterError: The token is refused, or reads fail three times for one cause.
    #[pyo3(
        signature = (
            changes, *, operation, at_once = Whole::new(4), per_second = Some(5.0), on_planned = None,
            deadline = None
        ),
        text_signature = "($self, changes, *, operation, at_once=4, per_second=5.0, \
                          on_planned=None, deadline=None)"
    )]
    #[allow(clippy::too_many_arguments)] // keywords, in Python
    fn plan(
        this: &Bound<'_, Self>,
        changes: &Bound<'_, PyAny>,
        operation: &str,
        at_once: Whole,
        per_second: Option<f64>,
        on_planned: Given<'_, '_>,
        deadline: Given<'_, '_>,
    ) -> PyResult<Py<PyAny>> {
        let hear = callable("on_planned", on_planned)?;
        let operation = one_of(this.py(), "operation", operation)?;
        let changes = self::changes(changes)?;
        let mut options = PlanOptions::default();
        options.pace = Pace::new(at_once.count(), per_second);
        let py = this.py();
        let call = this.get().options(py, None, None, deadline)?;
        let client = this.get().inner();
        let pending = py.detach(|| client.plan(operation, &changes, &options, &call));
        let running = running(pending, |py, plan: core::Plan| plan.model(py));
        Self::end(this, running, hear)
    }

    /// Makes the changes of a plan, which must be unaltered: one, then ten, then the rest.
    ///
    /// The changes are irreversible. What settles a change is on the journal's disk before the
    /// request leaves, so that resume knows what was open. That changes are refused, or that the
    /// run stops early, is no error: the report says so. It needs an App+User token.
    ///
    /// Args:
    ///     plan: What plan returned.
    ///     journal: The path of a new file.
    ///     codes: The validation codes by the names that the plan has for them. Nothing of the run
    ///         shows them or writes them down.
    ///     at_once: How many changes are open at a time, 1 to 32.
    ///     per_second: How many are begun in a second, at most; None: as fast as they end.
    ///     on_result: Is called with the ChangeResult of each change that this run ended, on the
    ///         thread that waits; what the plan had decided is in the report alone. What it raises
    ///         ends the call; resume goes on with it.
    ///     deadline: The most seconds for each change, instead of the client's; over
    ///         connect_timeout.
    ///
    /// Raises:
    ///     InvalidArgumentError: The plan was altered, or is for another base_url, or a code is
    ///         missing.
    ///     JournalError: The journal cannot be made. Nothing was sent.
    #[pyo3(
        signature = (
            plan, journal, *, codes = None, at_once = Whole::new(4), per_second = Some(5.0), on_result = None,
            deadline = None
        ),
        text_signature = "($self, plan, journal, *, codes=None, at_once=4, per_second=5.0, \
                          on_result=None, deadline=None)"
    )]
    #[allow(clippy::too_many_arguments)] // keywords, in Python
    fn run(
        this: &Bound<'_, Self>,
        plan: &Bound<'_, Plan>,
        journal: PathBuf,
        codes: Given<'_, '_>,
        at_once: Whole,
        per_second: Option<f64>,
        on_result: Given<'_, '_>,
        deadline: Given<'_, '_>,
    ) -> PyResult<Py<PyAny>> {
        let hear = callable("on_result", on_result)?;
        let options = run_options(codes, at_once, per_second)?;
        let py = this.py();
        let call = this.get().options(py, None, None, deadline)?;
        let (client, plan) = (this.get().inner(), &plan.get().plan);
        let pending = py.detach(|| client.run(plan, journal, &options, &call));
        reported(this, pending, hear)
    }

    /// Goes on with a run by its journal, also in another process.
    ///
    /// What was open is settled by reads first; what has ended is never sent again. A change whose
    /// only request reads see no trace of is sent once more within five minutes of it, with the
    /// same id. Then the rest of the plan is run.
    ///
    /// Args:
    ///     journal: The journal of the run.
    ///     codes: As for run.
    ///     resend_older: Sends such a change once more also after five minutes: by then the service
    ///         may not know the first request any more.
    ///     audit: Reads the service's audit log, too, where a customer's state does not tell.
    ///     at_once: As for run.
    ///     per_second: As for run.
    ///     on_result: As for run.
    ///     deadline: As for run.
    ///
    /// Raises:
    ///     InvalidArgumentError: The journal is of another base_url, or a code is missing.
    ///     JournalError: The journal is none, was altered, or is still being written by another
    ///         run. Nothing was sent.
    #[pyo3(
        signature = (
            journal, *, codes = None, resend_older = false, audit = false, at_once = Whole::new(4),
            per_second = Some(5.0), on_result = None, deadline = None
        ),
        text_signature = "($self, journal, *, codes=None, resend_older=False, audit=False, \
                          at_once=4, per_second=5.0, on_result=None, deadline=None)"
    )]
    #[allow(clippy::too_many_arguments)] // keywords, in Python
    fn resume(
        this: &Bound<'_, Self>,
        journal: PathBuf,
        codes: Given<'_, '_>,
        resend_older: bool,
        audit: bool,
        at_once: Whole,
        per_second: Option<f64>,
        on_result: Given<'_, '_>,
        deadline: Given<'_, '_>,
    ) -> PyResult<Py<PyAny>> {
        let hear = callable("on_result", on_result)?;
        let mut options = run_options(codes, at_once, per_second)?;
        options.resend_older = resend_older;
        options.audit = audit;
        let py = this.py();
        let call = this.get().options(py, None, None, deadline)?;
        let client = this.get().inner();
        let pending = py.detach(|| client.resume(journal, &options, &call));
        reported(this, pending, hear)
    }
}

/// Whatever they are given as, the package's Python half makes a list of Change of it.
fn changes(given: &Bound<'_, PyAny>) -> PyResult<Vec<core::Change>> {
    let tables = given.py().import("partner_center._tables")?;
    let changes: Vec<Change> = tables.call_method1("changes", (given,))?.extract()?;
    Ok(changes.into_iter().map(Into::into).collect())
}

fn reported(
    this: &Bound<'_, Client>,
    pending: Pending<Report>,
    hear: Option<Py<PyAny>>,
) -> PyResult<Py<PyAny>> {
    let running = running(pending, |py, report: Report| report.model(py));
    Client::end(this, running, hear)
}

fn run_options(
    given: Given<'_, '_>,
    at_once: Whole,
    per_second: Option<f64>,
) -> PyResult<RunOptions> {
    let mut options = RunOptions::default();
    options.pace = Pace::new(at_once.count(), per_second);
    if let Some(given) = given {
        options.codes = codes(given)?;
    }
    Ok(options)
}

/// The codes by name. What is wrong with them is said without them.
fn codes(given: &Bound<'_, PyAny>) -> PyResult<HashMap<String, String>> {
    let Ok(given) = given.cast::<PyMapping>() else {
        let rule = "codes must be a mapping of names to validation codes";
        return Err(PyTypeError::new_err(rule));
    };
    let mut codes = HashMap::new();
    for item in given.items()? {
        let (name, code) = item.extract::<(String, Bound<'_, PyAny>)>()?;
        if let Some(code) = validation_code(Some(&code))? {
            codes.insert(name, code);
        }
    }
    Ok(codes)
}
