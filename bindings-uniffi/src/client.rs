//! The client: one method for each of the core's.

use std::sync::Arc;
use std::time::Duration;

use partner_center as core;

use crate::Uuid;
use crate::credential::{Credential, hidden};
use crate::enums::{Cloud, OnAmbiguous, Qualification};
use crate::error::PartnerCenterError;
use crate::event::{EventListener, VettingListener, hearing, telling, warn};
use crate::models::{
    CreatedQualification, CurrentQualification, CurrentQualifications, CustomerPage, FoundCustomer,
    FoundValidationCode, NextPage, PendingOperation, QualificationRequest, Reconciled,
    UpdatedQualification, ValidationCodes, Vetting, id,
};

pub(crate) type Ended<T> = Result<T, PartnerCenterError>;

/// The settings of a client.
#[derive(Clone, Debug, Default, PartialEq, Eq, uniffi::Record)]
pub struct ClientOptions {
    /// The cloud to talk to; the global one by default.
    #[uniffi(default = None)]
    pub cloud: Option<Cloud>,
    /// Another address than the cloud's, `https`; also the audience of its tokens.
    #[uniffi(default = None)]
    pub base_url: Option<String>,
    /// Another sign-in authority than the cloud's: an address without the tenant.
    #[uniffi(default = None)]
    pub authority: Option<String>,
    /// Whether `baseUrl` and `authority` may be plain `http` to this machine, as for the emulator.
    #[uniffi(default = false)]
    pub allow_http_loopback: bool,
    /// `MS-PartnerCenter-Application`: the name under which the service knows the caller.
    #[uniffi(default = None)]
    pub application: Option<String>,
    /// `X-Locale`: the language of the service's texts; `en-US` by default.
    #[uniffi(default = None)]
    pub locale: Option<String>,
    /// The most time for a connection; by default 10 s, or half of the attempt's where that is less.
    #[uniffi(default = None)]
    pub connect_timeout: Option<Duration>,
    /// The most time for one request; by default 100 s, or half of the deadline where that is less.
    #[uniffi(default = None)]
    pub attempt_timeout: Option<Duration>,
    /// The most time for a whole call, with waiting in line and for a token; 300 s by default.
    #[uniffi(default = None)]
    pub deadline: Option<Duration>,
    /// PEM certificates of authorities to trust beside the system's.
    #[uniffi(default = None)]
    pub ca_certificates: Option<Vec<u8>>,
    /// PEM certificates of the only authorities to trust. On Android they must be given, for
    /// instance as `platformAuthorities()`.
    #[uniffi(default = None)]
    pub only_ca_certificates: Option<Vec<u8>>,
    /// Whether to ask the service with each request if the token's sign-in had multifactor
    /// authentication.
    #[uniffi(default = false)]
    pub validate_mfa: bool,
    /// What to do about a change whose effect is not known; by default to read, and where the reads
    /// see the old value to send it once more with the same id.
    #[uniffi(default = None)]
    pub on_ambiguous: Option<OnAmbiguous>,
}

/// An HTTP proxy. It shows nothing of what it holds: its address may have a password.
#[derive(uniffi::Object)]
#[uniffi::export(Debug, Display)]
pub struct Proxy(String);

#[uniffi::export]
impl Proxy {
    /// The proxy at an address such as `http://user:password@host:port`.
    #[uniffi::constructor]
    pub fn new(url: String) -> Arc<Self> {
        Arc::new(Self(url))
    }
}

hidden! {
    Proxy,
}

/// What one call may say for itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, uniffi::Record)]
pub struct CallOptions {
    /// `MS-RequestId`, a GUID: the service's key against applying one operation twice. Else made.
    #[uniffi(default = None)]
    pub request_id: Option<String>,
    /// `MS-CorrelationId`, a GUID, for every attempt. Else a new one each.
    #[uniffi(default = None)]
    pub correlation_id: Option<String>,
    /// The most time for this call, instead of the client's; longer than its connect timeout.
    #[uniffi(default = None)]
    pub deadline: Option<Duration>,
}

