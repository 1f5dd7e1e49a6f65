//! The partner's customers, a page at a time.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use partner_center as core;
use pyo3::exceptions::PyRuntimeError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;

use crate::call::running;
use crate::client::Client;
use crate::models::{Customer, CustomerPage, Model};

/// What to list.
pub struct Query {
    pub company_name: Option<String>,
    pub page_size: Option<u32>,
    pub options: core::CallOptions,
}

/// How far a listing has come.
#[derive(Clone)]
enum Position {
    Start,
    Next(core::NextPage),
    End,
}

/// The pages of a listing that are still to come.
#[pyclass(frozen, module = "partner_center._native")]
pub struct CustomerPages {
    client: Py<Client>,
    query: Query,
    /// Moves on with each page that came: a page that failed may be asked for again.
    position: Arc<Mutex<Position>>,
    busy: Arc<AtomicBool>,
}

/// A page on its way: two at once would be the same one, and its customers come twice.
struct Fetching(Arc<AtomicBool>);

impl Fetching {
    fn begin(busy: &Arc<AtomicBool>) -> PyResult<Arc<Self>> {
        if busy.swap(true, Ordering::AcqRel) {
            return Err(PyRuntimeError::new_err(
                "this listing is already waiting for its next page: give each thread or task a \
                 listing of its own",
            ));
        }
        Ok(Arc::new(Self(Arc::clone(busy))))
    }
}

impl Drop for Fetching {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl CustomerPages {
    pub fn new(client: Py<Client>, query: Query) -> Self {
        Self {
            client,
            query,
            position: Arc::new(Mutex::new(Position::Start)),
            busy: Arc::default(),
        }
    }

    /// The next page, or the call for it where calls are awaited.
    fn next(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        let fetching = Fetching::begin(&self.busy)?;
        let position = self.position.lock();
        let position = position.unwrap_or_else(PoisonError::into_inner).clone();
        let client = self.client.bind(py);
        let options = client.get().unobserved(py, self.query.options.clone())?;
        let inner = client.get().inner();
        let pending = py.detach(|| match &position {
            Position::Start => Some(inner.list_customers(
                self.query.company_name.as_deref(),
                self.query.page_size,
                &options,
            )),
            Position::Next(next) => Some(inner.next_customers(next, &options)),
            Position::End => None,
        });
        let Some(pending) = pending else {
            return Ok(None);
        };
        let moved = Arc::clone(&self.position);
        let running = running(pending, move |py, page: core::CustomerPage| {
            let _until_the_call_is_gone = &fetching;
            let next = page.next.clone().map_or(Position::End, Position::Next);
            *moved.lock().unwrap_or_else(PoisonError::into_inner) = next;
            page.model(py)
        });
        Client::end(client, running, None).map(Some)
    }
}

#[pymethods]
impl CustomerPages {
    fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        self.next(py)
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.client)
    }
}

/// Customers one by one; a page is fetched when its first customer is wanted.
#[pyclass(frozen, module = "partner_center")]
pub struct Customers {
    pages: Py<CustomerPages>,
    /// What is left of the pages that came.
    page: Mutex<VecDeque<Customer>>,
}

impl Customers {
    pub fn new(pages: Py<CustomerPages>) -> Self {
        Self {
            pages,
            page: Mutex::default(),
        }
    }

    fn left(&self) -> MutexGuard<'_, VecDeque<Customer>> {
        self.page.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl Customers {
    /// The pages still to come; what is left of a page that was begun is not among them.
    fn pages(&self, py: Python<'_>) -> Py<CustomerPages> {
        self.pages.clone_ref(py)
    }

    fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Customer>> {
        loop {
            if let Some(customer) = self.left().pop_front() {
                return Ok(Some(customer));
            }
            let Some(page) = self.pages.get().next(py)? else {
                return Ok(None);
            };
            let page = page.bind(py).cast::<CustomerPage>()?;
            self.left()
                .extend(page.get().customers.items().iter().cloned());
        }
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.pages)
    }
}
