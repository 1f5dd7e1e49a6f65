use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use arc_swap::ArcSwap;

use crate::builder::ClientBuilder;
use crate::caller::{refused, trace_id};
use crate::calls::{Find, FindCode, Reconcile, Reconciled, Wait, WaitOptions};
use crate::control::Part;
use crate::credential::Credential;
use crate::error::{Error, OnAmbiguous};
use crate::event::Observer;
use crate::model::{
    CustomerId, PendingOperation, Qualification, QualificationRequest, milliseconds,
};
use crate::operations::{
    CreateQualification, CreatedQualification, CurrentQualification, CurrentQualifications,
    CustomerPage, FoundCustomer, FoundValidationCode, GetCustomer, GetQualification,
    GetQualifications, GetValidationCodes, ListCustomers, NextPage, Operation as _, Poll,
    UpdateQualification, UpdatedQualification, ValidationCodes, Vetting, Wanted,
};
use crate::pending::Pending;
use crate::process::{Origin, Process};
use crate::transport::bare;

/// What one call may say for itself.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct CallOptions {
    /// `MS-RequestId`, a GUID: the service's key against applying one operation twice. Else made.
    pub request_id: Option<String>,
    /// `MS-CorrelationId`, a GUID, for every attempt. Else a new one each.
    pub correlation_id: Option<String>,
    /// The most time for this call, instead of the client's; longer than its connect timeout.
    pub deadline: Option<Duration>,
    /// Whether `update_qualification` reads first, and sends nothing where the asked qualification,
    /// or one that excludes it, is there.
    pub skip_if_set: bool,
    /// Whether nobody wants this call's events, but of what goes wrong once its caller has left,
    /// and of an unknown outcome.
    pub unobserved: bool,
    /// The bulk call that this one is a part of.
    pub(crate) part: Option<Part>,
}

/// What every call starts from, once it was checked.
pub(crate) struct Settings {
    pub(crate) application: String,
    pub(crate) locale: String,
    pub(crate) connect_timeout: Duration,
    pub(crate) attempt_timeout: Duration,
    pub(crate) deadline: Duration,
    pub(crate) validate_mfa: bool,
    pub(crate) on_ambiguous: OnAmbiguous,
    pub(crate) observer: Observer,
    pub(crate) time_scale: u32,
}

/// Talks to Partner Center. Cheap to clone, safe to share between threads, usable after `fork`.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) settings: Settings,
    pub(crate) origin: Origin,
    pub(crate) process: ArcSwap<Process>,
}

/// Shows where it talks to, and nothing of its credential.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.0.origin.route.base.as_str())
            .finish_non_exhaustive()
    }
}

impl Client {
    /// The settings of a client that gets its tokens from `credential`.
    pub fn builder(credential: impl Into<Credential>) -> ClientBuilder {
        ClientBuilder::new(credential.into())
    }

    /// A client with settings that were checked.
    pub(crate) fn new(settings: Settings, origin: Origin) -> Result<Self, Error> {
        let process = ArcSwap::from_pointee(Process::start(&origin)?);
        Ok(Self(Arc::new(Inner {
            settings,
            origin,
            process,
        })))
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }

    /// Sets a customer's qualification: `PUT /v1/customers/{id}/qualification`.
    ///
    /// The change is **irreversible**. `customer` is the tenant id; `qualification` is Education, or
    /// GovernmentCommunityCloud with its `validation_code`. Needs an App+User token.
    ///
    /// This is the synchronous contract, deprecated by the service since 2021.
    /// Source: Learn, "Update a customer's qualification via synchronous validation" (2020-12-07).
    pub fn update_qualification(
        &self,
        customer: impl AsRef<str>,
        qualification: &Qualification,
        validation_code: Option<&str>,
        call: &CallOptions,
    ) -> Pending<UpdatedQualification> {
        let operation = UpdateQualification::new(customer.as_ref(), qualification, validation_code);
        self.change(operation, call.skip_if_set, call)
    }

    /// The request that [`Client::update_qualification`] would send, as text, secrets taken out.
    /// Nothing is sent, and no token is asked for.
    ///
    /// # Errors
    /// `InvalidArgument`, as the call itself.
    pub fn preview_update_qualification(
        &self,
        customer: impl AsRef<str>,
        qualification: &Qualification,
        validation_code: Option<&str>,
        call: &CallOptions,
    ) -> Result<String, Error> {
        let operation = UpdateQualification::new(customer.as_ref(), qualification, validation_code);
        self.preview(operation, call)
    }