impl From<CallOptions> for core::CallOptions {
    fn from(options: CallOptions) -> Self {
        let mut call = Self::default();
        call.request_id = options.request_id;
        call.correlation_id = options.correlation_id;
        call.deadline = options.deadline;
        // A listener is told all the same; without one only what is grave is made an event.
        call.unobserved = true;
        call
    }
}

/// Talks to Partner Center. Safe to share.
///
/// A call that is cancelled stops at once: nothing more is sent for it. A change that was already
/// sent is left to finish, and its outcome goes to the listener.
#[derive(Debug, uniffi::Object)]
pub struct Client(pub(crate) core::Client);

#[uniffi::export]
impl Client {
    /// A client that gets its tokens from `credential` and tells `listener` of every call. Without a
    /// listener, standard error hears of a change whose outcome is unknown or came late.
    #[uniffi::constructor(default(proxy = None, listener = None, options))]
    pub fn new(
        credential: Arc<Credential>,
        options: ClientOptions,
        proxy: Option<Arc<Proxy>>,
        listener: Option<Arc<dyn EventListener>>,
    ) -> Ended<Arc<Self>> {
        let mut builder = core::Client::builder(credential.0.clone())
            .allow_http_loopback(options.allow_http_loopback)
            .validate_mfa(options.validate_mfa);
        builder = match listener {
            Some(listener) => builder.on_event(telling(listener)),
            None => builder.events_to_waiter(warn),
        };
        /// Hands over what was given.
        macro_rules! given {
            ($($option:ident),*) => {$(
                if let Some(value) = options.$option {
                    builder = builder.$option(value);
                }
            )*};
        }
        given!(base_url, authority, application, locale);
        given!(connect_timeout, attempt_timeout, deadline);
        given!(ca_certificates, only_ca_certificates);
        if let Some(cloud) = options.cloud {
            builder = builder.cloud(cloud.into());
        }
        if let Some(what) = options.on_ambiguous {
            builder = builder.on_ambiguous(what.into());
        }
        if let Some(proxy) = proxy {
            builder = builder.proxy(&proxy.0);
        }
        Ok(Arc::new(Self(builder.build()?)))
    }

    /// Sets a customer's qualification: `PUT /v1/customers/{id}/qualification`.
    ///
    /// The change is irreversible. `qualification` is Education, or GovernmentCommunityCloud with
    /// its `validationCode`. With `skipIfSet` the customer is read first, and nothing is sent where
    /// the asked qualification, or one that excludes it, is there. Needs an App+User token.
    ///
    /// This is the synchronous contract, deprecated by the service since 2021.
    #[uniffi::method(default(validation_code = None, skip_if_set = false, options))]
    pub async fn update_qualification(
        &self,
        customer: Uuid,
        qualification: Qualification,
        validation_code: Option<String>,
        skip_if_set: bool,
        options: CallOptions,
    ) -> Ended<UpdatedQualification> {
        let mut call = core::CallOptions::from(options);
        call.skip_if_set = skip_if_set;
        let code = validation_code.as_deref();
        let pending =
            self.0
                .update_qualification(customer.to_string(), &qualification.into(), code, &call);
        Ok(pending.await?.into())
    }

    /// The request that `updateQualification` would send, as text, secrets taken out. Nothing is
    /// sent, and no token is asked for.
    #[uniffi::method(default(validation_code = None, options))]
    pub async fn preview_update_qualification(
        &self,
        customer: Uuid,
        qualification: Qualification,
        validation_code: Option<String>,
        options: CallOptions,
    ) -> Ended<String> {
        Ok(self.0.preview_update_qualification(
            customer.to_string(),
            &qualification.into(),
            validation_code.as_deref(),
            &options.into(),
        )?)
    }

