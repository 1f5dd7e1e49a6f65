use partner_center as core;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyIterator};

use super::fields::{Many, repr};
use super::{Attempt, Model, found, from_core, model, result};

model! {
    /// A customer of the partner. Every call that takes a customer's tenant id takes this, too.
    Customer("id", "company_name") [subclass]
    shown {
        /// The tenant id, lower case with hyphens.
        id: String,
        /// The company's name.
        company_name: Option<String> = None,
        /// The tenant's default domain, such as contoso.onmicrosoft.com.
        domain: Option<String> = None,
    }
    more {
        /// reseller, advisor and others, as the service writes it.
        relationship_to_partner: Option<String> = None,
        /// The id in Microsoft's commerce systems; only from get_customer.
        commerce_id: Option<String> = None,
        /// Whether the partner may administer the customer; only from get_customer.
        allow_delegated_access: Option<bool> = None,
        /// Further domains; only from get_customer, and only where the partner may read them.
        custom_domains: Many<String> = { Many::default() },
        /// The indirect reseller.
        associated_partner_id: Option<String> = None,
        /// The company's registration number.
        organization_registration_number: Option<String> = None,
        /// The company's e-mail address.
        email: Option<String> = None,
    }
}

impl From<core::Customer> for Customer {
    fn from(customer: core::Customer) -> Self {
        Self {
            id: customer.id,
            company_name: customer.company_name,
            domain: customer.domain,
            relationship_to_partner: customer.relationship_to_partner,
            commerce_id: customer.commerce_id,
            allow_delegated_access: customer.allow_delegated_access,
            custom_domains: customer.custom_domains.into_iter().collect(),
            associated_partner_id: customer.associated_partner_id,
            organization_registration_number: customer.organization_registration_number,
            email: customer.email,
        }
    }
}

found! {
    /// A customer that was read or found, and how. Equal to every Customer of the same content.
    FoundCustomer: Customer
}

impl Model for core::FoundCustomer {
    fn model(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let base = PyClassInitializer::from(Customer::from(self.customer));
        Ok(Py::new(py, base.add_subclass(FoundCustomer::from(self.trace)))?.into_any())
    }
}

#[pymethods]
impl FoundCustomer {
    #[new]
    #[pyo3(signature = (
        customer, *, request_id, correlation_id, ms_cv = None, mfa_compliant = None,
        attempts = Default::default()
    ))]
    fn new(
        customer: Customer,
        request_id: String,
        correlation_id: String,
        ms_cv: Option<String>,
        mfa_compliant: Option<bool>,
        attempts: Many<Attempt>,
    ) -> PyClassInitializer<Self> {
        PyClassInitializer::from(customer).add_subclass(Self {
            request_id,
            correlation_id,
            ms_cv,
            mfa_compliant,
            attempts,
        })
    }

    fn __getnewargs_ex__<'py>(
        this: &Bound<'py, Self>,
    ) -> PyResult<((Customer,), Bound<'py, PyDict>)> {
        let fields = PyDict::new(this.py());
        for name in [
            "request_id",
            "correlation_id",
            "ms_cv",
            "mfa_compliant",
            "attempts",
        ] {
            fields.set_item(name, this.getattr(name)?)?;
        }
        Ok(((this.as_super().get().clone(),), fields))
    }

    fn __repr__(this: &Bound<'_, Self>) -> PyResult<String> {
        let shown = ["id", "company_name", "domain", "request_id"];
        repr(this.as_any(), "FoundCustomer", &shown)
    }
}

result! {
    /// One page of the partner's customers. Iterable.
    CustomerPage("customers") {
        /// The customers of this page, in the service's order.
        customers: Many<Customer>,
    }
}
from_core!(CustomerPage {
    customers: page.customers.into_iter().map(Into::into).collect(),
} of page);

#[pymethods]
impl CustomerPage {
    fn __len__(&self) -> usize {
        self.customers.items().len()
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        self.customers.tuple(py)?.try_iter()
    }
}
