use pyo3::prelude::*;

use super::Client;
use crate::arguments::{Given, Whole, call_options, customer};
use crate::pages::{CustomerPages, Customers, Query};

#[pymethods]
impl Client {
    /// Lists the partner's customers.
    ///
    /// This is GET /v1/customers, page by page. Nothing is read before the first customer is
    /// wanted, and no page before its first customer is.
    ///
    /// Args:
    ///     company_name: What the companies' names begin with, whatever the case.
    ///     page_size: The most customers of a page, 1 to 500; 500 by default.
    ///     correlation_id: MS-CorrelationId of all pages, a GUID; else made.
    ///     deadline: The most seconds for a page, instead of the client's; over connect_timeout.
    ///
    /// Returns:
    ///     An iterator over each Customer; its pages() iterates over each CustomerPage instead.
    #[pyo3(signature = (
        *, company_name = None, page_size = None, correlation_id = None, deadline = None
    ))]
    fn list_customers(
        this: &Bound<'_, Self>,
        company_name: Option<String>,
        page_size: Option<Whole>,
        correlation_id: Given<'_, '_>,
        deadline: Given<'_, '_>,
    ) -> PyResult<Customers> {
        let query = Query {
            company_name,
            page_size: page_size.map(Whole::count),
            options: call_options(None, correlation_id, deadline)?,
        };
        let pages = CustomerPages::new(this.clone().unbind(), query);
        Ok(Customers::new(Py::new(this.py(), pages)?))
    }

    /// Reads a customer.
    ///
    /// This is GET /v1/customers/{id}.
    ///
    /// Args:
    ///     customer: The customer, or its tenant id.
    ///     request_id: MS-RequestId, a GUID; else made.
    ///     correlation_id: MS-CorrelationId, a GUID; else made.
    ///     deadline: The most seconds for this call, instead of the client's; over connect_timeout.
    ///
    /// Raises:
    ///     PartnerCenterError: A read changes nothing, so its `outcome` is not_applied.
    #[pyo3(signature = (customer, *, request_id = None, correlation_id = None, deadline = None))]
    fn get_customer(
        this: &Bound<'_, Self>,
        customer: &Bound<'_, PyAny>,
        request_id: Given<'_, '_>,
        correlation_id: Given<'_, '_>,
        deadline: Given<'_, '_>,
    ) -> PyResult<Py<PyAny>> {
        let customer = self::customer(customer)?;
        let options = this
            .get()
            .options(this.py(), request_id, correlation_id, deadline)?;
        Self::call(this, |client| client.get_customer(customer, &options))
    }

    /// The customer with a domain, or with exactly a company name: one of the two.
    ///
    /// The sign-in authority knows whose a domain is; no token is sent there. By name the list of
    /// customers is searched.
    ///
    /// Args:
    ///     domain: Any verified domain of the customer.
    ///     company_name: The company's whole name, whatever the case.
    ///     request_id: MS-RequestId, a GUID; else made.
    ///     correlation_id: MS-CorrelationId, a GUID; else made.
    ///     deadline: The most seconds for this call, instead of the client's; over connect_timeout.
    ///
    /// Raises:
    ///     NotFoundError: There is no such customer, or more than one.
    ///     PartnerCenterError: A read changes nothing, so its `outcome` is not_applied.
    #[pyo3(signature = (
        *, domain = None, company_name = None, request_id = None, correlation_id = None,
        deadline = None
    ))]
    fn find_customer(
        this: &Bound<'_, Self>,
        domain: Option<&str>,
        company_name: Option<&str>,
        request_id: Given<'_, '_>,
        correlation_id: Given<'_, '_>,
        deadline: Given<'_, '_>,
    ) -> PyResult<Py<PyAny>> {
        let options = this
            .get()
            .options(this.py(), request_id, correlation_id, deadline)?;
        Self::call(this, |client| {
            client.find_customer(domain, company_name, &options)
        })
    }
}