    /// What settles a change that is about to be asked for with that `requestId`: to be written
    /// down before the call, should this process not live to hear of its end.
    pub async fn pending_update_qualification(
        &self,
        customer: Uuid,
        qualification: Qualification,
        request_id: String,
    ) -> Ended<PendingOperation> {
        let pending = self.0.pending_update_qualification(
            customer.to_string(),
            &qualification.into(),
            &request_id,
        )?;
        Ok((&pending).into())
    }

    /// The same of a `createQualification`. What its own read is going to see is not known yet, so
    /// an Education that reads denied settles nothing: it may be an earlier request's.
    pub async fn pending_create_qualification(
        &self,
        customer: Uuid,
        qualification: Qualification,
        request_id: String,
    ) -> Ended<PendingOperation> {
        let pending = self.0.pending_create_qualification(
            customer.to_string(),
            &qualification.into(),
            &request_id,
        )?;
        Ok((&pending).into())
    }

    /// Settles a change whose outcome is unknown, by reads alone; also in another process.
    ///
    /// The customer is read; where that does not tell and `audit` says so, the service's audit log,
    /// too (`GET /v1/auditrecords`). Nothing is ever sent again.
    #[uniffi::method(default(audit = false, options))]
    pub async fn reconcile(
        &self,
        pending: PendingOperation,
        audit: bool,
        options: CallOptions,
    ) -> Ended<Reconciled> {
        let whole = pending.whole()?;
        let settled = self.0.reconcile(&whole, audit, &options.into());
        Ok(settled.await?.into())
    }

    /// Reads a customer's qualification: `GET /v1/customers/{id}/qualification`.
    ///
    /// This is the synchronous contract, deprecated by the service since 2021.
    #[uniffi::method(default(options))]
    pub async fn get_qualification(
        &self,
        customer: Uuid,
        options: CallOptions,
    ) -> Ended<CurrentQualification> {
        let pending = self
            .0
            .get_qualification(customer.to_string(), &options.into());
        Ok(pending.await?.into())
    }

    /// Asks for a qualification of a customer: `POST /v1/customers/{id}/qualifications`, the
    /// service's current contract.
    ///
    /// The change is irreversible, and Education may be asked for three times. The customer's
    /// qualifications are read first: what is set already is not asked for again, and nothing is
    /// sent where the service would refuse. Needs an App+User token. Microsoft vets Education:
    /// `waitForVetting` waits for the decision.
    #[uniffi::method(default(options))]
    pub async fn create_qualification(
        &self,
        customer: Uuid,
        request: Arc<QualificationRequest>,
        options: CallOptions,
    ) -> Ended<CreatedQualification> {
        let call = options.into();
        let pending = self
            .0
            .create_qualification(customer.to_string(), &request.0, &call);
        Ok(pending.await?.into())
    }

    /// The request that `createQualification` would send after its read, as text, secrets taken
    /// out. Nothing is sent, and no token is asked for.
    #[uniffi::method(default(options))]
    pub async fn preview_create_qualification(
        &self,
        customer: Uuid,
        request: Arc<QualificationRequest>,
        options: CallOptions,
    ) -> Ended<String> {
        let call = options.into();
        Ok(self
            .0
            .preview_create_qualification(customer.to_string(), &request.0, &call)?)
    }

    /// Reads a customer's qualifications and how their vetting stands:
    /// `GET /v1/customers/{id}/qualifications`.
    #[uniffi::method(default(options))]
    pub async fn get_qualifications(
        &self,
        customer: Uuid,
        options: CallOptions,
    ) -> Ended<CurrentQualifications> {
        let pending = self
            .0
            .get_qualifications(customer.to_string(), &options.into());
        Ok(pending.await?.into())
    }