    /// Settles a change whose outcome is unknown, by reads alone; also in another process.
    ///
    /// The customer is read; where that does not tell and `audit` says so, the service's audit log,
    /// too (`GET /v1/auditrecords`). Nothing is ever sent again.
    pub fn reconcile(
        &self,
        pending: &PendingOperation,
        audit: bool,
        call: &CallOptions,
    ) -> Pending<Reconciled> {
        let change = pending.clone();
        self.begin(call, |caller| {
            let customer = CustomerId::parse(&change.customer).map_err(refused)?;
            if change.base_url != bare(&self.0.origin.route.base) {
                return Err(Error::invalid(format!(
                    "pending was sent to {}, which is not this client's base_url",
                    change.base_url
                )));
            }
            let known = [UpdateQualification::NAME, CreateQualification::NAME];
            if !known.contains(&change.operation.as_str()) {
                return Err(Error::invalid("pending is of no operation that is known"));
            }
            Reconcile::new(caller, change, customer, audit)
        })
    }

    /// What settles an `update_qualification` that is about to be asked for with that `request_id`:
    /// to be written down before the call, should this process not live to hear of its end.
    ///
    /// # Errors
    /// `InvalidArgument`, where an id is none.
    pub fn pending_update_qualification(
        &self,
        customer: impl AsRef<str>,
        qualification: &Qualification,
        request_id: &str,
    ) -> Result<PendingOperation, Error> {
        let name = UpdateQualification::NAME;
        self.announced(name, customer.as_ref(), qualification, request_id)
    }

    /// The same of a `create_qualification`. What its own read is going to see is not known yet, so
    /// an Education that reads denied settles nothing: it may be an earlier request's.
    ///
    /// # Errors
    /// `InvalidArgument`, where an id is none.
    pub fn pending_create_qualification(
        &self,
        customer: impl AsRef<str>,
        qualification: &Qualification,
        request_id: &str,
    ) -> Result<PendingOperation, Error> {
        let name = CreateQualification::NAME;
        let pending = self.announced(name, customer.as_ref(), qualification, request_id)?;
        Ok(PendingOperation {
            denied: None,
            ..pending
        })
    }

    fn announced(
        &self,
        operation: &str,
        customer: &str,
        qualification: &Qualification,
        request_id: &str,
    ) -> Result<PendingOperation, Error> {
        let customer = CustomerId::parse(customer).map_err(refused)?;
        let request_id = trace_id("request_id", Some(request_id))?.unwrap_or_default();
        Ok(PendingOperation {
            request_id,
            base_url: bare(&self.0.origin.route.base),
            first_sent: milliseconds(SystemTime::now()),
            ..PendingOperation::new(operation, &customer.to_string(), qualification)
        })
    }

    /// Reads a customer's qualification: `GET /v1/customers/{id}/qualification`.
    ///
    /// This is the synchronous contract, deprecated by the service since 2021.
    /// Source: Learn, "Get a customer's qualification via synchronous validation" (2020-12).
    pub fn get_qualification(
        &self,
        customer: impl AsRef<str>,
        call: &CallOptions,
    ) -> Pending<CurrentQualification> {
        let customer = CustomerId::parse(customer.as_ref());
        self.one(customer.map(GetQualification), call)
    }

    /// Asks for a qualification of a customer: `POST /v1/customers/{id}/qualifications`, the
    /// service's current contract.
    ///
    /// The change is **irreversible**, and Education may be asked for three times. The customer's
    /// qualifications are read first: what is set already is not asked for again, and nothing is
    /// sent where the service would refuse. Needs an App+User token. Microsoft vets Education:
    /// [`Client::wait_for_vetting`] waits for the decision.
    ///
    /// Source: Learn, "Update a customer's qualifications" (2022-06-28).
    pub fn create_qualification(
        &self,
        customer: impl AsRef<str>,
        request: &QualificationRequest,
        call: &CallOptions,
    ) -> Pending<CreatedQualification> {
        self.change(
            CreateQualification::new(customer.as_ref(), request),
            true,
            call,
        )
    }

    /// The request that [`Client::create_qualification`] would send after its read, as text,
    /// secrets taken out. Nothing is sent, and no token is asked for.
    ///
    /// # Errors
    /// `InvalidArgument`, as the call itself.
    pub fn preview_create_qualification(
        &self,
        customer: impl AsRef<str>,
        request: &QualificationRequest,
        call: &CallOptions,
    ) -> Result<String, Error> {
        self.preview(CreateQualification::new(customer.as_ref(), request), call)
    }

