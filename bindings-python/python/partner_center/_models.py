"""What calls return. The classes are native ones; a stub beside this file describes them."""

from ._native import (
    Attempt,
    CreatedQualification,
    CurrentQualification,
    CurrentQualifications,
    Customer,
    CustomerPage,
    CustomerQualification,
    Event,
    FoundCustomer,
    FoundValidationCode,
    TokenRequest,
    UpdatedQualification,
    ValidationCode,
    ValidationCodes,
    Vetting,
)

__all__ = [
    "Attempt",
    "CreatedQualification",
    "CurrentQualification",
    "CurrentQualifications",
    "Customer",
    "CustomerPage",
    "CustomerQualification",
    "Event",
    "FoundCustomer",
    "FoundValidationCode",
    "TokenRequest",
    "UpdatedQualification",
    "ValidationCode",
    "ValidationCodes",
    "Vetting",
]
