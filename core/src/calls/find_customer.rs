use super::{Call, decided};
use crate::caller::Caller;
use crate::engine::state;
use crate::error::{Error, ErrorKind, Outcome, Reason};
use crate::exchange::{Context, Exchange, Flow};
use crate::http::Effect;
use crate::model::Customer;
use crate::operations::{
    FindTenant, FoundCustomer, GetCustomer, ListCustomers, Operation, Trace, Wanted,
};

/// How many names an error shows.
const SHOWN: usize = 5;

pub(crate) struct Find {
    caller: Caller,
    step: Step,
}

enum Step {
    /// The tenant of a domain.
    Tenant(Exchange<FindTenant>),
    /// The customer of a tenant.
    Customer(Exchange<GetCustomer>),
    /// The customers whose names begin so.
    Page(Exchange<ListCustomers>, Named),
}

/// What the pages so far hold of a name.
struct Named {
    name: String,
    found: Vec<Customer>,
    /// A few that begin so and go on.
    close: Vec<String>,
}

impl Find {
    pub(crate) fn new(caller: Caller, wanted: Wanted) -> Result<Self, Error> {
        let step = match wanted {
            Wanted::Domain(tenant) => Step::Tenant(caller.other(tenant)?),
            Wanted::CompanyName(name) => {
                let first = ListCustomers::first(Some(&name), None)
                    .map_err(|refusal| Error::invalid(refusal.0))?;
                Step::Page(caller.first(first)?, Named::new(name))
            }
        };
        Ok(Self { caller, step })
    }
}

impl Named {
    fn new(name: String) -> Self {
        Self {
            name,
            found: Vec::new(),
            close: Vec::new(),
        }
    }

    fn see(&mut self, customers: Vec<Customer>) {
        for customer in customers {
            if Wanted::is_named(&self.name, &customer) {
                self.found.push(customer);
            } else if self.close.len() < SHOWN {
                self.close.extend(customer.company_name);
            }
        }
    }

    fn end(&mut self, trace: Trace) -> Result<FoundCustomer, Error> {
        let name = &self.name;
        let (reason, failed, next) = match (self.found.pop(), self.found.is_empty()) {
            (Some(customer), true) => return Ok(FoundCustomer { customer, trace }),
            (Some(last), false) => {
                let all = self.found.iter().chain([&last]);
                let ids: Vec<&str> = all.take(SHOWN).map(|c| c.id.as_str()).collect();
                (
                    Reason::Ambiguous,
                    format!(
                        "More than one customer is named {name:?}: {}.",
                        ids.join(", ")
                    ),
                    "Look for the domain instead, or give the tenant id.",
                )
            }
            (None, _) if self.close.is_empty() => (
                Reason::NoSuchCustomer,
                format!("No customer is named {name:?}."),
                "Check the spelling, or look for the domain instead.",
            ),
            (None, _) => (
                Reason::NoSuchCustomer,
                format!(
                    "No customer is named {name:?}; these begin so: {}.",
                    self.close.join(", ")
                ),
                "Give the whole name, or look for the domain instead.",
            ),
        };
        let said = state(Effect::Read, Outcome::NotApplied);
        let kind = ErrorKind::NotFound;
        Err(decided(kind, reason, failed, said, next, trace))
    }
}

impl Call for Find {
    const NAME: &'static str = FindTenant::NAME;
    const EFFECT: Effect = Effect::Read;
    type Output = FoundCustomer;

    fn advance(&mut self, context: Context<'_>) -> Flow<Result<FoundCustomer, Error>> {
        loop {
            let next = match &mut self.step {
                Step::Tenant(exchange) => match exchange.advance(context) {
                    Flow::Wait(wait) => return Flow::Wait(wait),
                    Flow::Done(Err(error)) => return Flow::Done(Err(error)),
                    Flow::Done(Ok((tenant, _))) => {
                        self.caller.first(GetCustomer(tenant)).map(Step::Customer)
                    }
                },
                Step::Customer(exchange) => {
                    return match exchange.advance(context) {
                        Flow::Wait(wait) => Flow::Wait(wait),
                        Flow::Done(result) => Flow::Done(
                            result.map(|(customer, trace)| FoundCustomer { customer, trace }),
                        ),
                    };
                }
                Step::Page(exchange, named) => match exchange.advance(context) {
                    Flow::Wait(wait) => return Flow::Wait(wait),
                    Flow::Done(Err(error)) => return Flow::Done(Err(error)),
                    Flow::Done(Ok(((customers, next), trace))) => {
                        named.see(customers);
                        let Some(next) = next else {
                            return Flow::Done(named.end(trace));
                        };
                        let named = std::mem::replace(named, Named::new(String::new()));
                        self.caller
                            .other(ListCustomers::Next(next))
                            .map(|exchange| Step::Page(exchange, named))
                    }
                },
            };
            match next {
                Ok(step) => self.step = step,
                Err(error) => return Flow::Done(Err(error)),
            }
        }
    }
}