    /// Reads a customer's qualifications and how their vetting stands:
    /// `GET /v1/customers/{id}/qualifications`.
    ///
    /// Source: Learn, "Get a customer's qualifications" (2022-06-28).
    pub fn get_qualifications(
        &self,
        customer: impl AsRef<str>,
        call: &CallOptions,
    ) -> Pending<CurrentQualifications> {
        let customer = CustomerId::parse(customer.as_ref());
        self.one(customer.map(GetQualifications), call)
    }

    /// Waits until Microsoft has decided on a qualification, by reading it now and then.
    ///
    /// The deadline of `wait` is for all of it, that of `call` for each read. A read that fails in
    /// passing is left out; that the deadline came first is no error, see
    /// [`VettingEnd`](crate::VettingEnd).
    pub fn wait_for_vetting(
        &self,
        customer: impl AsRef<str>,
        qualification: &Qualification,
        wait: &WaitOptions,
        call: &CallOptions,
    ) -> Pending<Vetting> {
        let customer = CustomerId::parse(customer.as_ref());
        self.begin(call, |caller| {
            let customer = customer.map_err(refused)?;
            let minute = Duration::from_secs(60);
            if !(minute..=minute * 60 * 24).contains(&wait.poll_interval) {
                return Err(Error::invalid("poll_interval must be 60 s to a day"));
            }
            // A poll must fit.
            if wait.deadline <= caller.limits.connect_timeout {
                return Err(Error::invalid(
                    "deadline must be longer than connect_timeout",
                ));
            }
            let end = Instant::now().checked_add(wait.deadline);
            let end = end.ok_or_else(|| Error::invalid("deadline is too far away"))?;
            let first = caller.first(GetQualifications(customer))?;
            let poll = Poll::new(qualification.clone());
            Ok(Wait::new(caller, customer, poll, wait.clone(), end, first))
        })
    }

    /// Lists the partner's government validation codes: `GET /v1/customers/all/validations`.
    ///
    /// Source: Learn, "Get a list of validation codes".
    pub fn get_validation_codes(&self, call: &CallOptions) -> Pending<ValidationCodes> {
        self.one(Ok(GetValidationCodes), call)
    }

    /// The organization's validation code that has budget left. More than one is an error: codes
    /// run out, and which to spend is the caller's choice.
    pub fn find_validation_code(
        &self,
        organization: &str,
        call: &CallOptions,
    ) -> Pending<FoundValidationCode> {
        self.begin(call, |caller| {
            if organization.trim().is_empty() {
                return Err(Error::invalid("organization is empty"));
            }
            Ok(FindCode {
                listing: caller.first(GetValidationCodes)?,
                organization: organization.trim().to_owned(),
            })
        })
    }

    /// The first page of the partner's customers: `GET /v1/customers`.
    ///
    /// `company_name` is what the names begin with, whatever the case; a page has at most
    /// `page_size` customers, 1 to 500, by default 500. [`Client::next_customers`] goes on.
    ///
    /// Source: Learn, "Get a list of customers" (2023-10).
    pub fn list_customers(
        &self,
        company_name: Option<&str>,
        page_size: Option<u32>,
        call: &CallOptions,
    ) -> Pending<CustomerPage> {
        self.one(ListCustomers::first(company_name, page_size), call)
    }

    /// The page after one that has a [`next`](CustomerPage::next).
    pub fn next_customers(&self, next: &NextPage, call: &CallOptions) -> Pending<CustomerPage> {
        self.one(Ok(ListCustomers::Next(next.clone())), call)
    }

    /// Reads a customer: `GET /v1/customers/{id}`.
    ///
    /// Source: Learn, "Get a customer by ID" (2023-10).
    pub fn get_customer(
        &self,
        customer: impl AsRef<str>,
        call: &CallOptions,
    ) -> Pending<FoundCustomer> {
        let customer = CustomerId::parse(customer.as_ref());
        self.one(customer.map(GetCustomer), call)
    }

    /// The customer with that domain, or with exactly that company name: one of the two.
    ///
    /// The sign-in authority knows whose a domain is; no token is sent there. By name the list is
    /// searched, and two customers of that name are an error.
    pub fn find_customer(
        &self,
        domain: Option<&str>,
        company_name: Option<&str>,
        call: &CallOptions,
    ) -> Pending<FoundCustomer> {
        let wanted = Wanted::new(domain, company_name);
        self.begin(call, |caller| Find::new(caller, wanted.map_err(refused)?))
    }
}
