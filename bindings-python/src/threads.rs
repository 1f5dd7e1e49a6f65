//! How the client's own threads get at Python. One that is still there when the interpreter ends
//! would be ended by force, in the middle of Rust, and the program aborted with it.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use pyo3::prelude::*;

/// How long the end of the program waits for those that are at it: they only hand something over.
const PATIENCE: Duration = Duration::from_secs(2);

static ENDING: AtomicBool = AtomicBool::new(false);
static INSIDE: AtomicUsize = AtomicUsize::new(0);

struct Inside;

impl Drop for Inside {
    fn drop(&mut self) {
        INSIDE.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Runs it with Python at hand; not once the program has begun to end, when nobody is left to hear.
pub fn attached(run: impl FnOnce(Python<'_>)) {
    INSIDE.fetch_add(1, Ordering::SeqCst);
    let _inside = Inside;
    if !ENDING.load(Ordering::SeqCst) {
        Python::try_attach(run);
    }
}

/// Lets nobody in any more, and waits for those inside. Runs before the interpreter goes down.
#[pyfunction]
fn ending(py: Python<'_>) {
    ENDING.store(true, Ordering::SeqCst);
    py.detach(|| {
        let until = Instant::now() + PATIENCE;
        while INSIDE.load(Ordering::SeqCst) > 0 && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(1));
        }
    });
}

/// In a child of fork nobody is inside: the threads stayed behind.
#[pyfunction]
fn forked() {
    INSIDE.store(0, Ordering::SeqCst);
}

/// Has Python call the two above.
pub fn watch(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    let ending = wrap_pyfunction!(ending, module)?;
    py.import("atexit")?.call_method1("register", (ending,))?;
    let posix = py.import("posix").or_else(|_| py.import("os"))?;
    if posix.hasattr("register_at_fork")? {
        let options = pyo3::types::PyDict::new(py);
        options.set_item("after_in_child", wrap_pyfunction!(forked, module)?)?;
        posix.call_method("register_at_fork", (), Some(&options))?;
    }
    Ok(())
}
