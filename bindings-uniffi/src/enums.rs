//! The core's enums, as they cross the border.

use partner_center as core;

/// Declares an enum with the core's members. A member that only a newer core has becomes `$other`.
macro_rules! mirrored {
    ($(#[$doc:meta])* $name:ident, else $other:ident {
        $($(#[$about:meta])* $member:ident,)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, uniffi::Enum)]
        #[uniffi::export(Display)]
        pub enum $name {
            $($(#[$about])* $member,)*
        }

        impl From<core::$name> for $name {
            fn from(member: core::$name) -> Self {
                match member {
                    $(core::$name::$member => Self::$member,)*
                    _ => Self::$other,
                }
            }
        }

        impl From<$name> for core::$name {
            fn from(member: $name) -> Self {
                match member {
                    $($name::$member => Self::$member,)*
                }
            }
        }

        /// The name used in every language.
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(core::$name::from(*self).as_str())
            }
        }

        #[cfg(test)]
        impl $name {
            /// Whether every member of the core's is one here.
            fn is_whole() -> bool {
                core::$name::ALL.iter().all(|member| {
                    Self::from(*member).to_string() == member.as_str()
                })
            }
        }
    };
}
pub(crate) use mirrored;

/// Declares an enum of which the service adds members.
macro_rules! open {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $member:ident,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, uniffi::Enum)]
        #[uniffi::export(Display)]
        pub enum $name {
            $($(#[$about])* $member,)*
            /// A value that this version does not know, exactly as the service wrote it.
            Unknown {
                /// The service's text.
                value: String,
            },
        }

        impl From<core::$name> for $name {
            fn from(member: core::$name) -> Self {
                match member {
                    $(core::$name::$member => Self::$member,)*
                    other => Self::Unknown { value: other.as_str().to_owned() },
                }
            }
        }

        impl From<$name> for core::$name {
            fn from(member: $name) -> Self {
                match member {
                    $($name::$member => Self::$member,)*
                    $name::Unknown { value } => value.as_str().into(),
                }
            }
        }

        /// The service's name for it.
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(core::$name::from(self.clone()).as_str())
            }
        }

        #[cfg(test)]
        impl $name {
            /// Whether every member of the core's is one here.
            fn is_whole() -> bool {
                core::$name::KNOWN.iter().all(|member| {
                    !matches!(Self::from(member.clone()), Self::Unknown { .. })
                })
            }
        }
    };
}

open! {
    /// What a customer is qualified as. Once set it cannot be undone.
    Qualification {
        /// Not qualified: the state of every new customer. Cannot be set.
        None,
        /// An educational institution. Microsoft vets it.
        Education,
        /// A nonprofit, granted by Microsoft's own programme. Cannot be set.
        Nonprofit,
        /// A US government entity or contractor. Setting it needs a validation code.
        GovernmentCommunityCloud,
        /// A state-owned entity. Known to the service's current contract only.
        StateOwnedEntity,
    }
}

open! {
    /// Which part of education a customer belongs to.
    EducationSegment {
        /// Schools up to the twelfth grade.
        K12,
        /// Universities and colleges.
        HigherEducation,
    }
}

open! {
    /// How Microsoft's vetting of a qualification stands.
    VettingStatus {
        /// Not decided yet.
        InReview,
        /// The customer is qualified.
        Approved,
        /// The customer is not; the reason says why.
        Denied,
    }
}

open! {
    /// Why a vetting was denied.
    VettingReason {
        /// Not a school.
        NotAnEducationCustomer,
        /// Was one, and is no more.
        NoLongerAnEducationCustomer,
        /// Not a school, by a person's review.
        NotAnEducationCustomerAfterReview,
        /// Must not be one.
        RestrictedBeingAnEducationCustomer,
        /// The domain is not that of a school.
        NotAnAcademicDomain,
        /// A library that does not count.
        NotAnEligibleLibrary,
        /// A museum that does not count.
        NotAnEligibleMuseum,
    }
}

mirrored! {
    /// What is known about the asked change.
    Outcome, else Unknown {
        /// The customer is in the asked state, and a request of this call was made for it.
        Applied,
        /// The customer was in the asked state before anything was sent; nothing was.
        AlreadySet,
        /// Nothing that was sent can have changed anything.
        NotApplied,
        /// The change may or may not have been applied. Read before anything is sent again.
        Unknown,
    }
}

mirrored! {
    /// How the customer's state is known.
    Evidence, else Read {
        /// The service's answer to the change named the asked value.
        Answer,
        /// A read saw the asked value.
        Read,
        /// The service's audit log says so.
        Audit,
    }
}

mirrored! {
    /// What to do about a change whose effect is not known.
    OnAmbiguous, else Raise {
        /// Read; and where the reads see the old value, send it once more with the same id.
        ReconcileThenResend,
        /// Read.
        Reconcile,
        /// Nothing: end with `OutcomeUnknown`.
        Raise,
    }
}