    /// Waits until Microsoft has decided on a qualification, by reading it now and then.
    ///
    /// `deadline` is the most time to wait, three days by default, and that of `options` is for each
    /// read. `pollInterval` is the pause between two reads, ten minutes by default, one minute to a
    /// day. That the deadline came first is no error: the result says so.
    #[uniffi::method(default(deadline = None, poll_interval = None, listener = None, options))]
    pub async fn wait_for_vetting(
        &self,
        customer: Uuid,
        qualification: Qualification,
        deadline: Option<Duration>,
        poll_interval: Option<Duration>,
        listener: Option<Arc<dyn VettingListener>>,
        options: CallOptions,
    ) -> Ended<Vetting> {
        let mut wait = core::WaitOptions::default();
        wait.deadline = deadline.unwrap_or(wait.deadline);
        wait.poll_interval = poll_interval.unwrap_or(wait.poll_interval);
        wait.on_progress = hearing(listener, |listener, item: &core::CustomerQualification| {
            listener.on_progress(item.clone().into())
        });
        let call = options.into();
        let pending =
            self.0
                .wait_for_vetting(customer.to_string(), &qualification.into(), &wait, &call);
        Ok(pending.await?.into())
    }

    /// Lists the partner's government validation codes: `GET /v1/customers/all/validations`.
    #[uniffi::method(default(options))]
    pub async fn get_validation_codes(&self, options: CallOptions) -> Ended<ValidationCodes> {
        Ok(self.0.get_validation_codes(&options.into()).await?.into())
    }

    /// The organization's validation code that has budget left. More than one is an error: codes
    /// run out, and which to spend is the caller's choice.
    #[uniffi::method(default(options))]
    pub async fn find_validation_code(
        &self,
        organization: String,
        options: CallOptions,
    ) -> Ended<FoundValidationCode> {
        let pending = self.0.find_validation_code(&organization, &options.into());
        Ok(pending.await?.into())
    }

    /// The first page of the partner's customers: `GET /v1/customers`.
    ///
    /// `companyName` is what the names begin with, whatever the case; a page has at most `pageSize`
    /// customers, 1 to 500, by default 500. `nextCustomers` goes on.
    #[uniffi::method(default(company_name = None, page_size = None, options))]
    pub async fn list_customers(
        &self,
        company_name: Option<String>,
        page_size: Option<i32>,
        options: CallOptions,
    ) -> Ended<CustomerPage> {
        // What is no size is refused there as zero is.
        let size = page_size.map(|size| u32::try_from(size).unwrap_or_default());
        let call = options.into();
        let pending = self.0.list_customers(company_name.as_deref(), size, &call);
        Ok(pending.await?.into())
    }

    /// The page after one that has a `next`.
    #[uniffi::method(default(options))]
    pub async fn next_customers(
        &self,
        next: Arc<NextPage>,
        options: CallOptions,
    ) -> Ended<CustomerPage> {
        Ok(self
            .0
            .next_customers(&next.0, &options.into())
            .await?
            .into())
    }

    /// Reads a customer: `GET /v1/customers/{id}`.
    #[uniffi::method(default(options))]
    pub async fn get_customer(&self, customer: Uuid, options: CallOptions) -> Ended<FoundCustomer> {
        let pending = self.0.get_customer(customer.to_string(), &options.into());
        Ok(pending.await?.into())
    }

    /// The customer with that domain, or with exactly that company name: one of the two.
    ///
    /// The sign-in authority knows whose a domain is; no token is sent there. By name the list is
    /// searched, and two customers of that name are an error.
    #[uniffi::method(default(domain = None, company_name = None, options))]
    pub async fn find_customer(
        &self,
        domain: Option<String>,
        company_name: Option<String>,
        options: CallOptions,
    ) -> Ended<FoundCustomer> {
        let (domain, name) = (domain.as_deref(), company_name.as_deref());
        let pending = self.0.find_customer(domain, name, &options.into());
        Ok(pending.await?.into())
    }
}

/// A customer's tenant id from any written form of a GUID.
#[uniffi::export]
pub fn customer_id(text: String) -> Ended<Uuid> {
    Ok(id(&core::Customer::parse_id(&text)?))
}

/// What the `json` of a pending operation holds: of this process or of another.
#[uniffi::export]
pub fn pending_operation(json: String) -> Ended<PendingOperation> {
    Ok((&core::PendingOperation::from_json(&json)?).into())
}