mirrored! {
    /// The class of an error: who has to act.
    ErrorKind, else Internal {
        /// An argument or option breaks a rule. Nothing was sent.
        InvalidArgument,
        /// The token was refused, or none could be had.
        Authentication,
        /// The caller may not do this.
        Forbidden,
        /// The service knows no such thing.
        NotFound,
        /// The customer's state does not allow it.
        Conflict,
        /// The service refused for another reason; `code` and `serviceDescription` are its own
        /// words.
        Rejected,
        /// Too many requests; `retryAfter` says when to come back.
        Throttled,
        /// No connection, or one that was lost during a read.
        Connection,
        /// The proxy refused.
        Proxy,
        /// The server's certificate could not be trusted, or no authorities to check it by were
        /// found.
        Tls,
        /// The time allowed ran out.
        Timeout,
        /// An answer to a read that is not what the service documents.
        Protocol,
        /// A write was sent and its effect is not known.
        OutcomeUnknown,
        /// The caller left.
        Cancelled,
        /// A bulk run's journal cannot be read or written.
        Journal,
        /// A bug in this library.
        Internal,
    }
}

mirrored! {
    /// Refines an error's kind.
    Reason, else ServerError {
        /// The body is larger than 1 MiB.
        TooLarge,
        /// A page for a person, as proxies and sign-in portals send.
        UnexpectedHtml,
        /// A redirect, which is never followed.
        Redirect,
        /// A success without a body.
        EmptyBody,
        /// A body that is not what the service documents.
        UnreadableBody,
        /// A success that names another value than the asked one.
        OtherValue,
        /// No answer in time.
        Timeout,
        /// The connection broke before the answer was whole.
        ConnectionLost,
        /// The service or a gateway failed (408 or 5xx).
        ServerError,
        /// The sign-in behind the token lacks multifactor authentication.
        MfaRequired,
        /// The token was issued for another audience.
        TokenAudience,
        /// The credential gave the refused token once more.
        SameToken,
        /// The callback that is to keep a rotated refresh token failed.
        RotationFailed,
        /// The customer has a qualification that excludes the asked one.
        OtherQualification,
        /// No request for this qualification is on record for the customer.
        NotRequested,
        /// No validation code was issued to an organization of that name.
        NoSuchOrganization,
        /// The organization's validation codes are used up.
        CodeUsedUp,
        /// More than one fits, and choosing is not the library's business.
        Ambiguous,
        /// No customer of that name.
        NoSuchCustomer,
        /// No tenant has that domain.
        NoSuchDomain,
        /// The link to the next page leads away from the list of customers.
        ForeignLink,
        /// The service no longer knows the next page.
        PageNotFound,
        /// The service handed out the same next page twice.
        RepeatedPage,
    }
}

mirrored! {
    /// What one request came to.
    AttemptClass, else Unknown {
        /// A write whose answer named the asked value.
        Applied,
        /// A read that was answered.
        Answered,
        /// Nothing reached the service.
        NotSent,
        /// It may have reached the service; its effect is not known.
        Unknown,
        /// Refused: 401.
        AuthExpired,
        /// Refused: 425 or 429.
        Throttled,
        /// Refused: any other 4xx.
        Rejected,
    }
}

mirrored! {
    /// An HTTP method that this library uses.
    Method, else Get {
        /// Reads.
        Get,
        /// Sets a qualification by the synchronous contract.
        Put,
        /// Asks for a qualification by the current contract.
        Post,
    }
}

mirrored! {
    /// What an event tells.
    EventName, else Attempt {
        /// The call begins; its arguments kept the rules.
        Start,
        /// A request was answered, or failed.
        Attempt,
        /// The call waits before its next request.
        Wait,
        /// The call ended.
        End,
    }
}

mirrored! {
    /// How waiting for a vetting ended.
    VettingEnd, else InReview {
        /// The customer is qualified.
        Approved,
        /// The customer is not; the vetting's reason says why.
        Denied,
        /// No decision had come when the deadline did.
        InReview,
        /// The qualification is set and was never vetted.
        NotVetted,
    }
}

mirrored! {
    /// A Microsoft cloud in which Partner Center answers.
    Cloud, else Global {
        /// The global cloud. Customers with the government qualification live here too.
        Global,
        /// The US Government cloud: its own sign-in authority, the global API address.
        UsGovernment,
        /// The cloud operated by 21Vianet in China.
        China,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_member_of_the_core_is_missing() {
        assert!(Qualification::is_whole());
        assert!(EducationSegment::is_whole());
        assert!(VettingStatus::is_whole());
        assert!(VettingReason::is_whole());
        assert!(Outcome::is_whole());
        assert!(Evidence::is_whole());
        assert!(OnAmbiguous::is_whole());
        assert!(ErrorKind::is_whole());
        assert!(Reason::is_whole());
        assert!(AttemptClass::is_whole());
        assert!(Method::is_whole());
        assert!(EventName::is_whole());
        assert!(VettingEnd::is_whole());
        assert!(Cloud::is_whole());
    }
}
